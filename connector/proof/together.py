"""Rows that match one deal find people enough together, whatever matrices of the gate they stand in, with the
checks that send a deal to a role: whoever signs for one chain of a row signs for no other joined with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from connector.policy.model import Gate, HitPolicy, Matrix, Policy, Row, Ruling
from connector.proof.asks import Asks
from connector.proof.boxes import Box, Budget, corner, meet, minus, share, uncovered
from connector.proof.faults import Fault, Kind
from connector.proof.routed import is_routed, routed
from connector.proof.signing import Short, Signing, asked
from connector.proof.space import Space, spaces
from connector.proof.witness import witness

Placed = tuple[Row, Box]
_MEETS = 20  # boxes that are met in the time of one combination


@dataclass(frozen=True, slots=True)
class _Deals:
    """Some deals: the rows that match each of them, those that match some, and of these the deals that are
    not looked at."""

    box: Box
    sure: tuple[Row, ...]
    near: tuple[Placed, ...]
    holes: tuple[Box, ...]


def few_together(gate: Gate, policy: Policy, signing: Signing, budget: Budget) -> Iterator[Fault]:
    """Yield sets of rows that ask of one deal for more people than there are; one alone is told elsewhere."""
    matrix = _whole(gate, policy)
    asks = Asks(matrix.rows, policy, signing, budget)
    alone = asks.alone()
    wanting = [part & ~alone for part in asks.parts() if asks.may_lack(0, part & ~alone)]
    told: list[frozenset[str]] = []
    for space in spaces(matrix, policy, (gate,)) if wanting else ():
        holes = tuple(_not_looked_at(space, asks, alone, policy))
        for part in wanting:
            near = tuple((row, box) for row, box in space.rows if asks.bit(row) & part)
            for rows, lacking in _lacking(_Deals(space.full, (), near, holes), asks, told, budget):
                named = _telling(rows, lacking, policy)
                told.append(frozenset(row.id for row, _ in named))
                box = _where(named, (near, holes), lacking, policy, budget)
                yield _fault([row for row, _ in named], box or space.full, lacking, space, gate)


def _whole(gate: Gate, policy: Policy) -> Matrix:
    """Return all rows that ask of a deal at the gate as one matrix; the name of each says where it stands."""
    matrices = (policy.matrices[name] for name in gate.matrices if name in policy.matrices)
    rows = [replace(row, id=f"{one.id}/{row.id}") for one in matrices for row in one.rows]
    rows += routed(policy.checklists.get(gate.checklist or ""), policy)
    inputs = dict.fromkeys(cell.field for row in rows for cell in row.cells)
    return Matrix(gate.id, HitPolicy.COLLECT, tuple(inputs), tuple(rows), gate.where)


def _not_looked_at(space: Space, asks: Asks, alone: int, policy: Policy) -> Iterator[Box]:
    """Yield deals that wait for nobody, since they are forbidden, and those of which other faults are told: a
    row lacks people alone, or two rows of a unique matrix contradict each other."""
    unique = {name for name, one in policy.matrices.items() if one.hit is HitPolicy.UNIQUE}
    single: dict[str, list[Box]] = {}
    for row, box in space.rows:
        name, _, _ = row.id.partition("/")
        if row.ruling is Ruling.FORBIDDEN or (asks.bit(row) & alone and not is_routed(row)):
            yield box
        elif name in unique and not is_routed(row):
            single.setdefault(name, []).append(box)
    for boxes in single.values():
        found = (meet(one, other) for one, other in combinations(boxes, 2))
        yield from (one for one in found if one is not None)


def _lacking(
    deals: _Deals, asks: Asks, told: Sequence[frozenset[str]], budget: Budget
) -> Iterator[tuple[list[Placed], Short]]:
    """Yield what matches a deal that lacks people, each deal once; none that rows match of which is told."""
    known = deals.near
    stack = [deals]
    while stack:
        one = _seen(stack.pop(), budget)
        sure = _sum(one.sure, asks)
        if one.box in one.holes or _is_told(one.sure, told):
            continue
        if not asks.may_lack(sure, sure | _sum((row for row, _ in one.near), asks)):
            continue
        matching = _at(corner(one.box), one)
        lacking = asks.short(_sum(matching, asks))
        if lacking is not None and not _is_told(matching, told):
            yield [(row, box) for row, box in known if row in matching], lacking
        stack.extend(_parts(one))


def _is_told(rows: Iterable[Row], told: Iterable[frozenset[str]]) -> bool:
    names = {row.id for row in rows}
    return any(known <= names for known in told)


def _at(point: Box, deals: _Deals) -> tuple[Row, ...]:
    """Return the rows that match one of the deals, none where it is not looked at."""
    if any(meet(hole, point) is not None for hole in deals.holes):
        return ()
    near = (row for row, box in deals.near if not is_routed(row) and meet(box, point) is not None)
    return (*deals.sure, *near)


def _seen(deals: _Deals, budget: Budget) -> _Deals:
    """Return the deals with the rows that meet them, each cut to them."""
    budget.spend(1 + (len(deals.near) + len(deals.holes)) // _MEETS)
    box = deals.box
    near = [(row, both) for row, one in deals.near if (both := meet(box, one)) is not None]
    sure = tuple(row for row, one in near if one == box and not is_routed(row))
    rest = tuple((row, one) for row, one in near if one != box or is_routed(row))
    holes = tuple(both for one in deals.holes if (both := meet(box, one)) is not None)
    return _Deals(box, (*deals.sure, *sure), rest, holes)


def _parts(deals: _Deals) -> Iterator[_Deals]:
    """Yield the deals that the largest row matches and those that it does not, these last; or those outside
    of the largest hole."""
    box, sure, holes = deals.box, deals.sure, deals.holes
    hole = max(holes, key=lambda one: share(one, box), default=None)
    placed = max(deals.near, key=lambda one: share(one[1], box), default=None)
    if hole is not None and (placed is None or share(hole, box) >= share(placed[1], box)):
        yield from (_Deals(rest, sure, deals.near, holes) for rest in minus(box, hole))
    if placed is None or (hole is not None and share(hole, box) >= share(placed[1], box)):
        return
    row, inside = placed
    others = tuple(one for one in deals.near if one is not placed)
    yield _Deals(inside, (*sure, row), others, holes)
    without = (box,) if is_routed(row) else minus(box, inside)
    yield from (_Deals(rest, sure, others, holes) for rest in without)


def _sum(rows: Iterable[Row], asks: Asks) -> int:
    found = 0
    for row in rows:
        found |= asks.bit(row)
    return found


def _telling(rows: Iterable[Placed], lacking: Short, policy: Policy) -> list[Placed]:
    """Return the fewest of the rows that come to the same for the chains that lack people."""
    mine = [one for one in rows if not lacking.chains.isdisjoint(_chains(one[0], policy))]
    for placed in tuple(mine):
        others = [one for one in mine if one is not placed]
        if _come_to(others, policy) == _come_to(mine, policy):
            mine = others
    return mine


def _where(
    named: Sequence[Placed],
    beside: tuple[Sequence[Placed], Sequence[Box]],
    lacking: Short,
    policy: Policy,
    budget: Budget,
) -> Box | None:
    """Return deals that these rows match, and no row that asks more of the chains that lack people."""
    near, holes = beside
    total, (box, *boxes) = _come_to(named, policy), [one for _, one in named]
    for one in boxes:
        box = meet(box, one) or box
    others = [one for one in near if not is_routed(one[0]) and one not in named]
    touching = (one for one in others if not lacking.chains.isdisjoint(_chains(one[0], policy)))
    more = [one[1] for one in touching if _come_to([*named, one], policy) != total]
    return uncovered(box, (*more, *holes), budget)


def _come_to(rows: Iterable[Placed], policy: Policy) -> set[object]:
    """Return what rows come to, whichever of them say it."""
    return {
        (one.role.id, one.must, one.own, frozenset((group.chains, group.quorum) for group in one.groups))
        for one in asked((row for row, _ in rows), policy)
    }


def _chains(row: Row, policy: Policy) -> set[str]:
    return {policy.roles[name].chain for name in row.roles if name in policy.roles}


def _fault(rows: list[Row], box: Box, lacking: Short, space: Space, gate: Gate) -> Fault:
    shown = replace(witness(space, box), owner=lacking.owner)
    return Fault(
        Kind.FEW_TOGETHER, space.matrix, tuple(rows), shown, said=lacking.said, path=f"gates.{gate.id}"
    )
