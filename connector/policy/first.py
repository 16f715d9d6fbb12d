"""The first policy of a company, written from its account: it only observes; comments say what to decide."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connector.deals import Pipeline, Stage, StageKind
from connector.policy.model import FieldType, Home
from connector.policy.words import RESERVED, built_in

_REQUIRED = 0.8  # filled in on so many of the deals that stand at the gate or beyond: they can be asked for
_MOST_REQUIRED = 5
_MOST_OPTIONS = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """A field of the account's deals, or of their companies. `filled`: how many of the deals looked at have
    it, by stage."""

    name: str
    label: str
    type: FieldType
    options: tuple[str, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)
    home: Home = Home.DEAL


@dataclass(frozen=True, slots=True)
class Somebody:
    """An active user. `owns`: open deals among those looked at; `manager` an e-mail."""

    name: str
    email: str
    user: str
    owns: int = 0
    manager: str | None = None
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sold:
    name: str
    sku: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What an account shows of itself. `vendor`: the key under which fields name their property; `stood`: how
    many of the deals looked at stand in each stage."""

    vendor: str
    user_key: str
    currency: str
    pipelines: tuple[Pipeline, ...]
    people: tuple[Somebody, ...] = ()
    fields: tuple[Seen, ...] = ()
    products: tuple[Sold, ...] = ()
    stood: Mapping[str, int] = field(default_factory=dict)


def first_policy(account: Account) -> str:
    """Return the policy's text; at least two people are needed. It passes every check as it is."""
    names = _names(account)
    sections = (
        _head(account),
        _fields(account, names),
        _people(account),
        _roles(account),
        _offering(account),
        _checklists(account, names),
        _authority(account),
        _gates(account),
    )
    return "\n\n".join(text for section in sections if (text := "\n".join(section))) + "\n"


def slug(text: str) -> str:
    """Return a text as a name of the policy: "Delivery address" is delivery-address."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "x"


def _head(account: Account) -> Iterator[str]:
    yield "# Written from your account. Every gate only observes: nothing changes before you say so."
    yield "# Lines with DECIDE are yours. Then: `dealgate policy check`, `dealgate policy publish`, and after"
    yield "# some weeks `dealgate report observe` says what the gates would have stopped."
    yield "policy: First policy"
    yield f"currency: {account.currency}    # DECIDE: of limits and deals that name none"


def _fields(account: Account, names: Mapping[str, Seen]) -> Iterator[str]:
    if not names:
        return
    looked = sum(account.stood.values())
    yield "# The fields that your deals have, beside amount, close-date, name and owner,"
    yield f"# and how many of {looked} open deals have them filled in."
    yield "fields:"
    told = False
    for name, seen in names.items():
        if seen.home is Home.COMPANY and not told:
            told = True
            yield "  # Of the company that the deal is with:"
        yield f"  # {_rates(seen, account)}"
        options = f", options: {_listed(seen.options)}" if seen.options else ""
        home = ", on: company" if seen.home is Home.COMPANY else ""
        where = f"{account.vendor}: {_quoted(seen.name)}{home}, label: {_quoted(_label(seen))}"
        yield f"  {name}: {{{where}, type: {seen.type}{options}}}"


def _label(seen: Seen) -> str:
    """Say whose field it is where that is not the deal."""
    of_company = seen.home is Home.COMPANY and not seen.label.casefold().startswith("company")
    return f"Company {seen.label}" if of_company else seen.label


def _rates(seen: Seen, account: Account) -> str:
    whole = sum(account.stood.values())
    parts = [_share("filled", sum(seen.filled.values()), whole)]
    for pipeline in account.pipelines:
        for stage in pipeline.stages:
            stood = account.stood.get(stage.id, 0)
            if stood and stage.kind is StageKind.OPEN:
                parts.append(_share(_plain(stage.label), seen.filled.get(stage.id, 0), stood))
    return "; ".join(dict.fromkeys(parts))


def _share(word: str, part: int, whole: int) -> str:
    return f"{word} {100 * part // whole} %" if whole else f"{word} unknown"


def _people(account: Account) -> Iterator[str]:
    ids = _ids(account)
    yield "# Everybody with a seat. DECIDE: who manages whom (manager: ...), where the CRM does not tell."
    yield "people:"
    for one in account.people:
        manager = ids.get(one.manager or "")
        parts = [
            f"name: {_quoted(one.name)}",
            f"email: {_quoted(one.email)}",
            f"{account.user_key}: {_quoted(one.user)}",
        ]
        parts += [f"manager: {manager}"] if manager and manager != ids[one.email] else []
        teams = f"    # {', '.join(map(_plain, one.teams))}" if one.teams else ""
        yield f"  {ids[one.email]}: {{{', '.join(parts)}}}{teams}"


def _roles(account: Account) -> Iterator[str]:
    deciders = _deciders(account)
    yield "# DECIDE: who signs for Operations. Guessed: those who own the fewest open deals."
    yield "# Name at least two: nobody signs for a deal of his own."
    yield "roles:"
    yield "  operations:"
    yield f"    {{label: Operations, holders: [{', '.join(deciders)}], chain: delivery, level: 1}}"
    teams = sorted({team for one in account.people for team in one.teams})
    if teams:
        named = ", ".join(f"{{team: {_quoted(_plain(team))}}}" for team in teams)
        yield f"  # Teams of your account may hold it, too: holders: [{named}]"


def _offering(account: Account) -> Iterator[str]:
    if not account.products:
        return
    yield "# What you sell, with its list prices. DECIDE: what is no longer offered; leave it out."
    yield "offering:"
    yield "  products:"
    for one in account.products:
        parts = [f"name: {_quoted(one.name)}"]
        parts += [f"sku: {_quoted(one.sku)}"] if one.sku else []
        parts += (
            [f"list-price: {_quoted(f'{one.price:f}')}"] if one.price is not None and one.price > 0 else []
        )
        yield f"    - {{{', '.join(parts)}}}"


def _checklists(account: Account, names: Mapping[str, Seen]) -> Iterator[str]:
    yield "# What must be known before the gate. Guessed: what is filled in on most deals that stand there."
    yield "checklists:"
    yield "  intake:"
    yield "    - required-data:"
    yield f"        fields: [{', '.join(('amount', *_required(account, names)))}]    # DECIDE"
    yield '        unknown-goes-to: operations    # who decides on "unknown, because ..."'


def _authority(account: Account) -> Iterator[str]:
    yield "# Who may decide what. DECIDE: the limits."
    yield "authority:"
    yield "  commercial:"
    yield "    hit: unique"
    if account.products:
        yield "    inputs: [discount]"
        yield "    rows:"
        yield '      - {id: small, discount: "<= 10%", decides: sales}'
        yield '      - {id: large, discount: "> 10%", sign-off: operations}'
    else:
        yield "    inputs: [amount]"
        yield "    rows:"
        yield f'      - {{id: small, amount: "<= {account.currency} 50,000", decides: sales}}'
        yield f'      - {{id: large, amount: "> {account.currency} 50,000", sign-off: operations}}'


def _gates(account: Account) -> Iterator[str]:
    yield "# DECIDE: where Operations looks at a deal. observe: reports only; flag: badge and tasks; block."
    yield "gates:"
    taken: set[str] = set()
    for pipeline, stage in _gated(account):
        name = slug(pipeline.label)
        name = name if name not in taken else slug(f"{pipeline.label} {pipeline.id}")
        taken.add(name)
        where = f"pipeline: {_named(pipeline, account)}, stage: {_quoted(stage.id)}"
        yield f"  # {_plain(pipeline.label)}: {' > '.join(_plain(one.label) for one in pipeline.stages)}"
        yield f"  - {{id: {name}, {where}, mode: observe, checklist: intake, authority: commercial}}"


def _gated(account: Account) -> Iterator[tuple[Pipeline, Stage]]:
    """Yield each pipeline with its last open stage, the won one where it has no other."""
    for pipeline in account.pipelines:
        stages = [stage for stage in pipeline.stages if stage.kind is StageKind.OPEN]
        won = [stage for stage in pipeline.stages if stage.kind is StageKind.WON]
        if stages[1:] or won or stages:
            yield pipeline, (stages[-1:] if stages[1:] else won or stages)[0]


def _named(pipeline: Pipeline, account: Account) -> str:
    same = [one for one in account.pipelines if one.label.casefold() == pipeline.label.casefold()]
    return _quoted(pipeline.label if len(same) == 1 and pipeline.label else pipeline.id)


def _names(account: Account) -> dict[str, Seen]:
    """Name each field by its label, by its property where that is taken."""
    found: dict[str, Seen] = {}
    taken = {*built_in(), *RESERVED}
    for seen in account.fields:
        if seen.home is Home.COMPANY and not seen.filled:
            continue  # an account has dozens; those that nobody uses are no help
        names = (slug(_label(seen)), slug(seen.name), slug(f"{seen.name} {seen.home} field"))
        free = next((name for name in names if name not in taken and name not in found), None)
        if free is not None and len(seen.options) <= _MOST_OPTIONS:
            found[free] = seen
    return found


def _required(account: Account, names: Mapping[str, Seen]) -> Sequence[str]:
    stages = {stage.id for _, stage in _gated(account)}
    stood = sum(account.stood.get(stage, 0) for stage in stages)
    if not stood:
        return ()
    rates = {name: sum(seen.filled.get(stage, 0) for stage in stages) / stood for name, seen in names.items()}
    best = sorted((name for name, rate in rates.items() if rate >= _REQUIRED), key=lambda name: -rates[name])
    return best[:_MOST_REQUIRED]


def _ids(account: Account) -> dict[str, str]:
    """Return the policy's id of each person by e-mail."""
    found: dict[str, str] = {}
    for one in account.people:
        name = slug(one.name)
        found[one.email] = name if name not in found.values() else slug(one.email)
    return found


def _deciders(account: Account) -> list[str]:
    """Return two who may sign: people who have a place among the others, machines have none; of them those
    who own the fewest of the deals."""
    ids = _ids(account)
    managers = {one.manager for one in account.people}
    ordered = sorted(account.people, key=lambda one: (not (one.manager or one.email in managers), one.owns))
    return [ids[one.email] for one in ordered[:2]]


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(word) for word in words)}]"


def _quoted(text: str) -> str:
    """Write a text so that YAML reads just that."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """Return a text that ends no comment."""
    return " ".join(text.split())
