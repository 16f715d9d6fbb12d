"""Build who is who and what is sold: people, roles, calendar, offering."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, available_timezones

from connector.policy.model import OWNER_MANAGER, Calendar, Offering, Person, Product, Role, folded
from connector.policy.problems import one_of
from connector.policy.schemas import WEEKDAYS
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source


def people(source: Source, loaded: Mapping[str, Loaded]) -> dict[str, Person]:
    """Return the people by id; nobody manages himself, no two share an e-mail."""
    found: dict[str, Person] = {}
    mails: dict[str, str] = {}
    for name, given in loaded.items():
        path: Path = ("people", name)
        manager = (given or {}).get("manager")
        if manager == name:
            source.problem((*path, "manager"), "found the person as their own manager")
        elif manager is not None:
            source.refers((*path, "manager"), manager, source.names("people"), "person of this policy")
        if source.broken(path):
            continue
        other = mails.setdefault(given["email"].casefold(), name)
        if other != name:
            source.problem((*path, "email"), f'found "{given["email"]}", which is already that of {other}')
        found[name] = Person(
            name,
            given["full_name"],
            given["email"],
            hubspot_user=given.get("hubspot_user"),
            salesforce_username=given.get("salesforce_username"),
            manager=manager,
            where=source.where(path),
        )
    return found


def roles(source: Source, loaded: Mapping[str, Loaded]) -> dict[str, Role]:
    """Return the roles by id; in one chain each has a level of its own."""
    found: dict[str, Role] = {}
    levels: dict[tuple[str, int], str] = {}
    for name, given in loaded.items():
        path: Path = ("roles", name)
        _check_holders(source, (*path, "holders"), given or {})
        if source.broken(path):
            continue
        role = _role(name, given, source.where(path))
        other = levels.setdefault((role.chain, role.level), name)
        if other != name:
            message = (
                f"found level {role.level} of chain {role.chain}, which is that of {other}; allowed: another"
            )
            source.problem((*path, "level"), message)
        found[name] = role
    return found


def _role(name: str, given: Loaded, where: str) -> Role:
    return Role(
        id=name,
        label=given.get("label", name.replace("-", " ").capitalize()),
        holders=tuple(dict.fromkeys(given["holders"])),
        chain=given.get("chain", name),
        level=given.get("level", 1),
        function=given.get("function", ""),
        where=where,
    )


def _check_holders(source: Source, path: Path, given: Loaded) -> None:
    if source.broken(path):
        return
    for place, holder in enumerate(given.get("holders", ())):
        _check_holder(source, (*path, place), holder)


def _check_holder(source: Source, path: Path, holder: str) -> None:
    if holder != OWNER_MANAGER:
        names = (*source.names("people"), OWNER_MANAGER)
        source.refers(path, holder, names, f"person of this policy, nor {OWNER_MANAGER}")
    elif not any("manager" in source.names("people", name) for name in source.names("people")):
        source.problem(path, f"found {OWNER_MANAGER}, but nobody under `people` has a manager")


def calendar(source: Source, given: Loaded) -> Calendar:
    """Return the working calendar."""
    path: Path = ("calendar",)
    usual = Calendar()
    if source.broken(path):
        return usual
    zone = given.get("zone", usual.zone)
    if not _is_zone(zone):
        names = available_timezones()
        near = one_of(zone, names).partition("Did you mean ")[2]
        hint = f" Did you mean {near}" if near else ""
        source.problem((*path, "zone"), f'found "{zone}"; allowed: a time zone as Europe/Amsterdam.{hint}')
    opens, closes = given.get("opens", usual.opens), given.get("closes", usual.closes)
    if opens >= closes:
        source.problem((*path, "closes"), f"found {closes}; allowed: an hour after opening, {opens}")
    named = given.get("days")
    days = frozenset(WEEKDAYS.index(day) for day in named) if named else usual.days
    return Calendar(zone, opens, closes, days, given.get("answer_hours", usual.answer_hours))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder
        return False
    return True


def offering(source: Source, given: Loaded, currency: str | None) -> Offering:
    """Return the standard offering; each spelling belongs to one product."""
    products: list[Product] = []
    by_name: dict[str, Product] = {}
    for place, one in enumerate(given.get("products", ())):
        path: Path = ("offering", "products", place)
        if source.broken(path):
            continue
        product = _product(source, path, one, given.get("currency", currency))
        for name in sorted(product.names):
            other = by_name.setdefault(name, product)
            if other is not product:
                source.problem(
                    path, f'found the name or sku "{name}", which is already that of {other.label}'
                )
        products.append(product)
    return Offering(tuple(products), by_name)


def _product(source: Source, path: Path, given: Loaded, currency: str | None) -> Product:
    price, named = given.get("list_price", (None, None))
    if price is not None and price <= 0:
        source.problem((*path, "list-price"), "found no price; allowed: more than 0")
    if price is not None and (named or currency) is None:
        source.problem((*path, "list-price"), "found an amount without a currency; write it as EUR 50,000")
    label: str = given["label"]
    sku: str = given.get("sku", label)
    names = frozenset(folded(name) for name in (sku, label, *given.get("also", ())))
    return Product(sku, label, names, price, named or currency)
