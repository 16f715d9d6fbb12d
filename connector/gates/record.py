"""What is kept of a verdict: the clearances, the deal's record after it, the fingerprint of its inputs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b

from connector.deals import Deal, Value
from connector.gates import clearing
from connector.gates.judge import Draft
from connector.gates.place import entry_of
from connector.signoffs.ground import Ground
from connector.standing import Clearance, ClearedHow, Signoff, Standing
from connector.verdicts import Verdict, Waived


def after(standing: Standing, deal: Deal, verdict: Verdict) -> Standing:
    """Return the record of the deal once this verdict is committed."""
    return replace(
        standing,
        signoffs=verdict.signoffs,
        clearances=verdict.clearances,
        waivers=verdict.waivers,
        verdict=standing.verdict + 1,
        fingerprint=verdict.fingerprint,
        stage=deal.stage,
        pipeline=deal.pipeline,
        known=True,
        checked_at=verdict.at,
    )


def clearances(drafts: tuple[Draft, ...], ground: Ground) -> Mapping[str, Clearance]:
    """Return the clearances after this verdict: those of the gates that apply, and what the others leave."""
    stored = ground.context.standing.clearances
    kept = _others(drafts, ground) if stored else {}
    for draft in drafts:
        gate = draft.verdict.gate
        if (clearance := _of(draft, stored.get(gate), ground)) is not None:
            kept[gate] = clearance
    return kept


def _others(drafts: Iterable[Draft], ground: Ground) -> dict[str, Clearance]:
    """Return what stays of gates that do not apply: as it is where they are on the deal's way."""
    judged = {draft.verdict.gate for draft in drafts}
    here = {gate.id for gate in ground.policy.gates if entry_of(gate, ground.pipeline) is not None}
    left = {
        gate: old if gate in here else clearing.left(old)
        for gate, old in ground.context.standing.clearances.items()
        if gate not in judged and old.how not in clearing.STOOD
    }
    return {gate: clearance for gate, clearance in left.items() if clearance is not None}


def reopened(drafts: tuple[Draft, ...], ground: Ground) -> Mapping[str, Clearance]:
    """Return the clearances with those that this look opens again, and none that it gives."""
    shut = {draft.verdict.gate for draft in drafts if not draft.verdict.clear}
    lost = {gate: one for gate, one in clearances(drafts, ground).items() if gate in shut}
    return {**ground.context.standing.clearances, **lost}


def _of(draft: Draft, stored: Clearance | None, ground: Ground) -> Clearance | None:
    if draft.verdict.why_clear is ClearedHow.BEFORE_THE_GATE:
        return clearing.before_the_gate(draft.place, stored, ground)
    if not draft.place.reached:
        return clearing.left(stored)
    if draft.verdict.clear:
        return clearing.passed(draft.place, draft.old, draft.reads(ground.policy), draft.verdict, ground)
    return clearing.lapsed(draft.old, stored)


def fingerprint(ground: Ground, drafts: Iterable[Draft], signoffs: Iterable[Signoff]) -> str:
    """Return a hash of all that the verdict rests on, the same in every process."""
    deal, policy, facts = ground.deal, ground.policy, ground.facts
    parts = [policy.version, deal.pipeline, deal.stage, deal.owner or ""]
    weighed = map(facts.get, policy.vocabulary.weighing)
    parts += [one if isinstance(one, str) else _text(one) for one in weighed]
    waived: list[Waived] = []
    for draft in drafts:
        one = draft.verdict
        parts.append(f"{one.gate}:{one.mode}:{one.readiness}:{one.clear}")
        waived += one.waived
    for asked in signoffs:
        parts.append(f"{asked.gate}:{asked.role}:{asked.cycle}:{asked.state}:{asked.decided_at}")
    parts += sorted({f"{each.waiver}:{each.rule}" for each in waived})
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _text(value: Value) -> str:
    """Write any value but a text so that equal ones are alike and others are not; no text is empty."""
    if isinstance(value, Decimal):
        return str(value.normalize())
    return "" if value is None else repr(value)
