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
    waiting = (
        *[need for one in settled if one.open for need in one.demand.needs],
        *[one for one in left.needs if one.ruling is Ruling.SIGN_OFF and _orphan(one, ground)],
    )
    nobody, away = _out_of_reach(settled, waiting, chosen, ground) if waiting else ((), ())
    approvals = tuple([one.approval for one in settled if one.approval])
    readiness = _readiness(left.findings, left.needs, settled, waiting)
    readiness = with_strings(readiness, approvals, left.waived)
    clear = readiness in _CLEAR
    return GateVerdict(
        gate=place.gate.id,
        stage=place.stage.id,
        label=place.stage.label,
        mode=place.mode,
        owed=place.reached and not clear,
        clear=clear,
        readiness=readiness,
        findings=left.findings,
        needs=left.needs,
        waiting=waiting,
        vetoes=tuple([one.veto for one in settled if one.veto]),
        approvals=approvals,
        offers=tuple([one.offer for one in settled if one.offer]),
        nobody=nobody,
        away=away,
        waived=left.waived,
    )


def with_strings(readiness: Readiness, yes: Iterable[Signoff], waived: tuple[Waived, ...]) -> Readiness:
    """Return the readiness of a gate that rests on these answers and waivers."""
    if readiness is Readiness.READY and (waived or [one for one in yes if open_conditions(one)]):
        return Readiness.EXCEPTION
    return readiness


def _readiness(
    findings: tuple[Finding, ...],
    needs: tuple[Need, ...],
    settled: tuple[Settled, ...],
    waiting: tuple[Need, ...],
) -> Readiness:
    """Fold one gate: blocked > needs-info > needs-sign-off > ready. Blocked is only a veto or forbidden."""
    rulings = [need.ruling for need in needs]
    if Ruling.FORBIDDEN in rulings or [one for one in settled if one.veto]:
        return Readiness.BLOCKED
    if Ruling.UNKNOWN in rulings or [one for one in settled if one.offer]:
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
