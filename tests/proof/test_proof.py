"""The proof against the engine itself: each deal it shows is really wrong, and what it passes has no such deal."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from connector.deals import Value
from connector.policy.exchange import factors
from connector.policy.model import Cell, Matrix, Policy, Row, Ruling, Worse
from connector.policy.tables import Reading, beside, read
from connector.proof import Fault, Kind, Witness, prove
from tests.proof.tables import (
    FIELDS,
    RATES,
    ROLES,
    UNKNOWN,
    grid,
    halved,
    matrices,
    policy,
    row,
    ruled,
    table,
)

QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=3000)
NEVER = 99


def currencies(matrix: Matrix) -> list[str | None]:
    named = {cell.currency for one in matrix.rows for cell in one.cells if cell.currency}
    return sorted({*named, "EUR"}) if named else [None]  # type: ignore[type-var]


def reading(rules: Policy, witness: Witness) -> Reading:
    return asked(rules, witness.values, witness.currency)


def asked(rules: Policy, values: Mapping[str, Value], currency: str | None) -> Reading:
    return read(rules.matrices["m"], values, currency, rules.roles, factors(currency, rules))


def deals(rules: Policy) -> Iterator[dict[str, Value]]:
    return grid(rules.matrices["m"], rated=bool(rules.rates.worth))


def level(rules: Policy, values: Mapping[str, Value], currency: str | None) -> dict[str, int] | None:
    """Return how high each chain must sign, None where the engine has no answer."""
    found = dict.fromkeys(("delivery", "finance"), 0)
    for need in ruled(rules, values, currency):
        if need.ruling is Ruling.UNKNOWN:
            return None
        if need.ruling is Ruling.FORBIDDEN:
            return dict.fromkeys(found, NEVER)
        if need.ruling is Ruling.SIGN_OFF:
            role = ROLES[need.role or ""]
            found[role.chain] = max(found[role.chain], role.level)
    return found


def matched(rules: Policy, values: Mapping[str, Value], currency: str | None) -> list[str]:
    """Return the rows whose cells all hold, each limit in its own currency."""
    rates = factors(currency, rules)

    def holds(cell: Cell) -> bool:
        value = values[cell.field]
        factor = rates.get(cell.currency or "", 1)
        return cell.test(value * factor if isinstance(value, Decimal) else value)

    return [one.id for one in rules.matrices["m"].rows if all(map(holds, one.cells))]


def comparable(row: Row, rules: Policy, currency: str | None) -> bool:
    """Say whether each limit of the row is in the deal's currency or has a rate."""
    known = {None, currency, *factors(currency, rules)}
    return all(cell.currency in known for cell in row.cells)


def is_real(fault: Fault, rules: Policy) -> bool:
    """Say whether the engine agrees with what the fault says of its deal."""
    matrix, at = rules.matrices["m"], fault.witness
    if fault.kind is Kind.UNREACHABLE:
        found = product(deals(rules), currencies(matrix))
        return all(fault.rows[0].id not in matched(rules, values, currency) for values, currency in found)
    assert at is not None
    answer = reading(rules, at)
    match fault.kind:
        case Kind.NOBODY:
            return not answer.safe and not answer.unsure and not answer.overlap
        case Kind.NO_RATE if fault.rows[0].ruling is Ruling.NOTIFY:  # holds nothing up, but tells nobody
            return not comparable(fault.rows[0], rules, at.currency)
        case Kind.NO_RATE:
            return not answer.safe and bool(answer.unsure or answer.overlap)
        case Kind.CONTRADICTION:
            return not answer.safe and {one.id for one in fault.rows} <= {one.id for one in answer.overlap}
        case Kind.SILENT:
            mine, own = (
                fault.rows[0],
                [one for one in deals(rules) if fault.rows[0].id in matched(rules, one, at.currency)],
            )
            return bool(own) and not any(mine in heard(rules, values, at.currency) for values in own)
        case Kind.LESS:
            assert fault.milder is not None
            worse, milder = (
                level(rules, at.values, at.currency),
                level(rules, fault.milder.values, at.currency),
            )
            assert worse is not None
            assert milder is not None
            return no_better(at.values, fault.milder.values) and any(
                worse[name] < milder[name] for name in worse
            )
    raise AssertionError(fault)


def heard(rules: Policy, values: Mapping[str, Value], currency: str | None) -> list[Row]:
    """Return the rows that are part of the answer: they name who signs, or want him in any case or beside
    another where no other row does."""
    answer = asked(rules, values, currency)
    spoken = [one for demand in answer.demands for one in demand.rows]
    if any(one.ruling is Ruling.FORBIDDEN for one in answer.matched):
        return spoken
    return [*spoken, *(one for one in answer.matched if _joins(one, answer.matched))]


def _joins(row: Row, matched: Sequence[Row]) -> bool:
    others = [one for one in matched if one is not row]
    return not beside((row,), ROLES) <= beside(others, ROLES)


def no_better(values: Mapping[str, Value], than: Mapping[str, Value]) -> bool:
    """Say whether these values are nowhere better than others, and the same where nothing is worse."""
    return all(_no_better(name, values[name], than[name]) for name in values)


def _no_better(name: str, value: Value, than: Value) -> bool:
    field = FIELDS[name]
    if value == than:
        return True
    if field.options and field.worse is not Worse.NEITHER:
        return (
            value in field.options
            and than in field.options
            and field.options.index(value) > field.options.index(than)
        )  # type: ignore[arg-type]
    if field.worse is Worse.HIGHER:
        return value > than  # type: ignore[operator]
    return field.worse is Worse.LOWER and value < than  # type: ignore[operator]


def missed(faults: tuple[Fault, ...], rules: Policy) -> Iterator[str]:
    """Yield what the grid shows and the proof did not."""
    matrix, kinds = rules.matrices["m"], {fault.kind for fault in faults}
    silent = {one.rows[0].id for one in faults if one.kind in {Kind.SILENT, Kind.UNREACHABLE}}
    spoke: set[str] = set()
    for currency in currencies(matrix):
        levels = []
        for values in deals(rules):
            answer = asked(rules, values, currency)
            spoke.update(one.id for one in heard(rules, values, currency))
            levels.append((values, level(rules, values, currency)))
            if answer.overlap and Kind.CONTRADICTION not in kinds | {Kind.NO_RATE}:
                yield f"{values} matches two rows"
            if answer.unsure and Kind.NO_RATE not in kinds:
                yield f"{values} has no rate"
            if not answer.safe and not answer.unsure and not answer.overlap and Kind.NOBODY not in kinds:
                yield f"{values} is decided by nobody"
        if kinds & {Kind.NO_RATE, Kind.CONTRADICTION}:
            continue
        if Kind.LESS not in kinds:
            for (milder, more), (worse, less) in product(levels, levels):
                if (
                    more
                    and less
                    and any(less[name] < more[name] for name in more)
                    and no_better(worse, milder)
                ):
                    yield f"{worse} needs less than {milder}"
    if not kinds & {Kind.NO_RATE, Kind.CONTRADICTION}:
        yield from (f"{one.id} never counts" for one in matrix.rows if one.id not in spoke | silent)


def written(matrix: Matrix) -> list[str]:
    rows = (
        f"{one.id} {[f'{cell.field} {cell.text}' for cell in one.cells]} {one.ruling} {one.roles}"
        for one in matrix.rows
    )
    return [matrix.hit, *rows]


def holds(matrix: Matrix, **changes: object) -> None:
    rules = policy(matrix, **changes)
    faults = prove(rules)
    assert all(is_real(fault, rules) for fault in faults), written(matrix)
    assert not list(missed(faults, rules)), written(matrix)


@QUICK
@given(matrices())
def test_every_fault_is_real_and_none_on_the_grid_is_missed(matrix: Matrix) -> None:
    holds(matrix)


def test_a_notice_that_no_rate_lets_anybody_hear_is_told_though_sales_decides() -> None:
    """Of a euro deal nobody hears by a row about dollars: the admin is to know."""
    rules = policy(
        table(
            row("alone", Ruling.SALES, amount="<= 50"),
            row("notice", Ruling.NOTIFY, ("low",), amount="> USD 50"),
        )
    )
    faults = [one for one in prove(rules) if one.kind is Kind.NO_RATE]
    assert [one.rows[0].id for one in faults] == ["notice", "alone"]
    assert all(is_real(one, rules) for one in faults)


@given(matrices(most=2, always="amount"))
@settings(QUICK, max_examples=60)
def test_with_a_rate_limits_in_another_currency_are_proved_as_exactly(matrix: Matrix) -> None:
    holds(matrix, rates=RATES)
    assert not [fault for fault in prove(policy(matrix, rates=RATES)) if fault.kind is Kind.NO_RATE]


@pytest.mark.slow
@LONG
@given(matrices(most=2, always="amount"))
def test_with_a_rate_limits_in_another_currency_are_proved_as_exactly_at_length(matrix: Matrix) -> None:
    holds(matrix, rates=RATES)


@pytest.mark.slow
@LONG
@given(matrices())
def test_every_fault_is_real_and_none_on_the_grid_is_missed_at_length(matrix: Matrix) -> None:
    holds(matrix)


@QUICK
@given(matrices(most=2) | halved())
def test_a_proved_matrix_lacks_an_answer_only_where_a_value_is_not_known(matrix: Matrix) -> None:
    """ADR 41: an unknown input is asked for; it never shows as a hole or a contradiction."""
    rules = policy(matrix)
    if prove(rules):
        return
    for values in grid(matrix, unknown=True):
        answer = read(matrix, values, "EUR", rules.roles)
        assert answer.safe or answer.unsure
        assert answer.safe or any(value in UNKNOWN for value in values.values())
