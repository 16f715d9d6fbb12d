"""Build the examples: deals written beside the rules, with what must come out."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector.deals import LineItem, Value
from connector.policy import literals
from connector.policy.checklist_words import Words
from connector.policy.example import Example
from connector.policy.example_schemas import BESIDE, NOBODY
from connector.policy.literals import NotALiteral
from connector.policy.problems import one_of, shown
from connector.policy.shapes import Loaded
from connector.policy.sold import Offering, folded
from connector.policy.source import Path, Source
from connector.policy.vocabulary import Field, FieldType

_NOT_FILLED = "empty"


def build(words: Words, loaded: Iterable[Loaded | None]) -> tuple[Example, ...]:
    """Return the examples in the file's order; each id stands once."""
    found: dict[str, Example] = {}
    for place, given in enumerate(loaded):
        path: Path = ("examples", place)
        if given is None or words.source.broken(path):
            _check_names(words, path)
            continue
        example = _example(words, path, given)
        if example.id in found:
            message = f'found "{example.id}" again; it is the example of {found[example.id].where}'
            words.source.problem((*path, "id"), message)
        found[example.id] = example
    return tuple(found.values())


def _check_names(words: Words, path: Path) -> None:
    """Note what a broken example names and the policy does not have: all is told at once."""
    gate, deal, owner = (words.source.at((*path, key)) for key in ("gate", "deal", "owner"))
    if isinstance(gate, str):
        words.source.refers((*path, "gate"), gate, _gates(words), "gate of this policy")
    if isinstance(owner, str):
        _owner(words, (*path, "owner"), owner)
    for name, written in deal.items() if isinstance(deal, dict) else ():
        sound = not words.source.broken((*path, "deal", name))
        value = written if sound and isinstance(written, str) else _NOT_FILLED
        _values(words, (*path, "deal"), {name: value})
    for key in ("sign-off", *BESIDE):
        _roles(words, (*path, key), words.source.texts((*path, key)))


def _gates(words: Words) -> list[str]:
    return [str(words.source.at(("gates", place, "id"))) for place in range(_count(words))]


def _example(words: Words, path: Path, given: Loaded) -> Example:
    words.source.refers((*path, "gate"), given["gate"], _gates(words), "gate of this policy")
    currency = given.get("currency", words.currency)
    return Example(
        id=given["id"],
        gate=given["gate"],
        expect=given["expect"],
        values=_values(words, (*path, "deal"), given.get("deal", {})),
        lines=_lines(words, (*path, "lines"), given.get("lines", ()), currency),
        currency=currency,
        today=given.get("today"),
        owner=_owner(words, (*path, "owner"), given.get("owner")),
        roles=_roles(words, (*path, "sign-off"), given["roles"]) if "roles" in given else None,
        codes=frozenset(given["codes"]) if "codes" in given else None,
        beside={key: _roles(words, (*path, key), given[key]) for key in BESIDE if key in given},
        rises=given.get("rises"),
        where=words.source.where(path),
    )


def _roles(words: Words, path: Path, named: Iterable[str]) -> frozenset[str]:
    """Return the roles named; "nobody" alone names none."""
    roles = frozenset(named)
    if roles == {NOBODY}:
        return frozenset()
    for role in sorted(roles):
        words.is_role(path, role)
    return roles


def _count(words: Words) -> int:
    gates = words.source.at(("gates",))
    return len(gates) if isinstance(gates, list) else 0


def _owner(words: Words, path: Path, name: str | None) -> str | None:
    if name is not None:
        words.source.refers(path, name, words.source.names("people"), "person of this policy")
    return name


def _values(words: Words, path: Path, given: Mapping[str, str | list[str]]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, written in given.items():
        field = words.field((*path, name), name)
        if field is None:
            continue
        try:
            values[name] = _value(words, (*path, name), field, written)
        except NotALiteral as error:
            words.source.problem((*path, name), f"found {shown(written)}; allowed: {error}")
    return values


def _value(words: Words, path: Path, field: Field, written: str | list[str]) -> Value:
    if field.type in {FieldType.TEXT, FieldType.ENUM}:
        return _words(field, written)
    if not isinstance(written, str):
        raise NotALiteral("one value, not a list")
    if written.strip().casefold() == _NOT_FILLED:
        return None
    if field.type is FieldType.BOOLEAN:
        return literals.flag(written)
    if field.type is FieldType.PERSON:
        words.source.refers(path, written, words.source.names("people"), "person of this policy")
        return written
    return literals.ordered(written, field.type)[0]


def _words(field: Field, written: str | list[str]) -> Value:
    if isinstance(written, str) and written.strip().casefold() == _NOT_FILLED:
        return None
    for word in [written] if isinstance(written, str) else written:
        if field.options and word.casefold() not in {option.casefold() for option in field.options}:
            raise NotALiteral(one_of(word, field.options))
    return written if isinstance(written, str) else tuple(written)


def _lines(
    words: Words, path: Path, given: Iterable[Loaded | None], currency: str | None
) -> tuple[LineItem, ...]:
    return tuple(
        _line(words, (*path, place), place, one, currency)
        for place, one in enumerate(given)
        if one is not None
    )


def _line(words: Words, path: Path, place: int, given: Loaded, currency: str | None) -> LineItem:
    check_price(words.source, path, given, currency)
    return line_item(given, place, words.offering)


def check_price(source: Source, path: Path, given: Loaded, currency: str | None) -> None:
    """Note a price in another currency than the deal's."""
    _, named = given.get("price", (None, None))
    if named is not None and named != currency:
        source.problem((*path, "price"), f"found {named}; the deal is in {currency or 'no currency'}")


def line_item(given: Loaded, place: int, offering: Offering) -> LineItem:
    """Return a product line as it is written; without a price it is sold at list price."""
    name: str = given.get("product", "")
    product = offering.by_name.get(folded(name))
    price, _ = given.get("price", (None, None))
    if price is None and product is not None:
        price = product.list_price
    return LineItem(
        id=str(place + 1),
        product=product.id if product else None,
        name=product.label if product else name,
        sku=product.id if product else None,
        quantity=given.get("quantity", Decimal(1)),
        list_price=None,
        net_price=price,
    )
