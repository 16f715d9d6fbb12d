"""What a gate comes to: its findings, needs and answers folded into one readiness."""

from collections.abc import Iterable

from connector.gates.place import Place
from connector.policy.model import Ruling
from connector.signoffs.choose import Chosen
from connector.signoffs.conditions import open_conditions
from connector.signoffs.cover import Settled
from connector.signoffs.ground import Ground
from connector.signoffs.people import anybody_here
from connector.signoffs.waivers import Excused
from connector.standing import Signoff
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness, Waived

HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN})
_CLEAR = frozenset({Readiness.READY, Readiness.EXCEPTION})


def fold(
    place: Place, left: Excused, settled: tuple[Settled, ...], chosen: Chosen, ground: Ground
) -> GateVerdict:
    """Return the gate's verdict from what waivers left of its findings and needs, and what is settled."""
    gate, stage = place.gate, place.stage
    rulings = [one.ruling for one in left.needs]
    waiting = _waiting(left.needs, settled, ground) if Ruling.SIGN_OFF in rulings else ()
    nobody, away = _out_of_reach(settled, waiting, chosen, ground) if waiting else ((), ())
    offers, vetoes, approvals = _answers(settled) if settled else ((), (), ())
    readiness = _readiness(left.findings, rulings, vetoes, offers, waiting)
    readiness = with_strings(readiness, approvals, left.waived)
    clear = readiness in _CLEAR
    return GateVerdict(  # by place: made for every deal, and by name it would take twice as long
        gate.id, stage.id, stage.label, place.mode, place.reached and not clear, clear, readiness,
        left.findings, left.needs, waiting, offers, vetoes, approvals, None, nobody, away, left.waived,
    )  # fmt: skip


def _waiting(needs: tuple[Need, ...], settled: tuple[Settled, ...], ground: Ground) -> tuple[Need, ...]:
    return (
        *[need for one in settled if one.open for need in one.demand.needs],
        *[one for one in needs if one.ruling is Ruling.SIGN_OFF and _orphan(one, ground)],
    )


def _answers(settled: tuple[Settled, ...]) -> tuple[tuple[Signoff, ...], ...]:
    """Return the offers, the vetoes and the approvals on record."""
    answers = [(one.offer, one.veto, one.approval) for one in settled]
    return tuple([tuple([one for one in kind if one]) for kind in zip(*answers, strict=True)])


def with_strings(readiness: Readiness, yes: Iterable[Signoff], waived: tuple[Waived, ...]) -> Readiness:
    """Return the readiness of a gate that rests on these answers and waivers."""
    if readiness is Readiness.READY and (waived or any(map(open_conditions, yes))):
        return Readiness.EXCEPTION
    return readiness


def _readiness(
    findings: tuple[Finding, ...],
    rulings: list[Ruling],
    vetoes: tuple[Signoff, ...],
    offers: tuple[Signoff, ...],
    waiting: tuple[Need, ...],
) -> Readiness:
    """Fold one gate: blocked > needs-info > needs-sign-off > ready. Blocked is only a veto or forbidden."""
    if vetoes or Ruling.FORBIDDEN in rulings:
        return Readiness.BLOCKED
    if offers or Ruling.UNKNOWN in rulings:
        return Readiness.NEEDS_INFO
    if [one for one in findings if one.outcome in HOLDS]:
        return Readiness.NEEDS_INFO
    return Readiness.NEEDS_SIGN_OFF if waiting else Readiness.READY


def _out_of_reach(
    settled: tuple[Settled, ...], waiting: tuple[Need, ...], chosen: Chosen, ground: Ground
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles that nobody can sign for, so that the gate stays shut, and those of whom nobody is
    there: the admin hears of both."""
    unknown = [need.role or "nobody" for need in waiting if _orphan(need, ground)]
    nobody = tuple(dict.fromkeys((*chosen.missing, *unknown)))
    if not ground.context.absences:
        return nobody, ()
    roles = [one.demand.role for one in settled if one.open and one.demand.role.id not in nobody]
    return nobody, tuple(role.id for role in roles if not anybody_here(role, ground))


def _orphan(need: Need, ground: Ground) -> bool:
    """Say whether it names a role that the policy does not have."""
    return need.role not in ground.policy.roles
