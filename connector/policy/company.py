"""Build what is sold: the standard offering, its terms, and what currencies are worth."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.policy.cell import Cell
from connector.policy.problems import one_of, shown
from connector.policy.rows import one_cell
from connector.policy.shapes import Loaded
from connector.policy.sold import Effort, Offering, Product, Rates, Term, folded
from connector.policy.source import Path, Source
from connector.policy.vocabulary import Field, FieldType, Home

_PATH: Path = ("offering",)
_NAMES = ("sku", "name", "also")


@dataclass(frozen=True, slots=True)
class _Shop:
    """What the offering is read against. `currency` is that of amounts that name none; `unread` are the names
    of products that are none for some reason."""

    source: Source
    fields: Mapping[str, Field]
    currency: str | None
    unread: tuple[str, ...] = ()


def offering(source: Source, given: Loaded, fields: Mapping[str, Field], currency: str | None) -> Offering:
    """Return the standard offering; each spelling belongs to one product."""
    shop = _Shop(source, fields, given.get("currency", currency), tuple(unread(source)))
    products: dict[int, Product] = {}
    by_name: dict[str, Product] = {}
    left: list[Path] = []
    for place, one in enumerate(given.get("products", ())):
        path: Path = (*_PATH, "products", place)
        if one is None or source.broken(path):
            _check_options(shop, (*path, "options"))
            left.append(path)
            continue
        product = _product(shop, path, one)
        for name in sorted(product.names):
            other = by_name.setdefault(name, product)
            if other is not product:
                source.problem(
                    path, f'found the name or sku "{name}", which is already that of {other.label}'
                )
        products[place] = product
    linked = _linked(shop, products, by_name)
    for path in left:
        _check_links(shop, path, by_name)
    by_id = {one.id: one for one in linked}
    return Offering(
        products=linked,
        by_name={name: by_id[one.id] for name, one in by_name.items()},
        terms=_terms(shop, given.get("terms") or {}),
        lead_days=given.get("lead_days"),
        start=_start(shop, given.get("start")),
        where=source.where(_PATH),
    )


def unread(source: Source) -> Iterator[str]:
    """Yield the names of products that are none because something is wrong with them."""
    written = source.at((*_PATH, "products"))
    for place in range(len(written)) if isinstance(written, list) else ():
        path: Path = (*_PATH, "products", place)
        for key in _NAMES if source.broken(path) else ():
            yield from source.texts((*path, key))


def _product(shop: _Shop, path: Path, given: Loaded) -> Product:
    price, currency = _money(shop, (*path, "list-price"), given.get("list_price"))
    cost, cost_in = _money(shop, (*path, "cost"), given.get("cost"))
    if price is not None and cost is not None and cost_in != currency:
        shop.source.problem((*path, "cost"), f"found {cost_in}; allowed: {currency}, as the list price")
    least, most = given.get("least"), given.get("most")
    if least is not None and most is not None and most < least:
        shop.source.problem((*path, "at-most"), f"found {most}; allowed: {least} (`at-least`) or more")
    label: str = given["label"]
    sku: str = given.get("sku", label)
    return Product(
        id=sku,
        label=label,
        names=frozenset(folded(name) for name in (sku, label, *given.get("also", ()))),
        list_price=price,
        currency=currency if price is not None else cost_in,
        discount=given.get("discount"),
        cost=cost,
        effort=tuple(
            Effort(role, one["hours"], one.get("lead_in", 0), one.get("weeks", 1))
            for role, one in given.get("effort", {}).items()
        ),
        options=_options(shop, (*path, "options"), given.get("options", {})),
        requires=tuple(given.get("requires", ())),
        excludes=tuple(given.get("excludes", ())),
        lead_days=given.get("lead_days"),
        least=least,
        most=most,
        where=shop.source.where(path),
    )


def _money(
    shop: _Shop, path: Path, given: tuple[Decimal, str | None] | None
) -> tuple[Decimal | None, str | None]:
    if given is None:
        return None, shop.currency
    amount, named = given
    currency = named or shop.currency
    if amount <= 0:
        shop.source.problem(path, "found no price; allowed: more than 0")
    if currency is None:
        shop.source.problem(path, "found an amount without a currency; write it as EUR 50,000")
    return amount, currency


def _linked(
    shop: _Shop, products: Mapping[int, Product], by_name: Mapping[str, Product]
) -> tuple[Product, ...]:
    """Return the products with ids for what they require and exclude, by whatever name it is called."""
    return tuple(
        replace(
            one,
            requires=_others(shop, (*_PATH, "products", place, "requires"), one, one.requires, by_name),
            excludes=_others(shop, (*_PATH, "products", place, "excludes"), one, one.excludes, by_name),
        )
        for place, one in products.items()
    )


def _check_links(shop: _Shop, path: Path, by_name: Mapping[str, Product]) -> None:
    """Note what a product that is none for another reason requires or excludes and nobody sells."""
    for key in ("requires", "excludes"):
        if not shop.source.broken((*path, key)):
            _others(shop, (*path, key), None, shop.source.texts((*path, key)), by_name)


def _others(
    shop: _Shop, path: Path, product: Product | None, names: Iterable[str], by_name: Mapping[str, Product]
) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        other = by_name.get(folded(name))
        if other is None and folded(name) in map(folded, shop.unread):
            continue  # the product is there; what is wrong with it is noted
        if other is None:
            allowed = one_of(name, sorted({*(one.label for one in by_name.values()), *shop.unread}))
            shop.source.problem(
                path, f"found {shown(name)}, which is no product of the offering; allowed: {allowed}"
            )
        elif product is not None and other.id == product.id:
            shop.source.problem(path, f"found {shown(name)}, which is the product itself")
        else:
            found.append(other.id)
    return tuple(dict.fromkeys(found))


def _options(shop: _Shop, path: Path, given: Mapping[str, object]) -> tuple[Cell, ...]:
    cells = (_cell_of(shop, (*path, name), name, written) for name, written in given.items())
    return tuple(cell for cell in cells if cell is not None and not cell.any)


def _check_options(shop: _Shop, path: Path) -> None:
    """Note what is wrong with the options of a product that is none for another reason."""
    written = shop.source.at(path)
    for name, test in written.items() if isinstance(written, dict) else ():
        if not shop.source.broken((*path, name)):
            _cell_of(shop, (*path, name), name, test)


def _cell_of(shop: _Shop, path: Path, name: str, written: object) -> Cell | None:
    known = sorted(shop.fields.keys() | set(shop.source.names("fields")))
    if not shop.source.refers(path, name, known, "field of this policy") or name not in shop.fields:
        return None
    return one_cell(shop.source, path, written, shop.fields[name], shop.currency)


def _terms(shop: _Shop, given: Mapping[str, Loaded | None]) -> tuple[Term, ...]:
    sound = {
        name: one for name, one in given.items() if one and not shop.source.broken((*_PATH, "terms", name))
    }
    found = (_term(shop, (*_PATH, "terms", name), name, one) for name, one in sound.items())
    return tuple(term for term in found if term is not None)


def _term(shop: _Shop, path: Path, name: str, given: Loaded) -> Term | None:
    cell = _cell_of(shop, path, name, given["standard"])
    if cell is None:
        return None
    worth: Loaded = given.get("worth", {})
    each, currency = worth.get("each", (None, None))
    if each is not None and (currency or shop.currency) is None:
        shop.source.problem((*path, "worth-a-unit"), "found an amount without a currency")
    return Term(name, cell, each, currency or shop.currency, worth.get("share"), shop.source.where(path))


def _start(shop: _Shop, name: str | None) -> str | None:
    if name is None:
        return None
    path: Path = (*_PATH, "start")
    known = sorted(shop.fields.keys() | set(shop.source.names("fields")))
    if shop.source.refers(path, name, known, "field of this policy") and name in shop.fields:
        field = shop.fields[name]
        if field.type is not FieldType.DATE or field.home is Home.DERIVED:
            shop.source.problem(path, f"found a field of type {field.type}; allowed: a date of the CRM")
    return name


def rates(source: Source, given: Loaded, currency: str | None) -> Rates:
    """Return what currencies are worth in the policy's own."""
    path: Path = ("rates",)
    if not given or source.broken(path):
        return Rates()
    if currency is None:
        source.problem(path, "found rates, but no `currency` at the top of the policy that they lead to")
    if "as_of" not in given and given["worth"]:
        source.problem((*path, "as-of"), "is missing; needed: a date as 2026-03-16")
    if currency in given["worth"]:
        source.problem((*path, currency or ""), "found the policy's own currency, which is always worth 1")
    return Rates(given.get("as_of"), given["worth"], from_crm="from_crm" in given)
