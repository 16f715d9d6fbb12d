"""What one gate demands of each chain, and what the answers on record are worth for it now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from connector.deals import Value
from connector.policy.clauses import Group
from connector.policy.joint import Asked, summed
from connector.policy.model import Gate, Policy, Role, Ruling, Weight
from connector.policy.reads import counts_days
from connector.signoffs.alone import free_inputs, left_to_sales
from connector.signoffs.conditions import broken
from connector.signoffs.drift import Drift, dated, drift, drifts, within
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.people import reach
from connector.standing import Signoff, SignoffState
from connector.verdicts import Need


@dataclass(frozen=True, slots=True)
class Demand:
    """What one chain has to sign: only the highest role named is asked (design 1.11).

    `seen` holds every input by which the gate could ask this chain, so that an approval of a discount
    says nothing about a product that came later. `about` names the findings and the facts among the needs,
    `left` is what Sales decides alone meanwhile.
    """

    asked: Asked
    needs: tuple[Need, ...]
    seen: Mapping[str, Value] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    left: tuple[Need, ...] = ()

    @property
    def role(self) -> Role:
        """Return the role that signs."""
        return self.asked.role

    @property
    def hours(self) -> int | None:
        """Return the shortest time that a need names."""
        return min((need.hours for need in self.needs if need.hours is not None), default=None)


@dataclass(frozen=True, slots=True)
class Settled:
    """The demand held against the record: at most one of these decides, veto first. `excused`: others of its
    rows have signed, and they are enough. `turn`: nobody before it has still to sign."""

    demand: Demand
    veto: Signoff | None = None
    approval: Signoff | None = None
    offer: Signoff | None = None
    excused: bool = False
    turn: bool = True

    @property
    def open(self) -> bool:
        """Say whether somebody still has to be asked."""
        decided = self.veto is not None or self.approval is not None or self.offer is not None
        return not (decided or self.excused)


def demands(
    needs: tuple[Need, ...], gate: Gate, policy: Policy, facts: Mapping[str, Value]
) -> tuple[Demand, ...]:
    """Return one demand for each chain that has to sign, in the order in which they are named."""
    signing = [one for one in needs if one.ruling is Ruling.SIGN_OFF]
    named = [(role, one) for one in signing if (role := policy.roles.get(one.role or "")) is not None]
    asked = summed(Asked(role, one.groups, one.must, one.own) for role, one in named)
    left = [left_to_sales(needs, one.role.chain, policy) for one in asked]
    return tuple([_demand(*each, named, gate, policy, facts) for each in zip(asked, left, strict=True)])


def _demand(  # noqa: PLR0917  what one chain is asked, and the case
    asked: Asked,
    left: tuple[Need, ...],
    named: list[tuple[Role, Need]],
    gate: Gate,
    policy: Policy,
    facts: Mapping[str, Value],
) -> Demand:
    mine = [(role, need) for role, need in named if role.chain == asked.role.chain]
    needs = tuple(need for _, need in sorted(mine, key=lambda one: -one[0].level))
    about = tuple(
        [f"{need.matrix}:{need.row}" for need in needs if need.fact or need.matrix not in policy.matrices]
    )
    found = {
        name: value
        for need in needs
        if need.matrix not in policy.matrices
        for name, value in need.seen.items()
    }
    inputs = {name: facts.get(name) for name in _inputs(asked.role.chain, gate, policy)}
    return Demand(asked, needs, dated({**found, **inputs}, policy, facts), about, left)


def _inputs(chain: str, gate: Gate, policy: Policy) -> Iterable[str]:
    for name in gate.matrices:
        table = policy.tables[name]
        if chain in table.chains:
            yield from table.matrix.inputs


def settle_all(asked: Iterable[Demand], gate: Gate, ground: Ground) -> tuple[Settled, ...]:
    """Hold the record against all demands of a gate: who is excused because enough others have signed, and
    whose turn has not come."""
    alone = tuple([settle(demand, gate, ground) for demand in asked])
    if not any(one.demand.asked.groups for one in alone):
        return alone
    chains = {one.demand.role.chain: one for one in alone}
    excused = {name: replace(one, excused=_is_excused(one, chains)) for name, one in chains.items()}
    return tuple(replace(one, turn=_is_its_turn(one, excused)) for one in excused.values())


def _is_excused(one: Settled, chains: Mapping[str, Settled]) -> bool:
    if not one.open or one.demand.asked.must:
        return False
    return all(_is_full(group, chains) for group in one.demand.asked.groups)


def _is_full(group: Group, chains: Mapping[str, Settled]) -> bool:
    signed = sum(1 for name in group.chains if name in chains and chains[name].approval is not None)
    return signed >= (len(group.chains) if group.quorum is None else group.quorum)


def _is_its_turn(one: Settled, chains: Mapping[str, Settled]) -> bool:
    mine = one.demand.role.chain
    return not any(
        chains[name].open
        for group in one.demand.asked.groups
        if group.in_order
        for name in group.chains[: group.chains.index(mine)]
        if name in chains
    )


def settle(demand: Demand, gate: Gate, ground: Ground) -> Settled:
    """Hold the record against one demand of a gate. A veto beats every approval; unknown never covers.

    A yes given at another gate of the deal counts where it answered the very same question.
    """
    chain = [
        one
        for one in ground.context.standing.signoffs
        if one.stops is None
        and _chain(one, ground.policy) == demand.role.chain
        and (one.gate == gate.id or _answers(one, demand))
    ]
    mine = [one for one in chain if one.gate == gate.id]
    veto = newest(one for one in mine if one.state is SignoffState.REJECTED and vetoes(one, ground))
    if veto is not None:
        return Settled(demand, veto=veto)
    approved = [one for one in chain if one.state is SignoffState.APPROVED]
    approval = newest(one for one in approved if covers(one, demand, ground))
    if approval is not None:
        return Settled(demand, approval=approval)
    offers = (one for one in mine if one.state is SignoffState.APPROVED and _offers(one, demand, ground))
    return Settled(demand, offer=newest(offers))


def _answers(signoff: Signoff, demand: Demand) -> bool:
    """Say whether whoever decided saw every input by which this gate could ask."""
    return signoff.state is SignoffState.APPROVED and set(demand.seen) <= set(signoff.seen)


def covers(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    """Say whether this approval covers the demand for the deal as it is now."""
    return (
        _enough(signoff, demand, ground)
        and not expired(signoff, ground.policy, ground.now)
        and not broken(signoff, ground.policy, ground.now)
        and still_in_range(signoff, demand, ground)
    )


def still_in_range(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    """Say whether the deal is inside what was agreed, or beyond it only where Sales decides alone."""
    policy, facts = ground.policy, ground.facts
    return in_range(signoff, policy, facts) or in_range(
        signoff, policy, facts, _free(signoff, demand, policy)
    )


def moves(signoff: Signoff, demand: Demand, ground: Ground) -> frozenset[Drift]:
    """Return how the deal moved since the question, where that is not for Sales alone to decide."""
    left_out = _free(signoff, demand, ground.policy)
    told = {name: was for name, was in signoff.seen.items() if name not in left_out}
    return frozenset(drifts(ground.policy, told, ground.facts))


def _free(signoff: Signoff, demand: Demand, policy: Policy) -> frozenset[str]:
    """Return the inputs on which Sales may go beyond what was seen, since it decides on them alone; a limit
    that the answer could set is none of them."""
    return free_inputs(demand.left, demand.needs, policy) - {signoff.lever or ""}


def expired(signoff: Signoff, policy: Policy, now: datetime) -> bool:
    """Say whether the approval's last day is over, in the policy's own time zone."""
    if signoff.valid_until is None:
        return False
    return local(now, policy.calendar).date() > signoff.valid_until


def in_range(
    signoff: Signoff, policy: Policy, facts: Mapping[str, Value], free: Collection[str] = ()
) -> bool:
    """Say whether every bound holds and every unbounded material input is what it was; `free` ones aside."""
    bounded = {limits.field for limits in signoff.envelope}
    held = (limits for limits in signoff.envelope if limits.field not in free)
    lasting = (limits for limits in held if not counts_days(policy.fields.get(limits.field)))
    if not all(within(limits, facts.get(limits.field)) for limits in lasting):
        return False
    rest = {name: was for name, was in signoff.seen.items() if name not in bounded and name not in free}
    return all(_unmoved(name, was, policy, facts) for name, was in rest.items())


def _unmoved(name: str, was: Value, policy: Policy, facts: Mapping[str, Value]) -> bool:
    known = policy.fields.get(name)
    if known is None or known.weight is not Weight.MATERIAL or counts_days(known):
        return True
    return drift(known.worse, was, facts.get(name)) in {Drift.SAME, Drift.BETTER}


def _enough(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    level = reach(signoff, ground.policy.roles[signoff.role], ground)
    if level < demand.role.level or not set(demand.about) <= set(signoff.about):
        return False
    return demand.asked.own or not _is_the_owners(signoff, ground)


def _is_the_owners(signoff: Signoff, ground: Ground) -> bool:
    """Say whether whoever owns the deal now has signed it, when it was somebody else's (ADR 284)."""
    owner = ground.context.directory.by_owner.get(ground.deal.owner or "")
    return owner is not None and owner in {signoff.decided_by, *(vote.person for vote in signoff.votes)}


def _offers(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    """Say whether "yes, up to ..." below the present value still stands: nothing was changed since."""
    over = expired(signoff, ground.policy, ground.now) or broken(signoff, ground.policy, ground.now)
    if over or not _enough(signoff, demand, ground):
        return False
    return moves(signoff, demand, ground) <= {Drift.SAME}


def vetoes(signoff: Signoff, ground: Ground) -> bool:
    """Say whether a no still holds: while the deal is as it was seen, or worse (design 1.1)."""
    found = set(drifts(ground.policy, signoff.seen, ground.facts))
    return Drift.WORSE in found or found <= {Drift.SAME}


def _chain(signoff: Signoff, policy: Policy) -> str | None:
    role = policy.roles.get(signoff.role)
    return role.chain if role else None


def newest(found: Iterable[Signoff]) -> Signoff | None:
    """Return the last of them that was asked or decided."""
    return max(found, key=lambda one: (one.cycle, one.decided_at or one.requested_at), default=None)
