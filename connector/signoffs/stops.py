"""The right to stop a deal that a row's `veto` gives: nobody waits for it, and silence lets the deal pass."""

from collections.abc import Iterable

from connector.deals import Value
from connector.policy.joint import Asked
from connector.policy.model import Gate, Ruling
from connector.signoffs.alone import left_to_sales
from connector.signoffs.cover import Demand, Settled, newest, still_in_range, vetoes
from connector.signoffs.drift import dated
from connector.signoffs.ground import Ground
from connector.signoffs.timers import by_time
from connector.standing import Signoff, SignoffState
from connector.verdicts import Need

_LET_PASS = frozenset({SignoffState.APPROVED, SignoffState.EXPIRED})


def stops(needs: Iterable[Need], gate: Gate, ground: Ground) -> tuple[Settled, ...]:
    """Hold the record against each role that may stop the deal at this gate. One that has to sign there may
    say no by that, and is not told twice."""
    known = tuple(needs)
    signing = {need.role for need in known if need.ruling is Ruling.SIGN_OFF}
    given: dict[str, list[Need]] = {}
    for need in known:
        role = need.role or ""
        if need.ruling is Ruling.VETO and role in ground.policy.roles and role not in signing:
            given.setdefault(role, []).append(need)
    return tuple(
        _settled(_demand(name, tuple(named), known, ground), gate, ground) for name, named in given.items()
    )


def _demand(name: str, needs: tuple[Need, ...], known: tuple[Need, ...], ground: Ground) -> Demand:
    policy = ground.policy
    role = policy.roles[name]
    seen: dict[str, Value] = {field: value for need in needs for field, value in need.seen.items()}
    about = tuple(f"{need.matrix}:{need.row}" for need in needs)
    left = left_to_sales(known, role.chain, policy)
    return Demand(Asked(role), needs, dated(seen, policy, ground.facts), about, left)


def _settled(demand: Demand, gate: Gate, ground: Ground) -> Settled:
    name, record = demand.role.id, ground.context.standing.signoffs
    mine = [by_time(one, ground) for one in record if _is(one, name, gate)]
    veto = newest(one for one in mine if one.state is SignoffState.REJECTED and vetoes(one, ground))
    if veto is not None:
        return Settled(demand, veto=veto)
    return Settled(demand, approval=newest(one for one in mine if _lets_pass(one, demand, ground)))


def _is(signoff: Signoff, role: str, gate: Gate) -> bool:
    return signoff.stops is not None and (signoff.gate, signoff.role) == (gate.id, role)


def _lets_pass(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    """Say whether the deal was let pass as it is now, by a word or by silence."""
    return (
        signoff.state in _LET_PASS
        and set(demand.about) <= set(signoff.about)
        and still_in_range(signoff, demand, ground)
    )
