"""Whether the offering and the plan speak of the same roles: of one that is misspelt nobody
knows when it is free."""

from collections.abc import Iterable, Iterator

from connector.capacity.records import Snapshot
from connector.policy.model import Policy
from connector.policy.problems import Problem, meant


def unplanned(plan: Snapshot, policy: Policy) -> Iterator[Problem]:
    """Yield the roles that products take hours of and the plan has none of, each at its first product."""
    told = _planned(plan)
    for product in policy.offering.products:
        for role in (one.role for one in product.effort if one.role not in told):
            told.add(role)
            file, _, line = product.where.rpartition(":")
            said = f"the capacity plan has no supply of it{meant(role, sorted(_planned(plan)))}"
            yield Problem(file, int(line or 1), f"offering.products.{product.id}.effort.{role}", said)


def unmet(plan: Snapshot, policy: Policy) -> Iterator[str]:
    """Yield in words what does not meet: work without hours, hours without work, leave of nobody."""
    planned, needed = _planned(plan), _needed(policy)
    worked = {one.role for one in plan.commitments} - planned - needed
    for role in sorted(needed - planned):
        yield f"{role} has no supply, but the offering needs it{_asked(role, planned)}"
    for role in sorted(worked):
        yield f"{role} has commitments but no supply{_asked(role, planned)}"
    for role in sorted(planned - needed) if needed else ():
        yield f"no product needs {role}{_asked(role, needed)}"
    who = {one.who for one in plan.supply} - {""}
    for name in sorted({one.who for one in plan.leave} - {""} - who):
        yield f"leave of {name} lowers nothing: no supply names {name}{_asked(name, who)}"


def _asked(role: str, known: Iterable[str]) -> str:
    return meant(role, sorted(known)) or "."


def _planned(plan: Snapshot) -> set[str]:
    return {one.role for one in plan.supply}


def _needed(policy: Policy) -> set[str]:
    return {effort.role for product in policy.offering.products for effort in product.effort}
