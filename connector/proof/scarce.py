"""Roles that share so few people that they cannot all sign one deal, each by somebody else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connector.policy.model import Role
from connector.proof.boxes import Budget
from connector.proof.signing import Seats, Signing

Crowd = frozenset[str]  # of different chains, by their ids


def scarce(roles: Sequence[Role], signing: Signing, budget: Budget) -> Iterator[Crowd]:
    """Yield sets of roles, one of a chain, that beside some owner want more signatures than they have people
    (P. Hall, 1935: where no such set is there, each signs by somebody else). The smallest are among them."""
    usual = signing.seats(roles, None)
    found: set[Crowd] = set()
    for owner in signing.owners(roles):
        seats = signing.seats(roles, owner)
        first = [one for one in roles if owner is None or seats[one.id] != usual[one.id]]
        for crowd in _crowds(first, roles, seats, budget):
            if crowd not in found:
                found.add(crowd)
                yield crowd


def _crowds(
    first: Iterable[Role], roles: Sequence[Role], seats: Mapping[str, Seats], budget: Budget
) -> Iterator[Crowd]:
    """Grow sets from each of the first roles by roles with whom they share somebody, as these alone can lack
    people together that apart have enough."""
    seen: set[Crowd] = set()
    stack: list[tuple[Role, ...]] = [(one,) for one in first]
    while stack:
        crowd = stack.pop()
        names = frozenset(one.id for one in crowd)
        if names in seen:
            continue
        seen.add(names)
        budget.spend()
        people = frozenset().union(*(seats[name].people for name in names))
        count = sum(seats[name].count for name in names)
        if count > len(people):
            yield names
            continue
        chains = {one.chain for one in crowd}
        others = [one for one in roles if one.chain not in chains]
        if len(people) < count + _most(others, seats):
            near = (one for one in others if not people.isdisjoint(seats[one.id].people))
            stack.extend((*crowd, one) for one in near)


def _most(roles: Iterable[Role], seats: Mapping[str, Seats]) -> int:
    """Return how many signatures more could be wanted at most: of each chain by one role."""
    counts: dict[str, int] = {}
    for one in roles:
        counts[one.chain] = max(counts.get(one.chain, 0), seats[one.id].count)
    return sum(counts.values())
