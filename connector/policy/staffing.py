"""Build who signs: people, roles, delegations, and who may grant exceptions."""

from collections.abc import Iterable, Mapping
from datetime import date

from connector.policy.calendars import check_zone
from connector.policy.model import ANY_RULE, OWNER_MANAGER, Delegation, Found, Person, Role, Waivers
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source
from connector.policy.staff import Rhythm


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
        check_zone(source, (*path, "zone"), (given or {}).get("zone"))
        email = (given or {}).get("email", "")
        other = mails.setdefault(email.casefold(), name) if email else name
        if other != name:
            source.problem((*path, "email"), f'found "{email}", which is already that of {other}')
        if source.broken(path):
            continue
        found[name] = Person(
            name,
            given["full_name"],
            given["email"],
            hubspot_user=given.get("hubspot_user"),
            salesforce_username=given.get("salesforce_username"),
            manager=manager,
            where=source.where(path),
            zone=given.get("zone"),
            digest=Rhythm(given["digest"]) if given.get("digest") else None,
        )
    for name in found:
        _check_line(source, name, found)
    return found


def _check_line(source: Source, name: str, known: Mapping[str, Person]) -> None:
    """Note a person who stands above himself, at the first of the circle in the file."""
    above, line = known[name].manager, [name]
    while above is not None and above in known and above not in line:
        line.append(above)
        above = known[above].manager
    if above == name and len(line) > 1 and name == min(line, key=list(known).index):
        message = (
            f"found {line[1]}, who reports to {' to '.join([*line[2:], name])}: nobody stands above himself"
        )
        source.problem(("people", name, "manager"), message)


def roles(source: Source, loaded: Mapping[str, Loaded]) -> dict[str, Role]:
    """Return the roles by id; in one chain each has its own level, and one at most is the last resort."""
    found: dict[str, Role] = {}
    levels: dict[tuple[str, int], str] = {}
    last: list[str] = []
    for name, written in loaded.items():
        path: Path = ("roles", name)
        given = written or {}
        _check_role(source, path, given)
        chain, level = given.get("chain", name), given.get("level", 1)
        other = levels.setdefault((chain, level), name) if not _unclear(source, path) else name
        if other != name:
            message = f"found level {level} of chain {chain}, which is that of {other}; allowed: another"
            source.problem((*path, "level"), message)
        last += [name] if given.get("last_resort") else []
        if given.get("last_resort") and last[0] != name:
            source.problem((*path, "last-resort"), f"found true, but {last[0]} is the last resort already")
        if not source.broken(path):
            found[name] = _role(name, given, source.where(path))
    return found


def _unclear(source: Source, path: Path) -> bool:
    """Say whether it cannot be told where a role stands in its chain."""
    return any(source.broken((*path, key)) for key in ("chain", "level"))


def _role(name: str, given: Loaded, where: str) -> Role:
    return Role(
        id=name,
        label=given.get("label", name.replace("-", " ").capitalize()),
        holders=tuple(dict.fromkeys(given["holders"])),
        chain=given.get("chain", name),
        level=given.get("level", 1),
        function=given.get("function", ""),
        where=where,
        backups=tuple(dict.fromkeys(given.get("backups", ()))),
        needs=given.get("needs", 1),
        top=given.get("top", False),
        last_resort=given.get("last_resort", False),
        lifted_by=tuple(dict.fromkeys(given.get("lifted_by", ()))),
    )


def _check_role(source: Source, path: Path, given: Loaded) -> None:
    _check_holders(source, (*path, "holders"), given.get("holders", ()))
    _check_holders(source, (*path, "backups"), given.get("backups", ()))
    if not source.broken((*path, "veto-lifted-by")):
        _refer(source, (*path, "veto-lifted-by"), given.get("lifted_by", ()), "roles")
    if source.broken(path):
        return
    people_only = all(_is_person(one) for one in given.get("holders", ()))
    needs, named = given.get("needs", 1), len(set(given.get("holders", ())))
    if needs is None and not people_only:
        source.problem((*path, "needs"), "found all, but only people can all be named; allowed: a number")
    if people_only and needs is not None and needs > named:
        source.problem((*path, "needs"), f"found {needs}, but it has {named} holders; nobody could ever sign")


def _check_holders(source: Source, path: Path, holders: Iterable[str]) -> None:
    known = source.texts(path) if source.broken(path) else holders
    for place, holder in enumerate(known):
        _check_holder(source, (*path, place), holder)


def _check_holder(source: Source, path: Path, holder: str) -> None:
    if _is_person(holder):
        names = (*source.names("people"), OWNER_MANAGER)
        source.refers(path, holder, names, f"person of this policy, nor {OWNER_MANAGER}")
    elif holder == OWNER_MANAGER and not _anybody_managed(source):
        source.problem(path, f"found {OWNER_MANAGER}, but nobody under `people` has a manager")


def _is_person(holder: str) -> bool:
    return holder != OWNER_MANAGER and holder.partition(":")[0] not in set(Found)


def _anybody_managed(source: Source) -> bool:
    return any("manager" in source.names("people", name) for name in source.names("people"))


def _refer(source: Source, path: Path, names: Iterable[str], block: str) -> None:
    what = "person" if block == "people" else block.rstrip("s")
    for place, name in enumerate(names):
        source.refers((*path, place), name, source.names(block), f"{what} of this policy")


def delegations(
    source: Source, loaded: Iterable[Loaded | None], currency: str | None
) -> tuple[Delegation, ...]:
    """Return who signs for whom; nobody for himself, and no delegation ends before it begins."""
    found: list[Delegation] = []
    for place, given in enumerate(loaded):
        path: Path = ("delegations", place)
        if given is None or source.broken(path):
            continue
        _check_delegation(source, path, given, currency)
        if not source.broken(path):
            found.append(_delegation(given, currency, source.where(path)))
    return tuple(found)


def _check_delegation(source: Source, path: Path, given: Loaded, currency: str | None) -> None:
    giver, to = given["giver"], given["to"]
    since: date = given["since"]
    source.refers((*path, "from"), giver, source.names("people"), "person of this policy")
    source.refers((*path, "to"), to, source.names("people"), "person of this policy")
    if giver == to:
        source.problem((*path, "to"), f'found "{to}", who is the giver; allowed: somebody else')
    if given["until"] < since:
        source.problem((*path, "until"), f"found {given['until']}; allowed: {since} or later")
    _refer(source, (*path, "roles"), given.get("roles", ()), "roles")
    amount, named = given.get("up_to", (None, None))
    if amount is not None and (named or currency) is None:
        source.problem((*path, "up-to"), "found an amount without a currency; write it as EUR 50,000")


def _delegation(given: Loaded, currency: str | None, where: str) -> Delegation:
    amount, named = given.get("up_to", (None, None))
    return Delegation(
        giver=given["giver"],
        to=given["to"],
        since=given["since"],
        until=given["until"],
        roles=frozenset(given.get("roles", ())),
        up_to=amount,
        currency=(named or currency) if amount is not None else None,
        pipelines=frozenset(given.get("pipelines", ())),
        where=where,
    )


def waivers(source: Source, given: Loaded) -> Waivers:
    """Return who may grant exceptions; rules are matrices, checks, or `any`."""
    path: Path = ("waivers",)
    usual = Waivers()
    if not given or source.broken(path):
        return usual
    known = (*source.names("authority"), *_checks(source), ANY_RULE)
    for rule, granting in given["grant"].items():
        source.refers((*path, "grant", rule), rule, known, "matrix or check of this policy")
        _refer(source, (*path, "grant", rule), granting, "roles")
    _refer(source, (*path, "break-glass"), given.get("break_glass", ()), "roles")
    return Waivers(
        grant={rule: tuple(names) for rule, names in given["grant"].items()},
        reasons=tuple(dict.fromkeys(given["reasons"])),
        longest_days=given.get("longest_days", usual.longest_days),
        break_glass=tuple(dict.fromkeys(given.get("break_glass", ()))),
        review_days=given.get("review_days", usual.review_days),
    )


def _checks(source: Source) -> Iterable[str]:
    """Yield the kinds of check that the checklists hold."""
    for name in source.names("checklists"):
        checks = source.at(("checklists", name))
        for one in checks if isinstance(checks, list) else ():
            if isinstance(one, str):
                yield one
            elif isinstance(one, dict):
                yield from one
