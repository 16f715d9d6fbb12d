"""Lines of a CSV file, each cell read as the policy's field of that name."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from connector.backtest.crossing import NO_HISTORY
from connector.backtest.reading import NotReadable, typed
from connector.deals import Deal, LineItem, Value
from connector.directory import CrmUser
from connector.errors import ConfigurationError
from connector.policy.model import Field, Home, Policy
from connector.policy.problems import nearest

_OURS = frozenset({"deal", "at", "pipeline", "stage", "owner", "name", "currency", "created", "products"})
_UNKNOWN = "?"
_SOLD = re.compile(r"(?:(?P<quantity>[\d.]+)\s*x\s+)?(?P<name>.+?)(?:\s+at\s+(?P<price>[\d.]+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, its cells by column."""

    path: Path
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, allowed: str) -> ConfigurationError:
        """Make the error that says what is allowed there."""
        where = f"{self.path}:{self.number}"
        return ConfigurationError(f'{column}: found "{self[column]}"; allowed: {allowed}.', where=where)

    def moment(self, column: str) -> datetime:
        """Read a time; one without a zone is UTC."""
        try:
            at = datetime.fromisoformat(self[column])
        except ValueError:
            raise self.wrong(column, "a time, as 2026-03-16T14:02+01:00") from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)


def lines_in(path: Path, needed: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of a file that has these columns at least. Raise ConfigurationError."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or ()
            missing = [name for name in needed if name not in columns]
            if missing:
                raise ConfigurationError(f"It has no column {', '.join(missing)}.", where=f"{path}:1")
            for row in reader:
                yield Line(path, reader.line_num, {name: (row[name] or "").strip() for name in columns})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigurationError(f"It cannot be read: {said}.", where=str(path)) from error


def tell_strangers(lines: Sequence[Line], *policies: Policy) -> None:
    """Say which columns are no word of these policies, so that a misspelt one is not taken for unknown."""
    known = sorted(_OURS.union(*(policy.fields for policy in policies)))
    strange = [name for name in (lines[0].cells if lines else ()) if name not in known]
    if strange:
        said = ", ".join(f"{name}{_near(name, known)}" for name in strange)
        click.echo(f"{lines[0].path}:1: left out, since no word of the policy: {said}.", err=True)


def _near(name: str, known: Sequence[str]) -> str:
    """Return a question for the nearest known name, nothing where none is near."""
    found = nearest(name, known)
    return f" (did you mean {found}?)" if found else ""


def deal_in(line: Line, policy: Policy) -> tuple[Deal, dict[str, Value]]:
    """Return the deal of a line, and the computed values that the file gives itself."""
    told = {field.name: _told(line, field) for field in policy.fields.values()}
    computed = {name for name, field in policy.fields.items() if field.home is Home.DERIVED}
    deal = Deal(
        id=line["deal"],
        name=line["name"] or line["deal"],
        pipeline=line["pipeline"],
        stage=line["stage"],
        owner=line["owner"] or None,
        currency=line["currency"] or None,
        created_at=line.moment("created") if line["created"] else None,
        values={name: value for name, value in told.items() if name not in computed},
        line_items=_products(line),
    )
    return deal, {name: told[name] for name in computed & line.cells.keys()}


def owners_in(lines: Iterable[Line], policy: Policy) -> tuple[CrmUser, ...]:
    """Return the owners that the lines name as users: a person of the policy by id, e-mail or name."""
    return tuple(_user(owner, policy) for owner in dict.fromkeys(line["owner"] for line in lines) if owner)


def _user(owner: str, policy: Policy) -> CrmUser:
    for person in policy.people.values():
        if owner.casefold() in {person.id, person.email.casefold(), person.name.casefold()}:
            return CrmUser(owner, owner, person.email, person.name)
    return CrmUser(owner, owner, f"{owner}@nobody.invalid", owner)


def _products(line: Line) -> tuple[LineItem, ...] | None:
    """Read "2 x FP-200 at 180000; FEED": how many, what, and the price of one; None where nobody knows."""
    text = line.cells.get("products", _UNKNOWN)
    if text == _UNKNOWN:
        return None
    sold = [part.strip() for part in text.split(";") if part.strip()]
    return tuple(_item(line, str(place), part) for place, part in enumerate(sold, start=1))


def _item(line: Line, place: str, text: str) -> LineItem:
    found = _SOLD.fullmatch(text)
    try:
        quantity = Decimal((found and found["quantity"]) or 1)
        price = Decimal(found["price"]) if found and found["price"] else None
    except InvalidOperation:
        found = None
    if found is None:
        raise line.wrong("products", "products with a semicolon between, as 2 x FP-200 at 180000; FEED")
    return LineItem(place, None, found["name"], found["name"], quantity, None, price)


def _told(line: Line, field: Field) -> Value:
    """Return a cell as the field's value: no column or ? is not known any more, empty is not filled in."""
    text = line.cells.get(field.name, "" if field.name in _OURS else _UNKNOWN)
    if text == _UNKNOWN:
        return NO_HISTORY
    try:
        return typed(text, field.type) if text else None
    except NotReadable as error:
        raise line.wrong(field.name, str(error)) from None
