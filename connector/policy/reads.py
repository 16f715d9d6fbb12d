"""Which words a policy's verdicts rest on, and by whose change a bell has to ring."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from connector.policy.checklist import Capacity, Check, Deviations, Feasibility, RequiredData
from connector.policy.model import Policy
from connector.policy.vocabulary import Derived, Field, Home, PriceBase

_MARGIN = "margin"  # is promised beside start and effort


def triggers(policy: Policy) -> frozenset[str]:
    """Return the words whose change may change what is shown, asked or kept: what a rule reads, and what
    people watch whoever reads it. Nothing else can, but what every deal has: stage, owner, lines."""
    return _closed((*_named(policy), *policy.vocabulary.weighing), policy)


def reads(policy: Policy, *, whatever: bool = False) -> frozenset[str]:
    """Return the words that some gate looks at, those behind computed ones among them; `whatever`: also those
    of matrices and checklists that no gate has."""
    return _closed(_named(policy, whatever=whatever), policy)


def with_dates(names: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Return the names, each once, and beside days that are counted to a date the field of that date: it is
    what a change is held against, for a day that passes is none (ADR 261)."""
    found = dict.fromkeys(names)
    dates = _start(policy) if any(counts_days(policy.fields.get(name)) for name in found) else ()
    return tuple(dict.fromkeys((*found, *dates)))


def counts_days(field: Field | None) -> bool:
    """Say whether the word becomes another value by each day that passes."""
    return field is not None and field.derived is Derived.DAYS_TO_START


def _closed(names: Iterable[str], policy: Policy) -> frozenset[str]:
    found: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        found.add(name)
        left.update(set(_behind(name, policy)) - found)
    return frozenset(found)


def _named(policy: Policy, *, whatever: bool = False) -> Iterator[str]:
    asked = {gate.checklist for gate in policy.gates}
    using = {name for gate in policy.gates for name in gate.matrices}
    yield from (name for gate in policy.gates for name, _ in gate.scope.allowed)
    for matrix in policy.matrices.values():
        yield from matrix.inputs if whatever or matrix.id in using else ()
    for checklist in policy.checklists.values():
        for check in checklist.checks:
            # hours are counted whoever asks
            if whatever or checklist.id in asked or isinstance(check, Capacity):
                yield from _of_check(check, policy)
    yield from _start(policy)  # its passing days are waited for


def _of_check(check: Check, policy: Policy) -> Iterable[str]:
    match check:
        case RequiredData():
            return (name for rule in check.fields for name in (rule.field, *rule.otherwise))
        case Feasibility():
            return (cell.field for row in check.rows for cell in row.cells)
        case Capacity():
            return (check.start, *((check.win_chance,) if check.win_chance else ()), _MARGIN)
        case Deviations():
            discount = policy.vocabulary.discount
            return (*((discount.name,) if discount is not None else ()), *_standards(policy))
        case _:
            assert_never(check)


def _behind(name: str, policy: Policy) -> Iterable[str]:
    """Return what a computed word is computed from, product lines left out."""
    field = policy.fields.get(name)
    if field is None or field.home is not Home.DERIVED:
        return ()
    if field.derived is Derived.CONTRACT_VALUE or field.of is PriceBase.AMOUNT:
        return ("amount",)
    if counts_days(field):
        return _start(policy)
    if field.derived in {Derived.DEVIATION_COUNT, Derived.DEVIATION_WORTH}:
        return (*_standards(policy), *(one.name for one in policy.vocabulary.computed))
    return ()


def _start(policy: Policy) -> tuple[str, ...]:
    return (policy.offering.start,) if policy.offering.start else ()


def _standards(policy: Policy) -> tuple[str, ...]:
    """Return the words that the offering has a standard for."""
    offering = policy.offering
    options = (cell.field for product in offering.products for cell in product.options)
    return (*(term.field for term in offering.terms), *options)
