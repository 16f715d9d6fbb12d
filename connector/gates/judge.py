"""One gate judged: its checklist, its authority, the answers on record, and what they come to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from connector import authority, checks
from connector.checks.derived import currency_of
from connector.deals import Unreadable
from connector.gates import clearing
from connector.gates.place import Place
from connector.policy.model import Ruling
from connector.signoffs.cover import Ground, Settled, demands, settle
from connector.signoffs.people import eligible
from connector.standing import Clearance
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness

BEFORE_THE_GATE = "before the gate existed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A gate's verdict with what the rest of the assessment needs to know of it.

    `keep`: our own source is down. `untold`: only the history can say whether the gate existed.
    """

    place: Place
    verdict: GateVerdict
    settled: tuple[Settled, ...] = ()
    clearance: Clearance | None = None
    keep: bool = False
    untold: bool = False

    @property
    def owed(self) -> bool:
        """Say whether the deal stands at the gate or beyond without having passed it."""
        return self.verdict.owed


def exempt(place: Place, old: Clearance | None, ground: Ground) -> Draft:
    """Return the draft of a gate that came after the deal."""
    verdict = replace(_verdict(place), clear=True, why_clear=BEFORE_THE_GATE)
    return Draft(place, verdict, clearance=clearing.before_the_gate(place, old, ground))


def judge(place: Place, ground: Ground) -> Draft:
    """Return what the gate says of the deal as it is now."""
    old = clearing.standing_clearance(place, ground)
    if old is not None and _stands_untouched(old, ground):
        verdict = replace(_verdict(place), clear=True, why_clear="passed")
        return Draft(place, verdict, clearance=clearing.passed(place, old, (), ground))
    findings = (
        *_scope_findings(place, ground),
        *checks.run(ground.policy, place.gate, ground.deal, ground.facts),
    )
    currency = currency_of(ground.deal, ground.policy)
    needs = authority.needs(ground.policy, place.gate, ground.facts, currency, findings)
    reads = _reads(findings, place, ground)
    if old is not None:
        findings, needs = _reopened(old, findings, needs, ground)
    draft = _settled(place, findings, needs, ground)
    return replace(draft, clearance=_clearance(draft, old, reads, ground))


def _settled(place: Place, findings: tuple[Finding, ...], needs: tuple[Need, ...], ground: Ground) -> Draft:
    mine = [one for one in ground.context.standing.signoffs if one.gate == place.gate.id]
    asked = demands(needs, place.gate, ground.policy, ground.facts)
    settled = tuple(settle(demand, mine, ground) for demand in asked)
    verdict = _with_answers(place, findings, needs, settled, ground)
    clear = verdict.readiness in {Readiness.READY, Readiness.EXCEPTION}
    verdict = replace(verdict, owed=place.reached and not clear, clear=clear)
    ours = any(one.ours for one in findings) or any(one.ours for one in needs)
    return Draft(place, verdict, settled, keep=ours)


def _clearance(draft: Draft, old: Clearance | None, reads: Iterable[str], ground: Ground) -> Clearance | None:
    stored = ground.context.standing.clearances.get(draft.verdict.gate)
    if not draft.place.reached:
        return clearing.left(stored)
    if draft.verdict.clear:
        return clearing.passed(draft.place, old, reads, ground)
    return clearing.lapsed(old, stored)


def _with_answers(
    place: Place,
    findings: tuple[Finding, ...],
    needs: tuple[Need, ...],
    settled: tuple[Settled, ...],
    ground: Ground,
) -> GateVerdict:
    waiting = (
        *(need for one in settled if one.open for need in one.demand.needs),
        *(need for need in needs if _orphan(need, ground)),
    )
    verdict = replace(
        _verdict(place),
        findings=findings,
        needs=needs,
        waiting=waiting,
        vetoes=tuple(one.veto for one in settled if one.veto),
        approvals=tuple(one.approval for one in settled if one.approval),
        offers=tuple(one.offer for one in settled if one.offer),
        nobody=_nobody(settled, waiting, ground),
    )
    return replace(verdict, readiness=_readiness(verdict))


def _readiness(gate: GateVerdict) -> Readiness:
    """Fold one gate: blocked > needs-info > needs-sign-off > ready. Blocked is only a veto or forbidden."""
    rulings = {need.ruling for need in gate.needs}
    if gate.vetoes or Ruling.FORBIDDEN in rulings:
        return Readiness.BLOCKED
    holds = any(one.outcome in {Outcome.FAIL, Outcome.UNKNOWN} for one in gate.findings)
    if holds or gate.offers or Ruling.UNKNOWN in rulings:
        return Readiness.NEEDS_INFO
    return Readiness.NEEDS_SIGN_OFF if gate.waiting else Readiness.READY


def _nobody(settled: tuple[Settled, ...], waiting: tuple[Need, ...], ground: Ground) -> tuple[str, ...]:
    """Return the roles that nobody can sign for: the gate stays shut, and the admin hears of it."""
    roles = [one.demand.role for one in settled if one.open]
    missing = (role.id for role in roles if not eligible(role, ground.deal.owner, ground.context.directory))
    unknown = (need.role or "nobody" for need in waiting if _orphan(need, ground))
    return tuple(dict.fromkeys((*missing, *unknown)))


def _orphan(need: Need, ground: Ground) -> bool:
    return need.ruling is Ruling.SIGN_OFF and need.role not in ground.policy.roles


def _verdict(place: Place) -> GateVerdict:
    return GateVerdict(
        gate=place.gate.id,
        stage=place.stage.id,
        label=place.stage.label,
        mode=place.mode,
        owed=False,
        clear=False,
        readiness=Readiness.READY,
    )


def _stands_untouched(old: Clearance, ground: Ground) -> bool:
    return not clearing.reopens(clearing.moved(old, ground), ground.policy)


def _reopened(
    old: Clearance, findings: tuple[Finding, ...], needs: tuple[Need, ...], ground: Ground
) -> tuple[tuple[Finding, ...], tuple[Need, ...]]:
    """Leave only what reads a field that changed: the rest has passed."""
    changed = clearing.reopens(clearing.moved(old, ground), ground.policy)
    return (
        tuple(one for one in findings if changed.intersection(one.reads)),
        tuple(one for one in needs if changed.intersection(one.seen)),
    )


def _scope_findings(place: Place, ground: Ground) -> tuple[Finding, ...]:
    return tuple(_unclear(name, place, ground) for name in place.unclear)


def _unclear(name: str, place: Place, ground: Ground) -> Finding:
    label = ground.policy.fields[name].label if name in ground.policy.fields else name
    value = ground.facts.get(name)
    ours = isinstance(value, Unreadable) and value.ours
    said = f"Without {label} nobody can tell whether {place.stage.label} has a gate for this deal."
    return Finding(
        "scope", "scope-unknown", Outcome.UNKNOWN, said, said, (name,),
        missing=() if ours else (name,), ours=ours, where=place.gate.where,
    )  # fmt: skip


def _reads(findings: Iterable[Finding], place: Place, ground: Ground) -> tuple[str, ...]:
    named = (name for one in findings for name in one.reads)
    return tuple(dict.fromkeys((*named, *authority.reads(ground.policy, place.gate))))
