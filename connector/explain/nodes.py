"""The verdict as a tree: each rule with its outcome, its sentence, the values it saw and its place in the
policy. What was skipped or does not apply is folded at the end of its branch, never left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from connector import texts, values
from connector.checks.derived import currency_of
from connector.policy.clauses import terms
from connector.policy.model import Gate, Matrix, Ruling
from connector.signoffs.ground import Ground
from connector.signoffs.spoken import for_rep
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness, Verdict

SKIPPED = "skipped"
_HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN})
_FOLDED = frozenset({Outcome.PASS.value, Outcome.NOT_APPLICABLE.value, SKIPPED})


@dataclass(frozen=True, slots=True)
class Node:
    """One rule. `outcome`: a readiness for a gate, else that of a finding or "skipped". `rep` is what a rep
    may read, `ops` what Operations reads; `seen` values as text by field, `hidden` the fields of these that
    are not for reps."""

    name: str
    outcome: str
    rep: str
    ops: str
    where: str = ""
    seen: tuple[tuple[str, str], ...] = ()
    hidden: frozenset[str] = frozenset()
    children: tuple["Node", ...] = ()

    @property
    def folded(self) -> bool:
        """Say whether it is shown only where everything is asked for."""
        return self.outcome in _FOLDED


def nodes(verdict: Verdict, ground: Ground) -> tuple[Node, ...]:
    """Return a node for each gate of the policy, those that are not for this deal among them."""
    judged = {one.gate: one for one in verdict.gates}
    return tuple(
        _gate(gate, judged[gate.id], ground) if gate.id in judged else _not_here(gate)
        for gate in ground.policy.gates
    )


def json(node: Node, *, rep: bool) -> Mapping[str, object]:
    """Return a node in plain JSON values; for reps without what is hidden from them."""
    seen = {name: text for name, text in node.seen if not (rep and name in node.hidden)}
    said = {"rep": node.rep} if rep else {"rep": node.rep, "ops": node.ops}
    children = [json(one, rep=rep) for one in node.children]
    return {
        "name": node.name, "outcome": node.outcome, **said, "seen": seen,
        "where": node.where, "folded": node.folded, "children": children,
    }  # fmt: skip


def lines(node: Node, *, rep: bool, everything: bool, depth: int = 0) -> Iterator[str]:
    """Yield a node for the terminal; what is folded is counted where it is not shown."""
    place = f"  [{node.where}]" if node.where and not rep else ""
    yield f"{'  ' * depth}{node.outcome}: {node.rep if rep else node.ops}{place}"
    seen = [f"{name}: {text}" for name, text in node.seen if not (rep and name in node.hidden)]
    if everything and seen:
        yield f"{'  ' * (depth + 1)}seen: {'; '.join(seen)}"
    shown = [one for one in node.children if everything or not one.folded]
    for one in shown:
        yield from lines(one, rep=rep, everything=everything, depth=depth + 1)
    away = [one.outcome for one in node.children if one not in shown]
    if away:
        counted = [f"{away.count(outcome)} {outcome}" for outcome in dict.fromkeys(away)]
        yield f"{'  ' * (depth + 1)}({', '.join(counted)})"


def _not_here(gate: Gate) -> Node:
    said = texts.not_for_this_deal(gate.stage)
    return Node(gate.id, SKIPPED, said, said, gate.where)


def _badge(judged: GateVerdict) -> str:
    """Name the badge; where all that holds the gate is our own source, it is nobody's turn (design 1.4)."""
    holding = [one for one in judged.findings if one.outcome in _HOLDS]
    if holding and all(one.ours for one in holding) and judged.readiness is Readiness.NEEDS_INFO:
        return texts.not_known_now()
    return texts.BADGES[judged.readiness]


def _gate(gate: Gate, judged: GateVerdict, ground: Ground) -> Node:
    said = f"{judged.label}: {_badge(judged)}"
    if judged.why_clear:
        said = f"{said} ({texts.why_clear(judged.why_clear)})"
        return Node(
            gate.id, judged.readiness.value, said, said, gate.where, children=tuple(_skipped(gate, ground))
        )
    findings = (_finding(one, ground) for one in judged.findings)
    matrices = (_matrix(ground.policy.matrices[name], judged, ground) for name in gate.matrices)
    said = f"{said} ({judged.mode.value}, {'open' if judged.owed else 'ahead'})"
    return Node(gate.id, judged.readiness.value, said, said, gate.where, children=(*findings, *matrices))


def _skipped(gate: Gate, ground: Ground) -> Iterator[Node]:
    """Yield what was not looked at, since the gate has been passed."""
    names = [one.id for one in ground.policy.checklists[gate.checklist].checks] if gate.checklist else []
    for name in (*names, *gate.matrices):
        yield Node(name, SKIPPED, texts.not_looked_at(name), texts.not_looked_at(name), gate.where)


def _finding(finding: Finding, ground: Ground) -> Node:
    hidden = ground.policy.vocabulary.hidden.intersection(name for name, _ in finding.seen)
    name = f"{finding.check}:{finding.code}"
    return Node(name, finding.outcome.value, finding.rep, finding.whole, finding.where, finding.seen, hidden)


def _matrix(matrix: Matrix, judged: GateVerdict, ground: Ground) -> Node:
    needs = [need for need in judged.needs if need.matrix == matrix.id]
    spoke = {row for need in needs for row in need.row.split("+")}
    rows = [
        *(_need(need, judged, ground) for need in needs),
        *(_row(matrix, place, ground) for place, row in enumerate(matrix.rows) if row.id not in spoke),
    ]
    worst = next((one for one in rows if not one.folded), rows[0] if rows else None)
    outcome = worst.outcome if worst else Outcome.NOT_APPLICABLE.value
    return Node(matrix.id, outcome, matrix.id, matrix.id, matrix.where, children=tuple(rows))


def _need(need: Need, judged: GateVerdict, ground: Ground) -> Node:
    fields, currency = ground.policy.fields, currency_of(ground.deal, ground.policy)
    seen = tuple(
        (name, values.say(value, fields[name].type, currency))
        for name, value in need.seen.items()
        if name in fields
    )
    hidden = ground.policy.vocabulary.hidden.intersection(need.seen)
    who = _who(need, judged, ground)
    rep, ops = (texts.ruled(who, _reason(need, why)) for why in (for_rep(need, ground), need.why))
    return Node(need.row or need.matrix, _outcome(need).value, rep, ops, need.where, seen, hidden)


def _reason(need: Need, why: str) -> str:
    """Return why the row applies; a fact is said with who states it, a limit that nobody may pass in the
    policy's own words."""
    if need.fact:
        return ""
    return texts.never_because(need.text, why) if need.ruling is Ruling.FORBIDDEN else why


def _who(need: Need, judged: GateVerdict, ground: Ground) -> str:
    role = ground.policy.roles.get(need.role or "")
    label = role.label if role else need.role or ""
    match need.ruling:
        case Ruling.SALES:
            return texts.sales_decides()
        case Ruling.SIGN_OFF:
            return _signing(need, label, waits=need in judged.waiting)
        case Ruling.VETO:
            return texts.stops(label)
        case Ruling.NOTIFY:
            return texts.is_told(label)
        case Ruling.FORBIDDEN:
            return texts.forbidden()
        case Ruling.UNKNOWN:
            return texts.not_decided()
        case _:
            assert_never(need.ruling)


def _signing(need: Need, label: str, *, waits: bool) -> str:
    if need.fact:
        return texts.states(label, need.fact) if waits else texts.has_stated(label, need.fact)
    return texts.signs(label) if waits else texts.has_signed(label)


def _outcome(need: Need) -> Outcome:
    match need.ruling:
        case Ruling.SALES | Ruling.NOTIFY | Ruling.VETO:
            return Outcome.PASS
        case Ruling.SIGN_OFF:
            return Outcome.SIGN_OFF
        case Ruling.FORBIDDEN:
            return Outcome.FAIL
        case Ruling.UNKNOWN:
            return Outcome.UNKNOWN
        case _:
            assert_never(need.ruling)


def _row(matrix: Matrix, place: int, ground: Ground) -> Node:
    row = matrix.rows[place]
    said = terms((row,), ground.policy.fields) or row.id
    return Node(row.id, SKIPPED, row.id, f"{row.id}: {said}", row.where)
