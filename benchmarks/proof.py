"""How long the proof of an authority matrix takes: 150 rows over 6 fields, in seven shapes.

grid       region x tier x discount x amount x users x start, as a company writes it, unique
split      halved at random until there are 150 rows, unique: no gap, no overlap, nothing regular
collect    one row for each limit of each field, the highest role of each chain decides
tangle     150 random boxes over six fields and a row for the rest: nothing is regular, much is wrong
woven      like split, but each box reaches into its neighbours, collect: more combinations than are looked
           at, which is what is said
gate       three matrices of 50 rows on one gate, six chains of four roles, one row in ten wants two of them:
           a company of 200, in which every deal finds its people
crowd      the same in a company of 12 who hold the 24 roles: people lack nearly everywhere, and what is not
           looked at in time is said
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import product
from random import Random

from connector.policy.cells import compile_cell
from connector.policy.model import (
    Field,
    FieldType,
    Gate,
    HitPolicy,
    Matrix,
    Mode,
    Person,
    Policy,
    Role,
    Row,
    Ruling,
    Worse,
)
from connector.proof import Kind, prove

FLOOR_S = 1.0
ROWS = 150
_CHAINS = 6
_JOINT = 0.1  # rows of which two chains sign
_PERSONS = {name: Person(name, name, f"{name}@example.com") for name in ("a", "b", "c")}
_ROLES = {
    f"r{level}": Role(f"r{level}", f"Role {level}", ("a", "b", "c"), "delivery", level)
    for level in range(1, 9)
}
_FIELDS = {
    one.name: one
    for one in (
        Field("region", "region", FieldType.ENUM, options=("A", "B", "C", "D")),
        Field("tier", "tier", FieldType.ENUM),
        Field("discount", "discount", FieldType.PERCENT, worse=Worse.HIGHER),
        Field("amount", "amount", FieldType.MONEY, worse=Worse.HIGHER),
        Field("users", "users", FieldType.NUMBER, worse=Worse.HIGHER),
        Field("start", "start date", FieldType.DATE, worse=Worse.LOWER),
    )
}  # fmt: skip
_FIRST_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    shape: str
    rows: int
    seconds: float
    faults: int
    proved: bool


def _row(name: str, level: int, cells: dict[str, str]) -> Row:
    compiled = tuple(
        compile_cell(text, _FIELDS[field], "EUR") for field, text in cells.items() if text != "-"
    )
    ruling, roles = (Ruling.SALES, ()) if level == 0 else (Ruling.SIGN_OFF, (f"r{level}",))
    return Row(name, compiled, ruling, roles, where=f"policy.yaml:{name}")


def _policy(hit: HitPolicy, rows: list[Row]) -> Policy:
    matrix = Matrix("m", hit, tuple(_FIELDS), tuple(rows), where="policy.yaml:1")
    return Policy("v", _FIELDS, _PERSONS, _ROLES, {}, {"m": matrix}, (), currency="EUR")


def _grid(_: Random) -> Policy:
    regions = ["A", "B", "C", "D", "not(A, B, C, D)"]
    bands = ["<= 10%", "(10%..20%]", "> 20%"], ["<= 50,000", "> 50,000"], ["x", "y", "not(x, y)"]
    cells = product(enumerate(regions), *(enumerate(one) for one in bands))
    rows = [
        _row(
            f"g{place}",
            _weight(one) + 1,
            {"region": one[0][1], "discount": one[1][1], "amount": one[2][1], "tier": one[3][1]},
        )
        for place, one in enumerate(cells)
    ]
    return _policy(HitPolicy.UNIQUE, _split_further(rows))


def _weight(one: tuple[tuple[int, str], ...]) -> int:
    return one[1][0] + one[2][0]


def _split_further(rows: list[Row]) -> list[Row]:
    """Split each row by users or by start, so that all six fields are used."""
    cut = []
    for place, row in enumerate(rows):
        low, high, field = (
            ("<= 100", "> 100", "users") if place % 2 else (">= 2026-03-01", "< 2026-03-01", "start")
        )
        level = int(row.roles[0][1:])
        for text, more in ((low, 0), (high, 1)):
            cell = compile_cell(text, _FIELDS[field], "EUR")
            cut.append(
                Row(f"{row.id}{more}", (*row.cells, cell), Ruling.SIGN_OFF, (f"r{level + more}",), row.where)
            )
    return cut


def _halved(dice: Random) -> Policy:
    boxes = _boxes(dice)
    return _policy(
        HitPolicy.UNIQUE, [_boxed(place, box, min(8, _middle(box) // 120)) for place, box in enumerate(boxes)]
    )


def _woven(dice: Random) -> Policy:
    wide = [
        {name: (max(0, low - 9), min(1000, high + 9)) for name, (low, high) in box.items()}
        for box in _boxes(dice)
    ]
    return _policy(HitPolicy.COLLECT, [_boxed(place, box) for place, box in enumerate(wide)])


def _boxed(place: int, box: dict[str, tuple[int, int]], level: int = 1) -> Row:
    return _row(f"s{place}", level, {name: _interval(name, *ends) for name, ends in box.items()})


def _boxes(dice: Random) -> list[dict[str, tuple[int, int]]]:
    """Halve a box at a random place until there are enough."""
    boxes: list[dict[str, tuple[int, int]]] = [{}]
    names = ["discount", "amount", "users", "start"]
    while len(boxes) < ROWS:
        box = boxes.pop(dice.randrange(min(len(boxes), 8)))
        name = dice.choice(names)
        low, high = box.get(name, (0, 1000))
        if high - low < 2:
            boxes.append(box)
            continue
        at = dice.randint(low + 1, high - 1)
        boxes += [{**box, name: (low, at)}, {**box, name: (at, high)}]
    return boxes


def _middle(box: dict[str, tuple[int, int]]) -> int:
    """Return a rung that follows one of the fields, so that some worse deals need less."""
    low, high = box.get("discount", (0, 1000))
    return (low + high) // 2


def _interval(name: str, low: int, high: int) -> str:
    def said(value: int) -> str:
        if name == "start":
            return (_FIRST_DAY + timedelta(days=value)).isoformat()
        return f"{value}%" if name == "discount" else str(value)

    if low == 0 and high == 1000:
        return "-"
    if low == 0:
        return f"< {said(high)}"
    return f">= {said(low)}" if high == 1000 else f"[{said(low)}..{said(high)})"


def _limits(_: Random) -> Policy:
    rows = [_row("all", 0, {})]
    for place in range(ROWS - 1):
        name = ["discount", "amount", "users"][place % 3]
        step = place // 3
        unit = "%" if name == "discount" else ""
        beside = {"region": "ABCD"[place % 4]} if place % 2 else {}
        rows.append(_row(f"c{place}", 1 + step * 8 // 50, {name: f"> {step + 1}{unit}", **beside}))
    return _policy(HitPolicy.COLLECT, rows)


def _tangle(dice: Random) -> Policy:
    rows = [_row("rest", 0, {})]
    for place in range(ROWS - 1):
        cells = {}
        for name in ("discount", "amount", "users", "start"):
            low = dice.randint(0, 700)
            cells[name] = _interval(name, low, low + dice.randint(100, 300))
        cells["region"] = dice.choice(["A", "B, C", "not(A)", "-"])
        cells["tier"] = dice.choice(["x", "y", "not(x)", "-"])
        rows.append(_row(f"t{place}", dice.randint(1, 8), cells))
    return _policy(HitPolicy.COLLECT, rows)


def _gate(dice: Random, company: int = 200) -> Policy:
    people = {
        f"p{at}": Person(f"p{at}", f"P{at}", f"p{at}@example.com", manager=_above(at))
        for at in range(company)
    }
    roles = {
        f"c{chain}-{level}": Role(
            f"c{chain}-{level}",
            f"C{chain} {level}",
            tuple(dice.sample(sorted(people), 2)),
            f"c{chain}",
            level,
        )
        for chain, level in product(range(_CHAINS), range(1, 5))
    }
    matrices = {name: _asking(name, dice) for name in ("terms", "delivery", "risk")}
    gate = Gate("g", "Sales", "Contract", Mode.BLOCK, matrices=tuple(matrices))
    return Policy("v", _FIELDS, people, roles, {}, matrices, (gate,), currency="EUR")


def _above(at: int) -> str | None:
    return f"p{at // 5}" if at else None


def _asking(name: str, dice: Random) -> Matrix:
    rows = [_row("rest", 0, {})]
    for place in range(ROWS // 3 - 1):
        fields = dice.sample(["discount", "amount", "users", "start"], 2)
        cells = {
            field: _interval(field, low := dice.randint(0, 700), low + dice.randint(100, 300))
            for field in fields
        }
        chains = dice.sample(range(_CHAINS), 2 if dice.random() < _JOINT else 1)
        roles = tuple(f"c{chain}-{dice.randint(1, 4)}" for chain in chains)
        rows.append(replace(_row(f"a{place}", 1, cells), roles=roles))
    return Matrix(name, HitPolicy.COLLECT, tuple(_FIELDS), tuple(rows), where="policy.yaml:1")


def _crowd(dice: Random) -> Policy:
    return _gate(dice, company=12)


_SHAPES: dict[str, Callable[[Random], Policy]] = {
    "grid": _grid, "split": _halved, "collect": _limits, "tangle": _tangle, "woven": _woven,
    "gate": _gate, "crowd": _crowd,
}  # fmt: skip


def measured(seed: int = 7) -> Iterator[Seen]:
    """Prove each shape once, by process time."""
    for shape, make in _SHAPES.items():
        policy = make(Random(seed))
        start = time.process_time()
        faults = prove(policy)
        seconds = time.process_time() - start
        proved = all(fault.kind is not Kind.NOT_PROVED for fault in faults)
        rows = sum(len(one.rows) for one in policy.matrices.values())
        yield Seen(shape, rows, seconds, len(faults), proved)


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    seen = list(measured(given.seed))
    if given.json:
        slowest = max(one.seconds for one in seen)
        shapes = {one.shape: asdict(one) for one in seen}
        print(json.dumps({"slowest_s": slowest, "vs_floor": slowest / FLOOR_S, "shapes": shapes}))
        return
    print(f"{'shape':10}{'rows':>6}{'seconds':>10}{'faults':>8}  proved")
    for one in seen:
        print(
            f"{one.shape:10}{one.rows:>6}{one.seconds:>10.3f}{one.faults:>8}  {'yes' if one.proved else 'no'}"
        )


if __name__ == "__main__":
    main()
