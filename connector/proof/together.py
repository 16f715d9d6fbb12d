"""Rows that match one deal find people enough together, whatever matrices of the gate they stand in, with the
checks that send a deal to a role: whoever signs for one chain of a row signs for no other joined with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from connector.policy.model import Gate, HitPolicy, Matrix, Policy, Row, Ruling
from connector.proof.boxes import Box, Budget, meet, uncovered
from connector.proof.faults import Fault, Kind
from connector.proof.routed import is_routed, routed
from connector.proof.signing import Short, asked, short
from connector.proof.space import Space, spaces
from connector.proof.witness import witness

Ask = tuple[tuple[str, ...], int | None, bool]  # what a row asks: roles, how many of them, the owner too
Asks = Mapping[Ask, list[Row]]
Placed = tuple[Row, Box]


def few_together(gate: Gate, policy: Policy, budget: Budget) -> Iterator[Fault]:
    """Yield sets of rows that ask of one deal for more people than there are; one alone is told elsewhere."""
    matrix = _whole(gate, policy)
    wrong = list(_wanting(_by_ask(matrix.rows), policy, budget))
    told: list[frozenset[str]] = []
    for space in spaces(matrix, policy, (gate,)) if wrong else ():
        for state, lacking in wrong:
            for rows, box in islice(_shown(state, space, policy, budget), 1):
                names = frozenset(row.id for row in rows)
                if not any(before <= names for before in told):
                    told.append(names)
                    yield _fault(rows, box, lacking, space, gate)


def _whole(gate: Gate, policy: Policy) -> Matrix:
    """Return all rows that ask of a deal at the gate as one matrix; the name of each says where it stands."""
    matrices = (policy.matrices[name] for name in gate.matrices if name in policy.matrices)
    rows = [replace(row, id=f"{one.id}/{row.id}") for one in matrices for row in one.rows]
    rows += routed(policy.checklists.get(gate.checklist or ""), policy)
    inputs = dict.fromkeys(cell.field for row in rows for cell in row.cells)
    return Matrix(gate.id, HitPolicy.COLLECT, tuple(inputs), tuple(rows), gate.where)


def _by_ask(rows: Iterable[Row]) -> Asks:
    found: dict[Ask, list[Row]] = {}
    for row in rows:
        if row.ruling is Ruling.SIGN_OFF:
            found.setdefault((row.roles, row.quorum, row.own), []).append(row)
    return found


def _wanting(asks: Asks, policy: Policy, budget: Budget) -> Iterator[tuple[tuple[Ask, ...], Short]]:
    """Yield what asks together for too many people, wherever the rows lie; the smallest sets first.

    What several rows come to is the highest role of each chain and the rows that join chains: a row that
    changes neither is left out, and so is one whose chains nothing joins with the others.
    """
    known: list[tuple[Ask, ...]] = [(one,) for one in asks if len(one[0]) > 1]
    seen = {_sum(state, asks, policy) for state in known}
    for state in known:  # grows while it is read
        budget.spend()
        lacking = next(short((asks[one][0] for one in state), policy), None)
        if lacking is not None and len(state) > 1:
            yield state, lacking
        for other in asks:
            larger = (*state, other)
            total = _sum(larger, asks, policy) if _touches(other, state, policy) else None
            if total is not None and total not in seen:
                seen.add(total)
                known.append(larger)


def _sum(state: Iterable[Ask], asks: Asks, policy: Policy) -> frozenset[object]:
    """Return all that these rows come to."""
    parts = tuple(state)
    joint = {(ask[0], ask[1]) for ask in parts if len(ask[0]) > 1}
    found = asked((asks[one][0] for one in parts), policy)
    return frozenset({*joint, *((one.role.id, one.must, one.own) for one in found)})


def _touches(ask: Ask, state: Iterable[Ask], policy: Policy) -> bool:
    roles = policy.roles
    chains = {roles[name].chain for one in state for name in one[0] if name in roles}
    return any(roles[name].chain in chains for name in ask[0] if name in roles)


def _shown(
    state: tuple[Ask, ...], space: Space, policy: Policy, budget: Budget
) -> Iterator[tuple[tuple[Row, ...], Box]]:
    """Yield rows that ask just this of some deals, with these deals: no other row asks for more of them, and
    none forbids them."""
    asks = _by_ask(space.matrix.rows)
    total = _sum(state, asks, policy)
    more = {
        one for one in asks if _touches(one, state, policy) and _sum((*state, one), asks, policy) != total
    }
    asking = [(row, box) for row, box in space.rows if row.ruling is Ruling.SIGN_OFF]
    covers = [box for row, box in space.rows if row.ruling is Ruling.FORBIDDEN]
    covers += [box for row, box in asking if _ask(row) in more and not is_routed(row)]
    places = [_as_good(place, state, asks, policy) for place in range(len(state))]
    slots = [[(row, box) for row, box in asking if _ask(row) in good] for good in places]
    for rows, box in _meeting(slots, space.full, policy, budget):
        rest = uncovered(box, covers, budget)
        if rest is not None and _sum([_ask(row) for row in rows], asks, policy) == total:
            yield rows, rest


def _as_good(place: int, state: tuple[Ask, ...], asks: Asks, policy: Policy) -> frozenset[Ask]:
    """Return the asks that come to the same in this place of the state."""
    total = _sum(state, asks, policy)
    others = ((*state[:place], one, *state[place + 1 :]) for one in asks)
    return frozenset(one[place] for one in others if _sum(one, asks, policy) == total)


def _ask(row: Row) -> Ask:
    return row.roles, row.quorum, row.own


def _meeting(
    slots: Sequence[Sequence[Placed]], box: Box, policy: Policy, budget: Budget
) -> Iterator[tuple[tuple[Row, ...], Box]]:
    """Yield a row of each slot where all of them match some deal; of a unique matrix one row answers."""
    if not slots:
        yield (), box
        return
    for row, mine in slots[0]:
        budget.spend()
        both = meet(box, mine)
        if both is not None:
            for rows, rest in _meeting(slots[1:], both, policy, budget):
                if not any(_exclude(row, one, policy) for one in rows):
                    yield (row, *rows), rest


def _exclude(row: Row, other: Row, policy: Policy) -> bool:
    name, _, _ = row.id.partition("/")
    same = other.id.startswith(f"{name}/") and name in policy.matrices
    return same and policy.matrices[name].hit is HitPolicy.UNIQUE


def _fault(rows: tuple[Row, ...], box: Box, lacking: Short, space: Space, gate: Gate) -> Fault:
    shown = replace(witness(space, box), owner=lacking.owner)
    return Fault(Kind.FEW_TOGETHER, space.matrix, rows, shown, said=lacking.said, path=f"gates.{gate.id}")
