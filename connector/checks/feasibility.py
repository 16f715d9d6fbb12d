"""Can it be delivered as it is sold: a decision table over products, options and technical answers, what goes
together, and the lead time against the promised date."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connector import values
from connector.checks import rates
from connector.checks.case import Case
from connector.checks.derived import currency_of
from connector.checks.distance import Sold, short_of
from connector.checks.lines import Line, lines_of
from connector.deals import Unreadable, Value
from connector.policy.model import Cell, Feasibility, Feasible, FeasibleRow, Field, Policy, Product
from connector.texts import findings, unknown
from connector.texts.findings import Pair
from connector.verdicts import Finding, Outcome

NAME = "feasibility"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the table says of one line, or of the deal: the worst matching row, and the inputs that are not
    known and could make it worse."""

    subject: str
    row: FeasibleRow | None
    unsure: tuple[str, ...] = ()


def check(spec: Feasibility, case: Case) -> tuple[Finding, ...]:
    """Return one finding for each product line (or for the deal, where no row names products), one for each
    pair that does not go together, and one for a start that is too early."""
    lines = lines_of(case.deal, case.policy, currency_of(case.deal, case.policy))
    return (
        *_table(spec, lines, case),
        *_together(spec, lines, case.policy),
        *_lead_time(spec, lines, case),
    )


def _table(spec: Feasibility, lines: tuple[Line, ...], case: Case) -> Iterable[Finding]:
    if any(row.product for row in spec.rows) and case.deal.line_items is None:
        said = findings.lines_unreadable()
        yield Finding(NAME, "source-down", Outcome.UNKNOWN, said, said, ours=True, where=spec.where)
        return
    found = [_finding(spec, answer, case) for answer in _answers(spec, lines, case)]
    bad = [one for one in found if one.outcome is not Outcome.PASS]
    yield from dict.fromkeys(bad)
    if not bad and found:
        yield found[0]


def _answers(spec: Feasibility, lines: tuple[Line, ...], case: Case) -> Iterable[_Answer]:
    if not any(row.product for row in spec.rows) or not lines:
        rows = [row for row in spec.rows if row.product is None]
        yield _worst(spec, "", rows, case)
        return
    for line in lines:
        yield _worst(spec, line.label, [row for row in spec.rows if _is_about(row, line)], case)


def _is_about(row: FeasibleRow, line: Line) -> bool:
    return row.product is None or row.product.test(_names(line))


def _names(line: Line) -> tuple[str, ...]:
    known = (line.product.id, line.product.label) if line.product else ()
    return (*known, line.item.name, line.item.sku or "")


def _worst(spec: Feasibility, subject: str, rows: Iterable[FeasibleRow], case: Case) -> _Answer:
    matched: list[FeasibleRow] = []
    open_rows: list[tuple[FeasibleRow, tuple[str, ...]]] = []
    for row in rows:
        answer, unsure = _matches(row.cells, case)
        if answer:
            matched.append(row)
        elif answer is None:
            open_rows.append((row, unsure))
    worst = max(matched, key=lambda row: row.answer.severity, default=None)
    least = worst.answer.severity if worst else _severity(spec.otherwise)
    holes = [name for row, unsure in open_rows if row.answer.severity > least for name in unsure]
    return _Answer(subject, worst, tuple(dict.fromkeys(holes)))


def _severity(otherwise: Feasible | None) -> int:
    return -1 if otherwise is None else otherwise.severity


def _matches(cells: Iterable[Cell], case: Case) -> tuple[bool | None, tuple[str, ...]]:
    """Say whether all cells hold; None, with the inputs it depends on, where they are not known."""
    unsure: list[str] = []
    currency = currency_of(case.deal, case.policy)
    for cell in cells:
        value = _comparable(case.facts.get(cell.field), cell, currency, case.policy)
        if value is None or isinstance(value, Unreadable):
            unsure.append(cell.field)
        elif not cell.test(value):
            return False, ()
    return (None, tuple(unsure)) if unsure else (True, ())


def _comparable(value: Value, cell: Cell, currency: str | None, policy: Policy) -> Value:
    """Return money in the currency of the cell's limits, None where no rate is known."""
    if cell.currency in {None, currency} or not isinstance(value, Decimal):
        return value
    return rates.turned(value, currency, cell.currency, policy)


def _finding(spec: Feasibility, answer: _Answer, case: Case) -> Finding:
    if answer.unsure:
        return _unanswered(spec, answer, case)
    row = answer.row
    given = row.answer if row is not None else spec.otherwise
    if given is None:
        said = findings.not_covered(answer.subject)
        return Finding(NAME, "not-covered", Outcome.UNKNOWN, said, said, _reads(spec), where=spec.where)
    role = (row.role if row is not None else spec.role) if given is not Feasible.NO else None
    said = findings.feasible(answer.subject, given, row.says if row is not None else "")
    return Finding(
        NAME,
        given.value,
        _outcome(given, role),
        said,
        said,
        tuple(cell.field for cell in row.cells) if row is not None and row.cells else _reads(spec),
        seen=_seen(row, case),
        where=row.where if row is not None else spec.where,
        role=role if _outcome(given, role) is Outcome.SIGN_OFF else None,
    )


def _outcome(answer: Feasible, role: str | None) -> Outcome:
    if answer is Feasible.YES:
        return Outcome.PASS
    return Outcome.FAIL if role is None else Outcome.SIGN_OFF


def _unanswered(spec: Feasibility, answer: _Answer, case: Case) -> Finding:
    """Name the questions, and who answers them."""
    questions = [_question(name, spec, case) for name in answer.unsure]
    holes = {name: case.facts.get(name) for name in answer.unsure}
    return Finding(
        NAME,
        "unanswered",
        Outcome.UNKNOWN,
        findings.not_answered(answer.subject, [rep for rep, _ in questions]),
        findings.not_answered(answer.subject, [ops for _, ops in questions]),
        answer.unsure,
        missing=tuple(name for name, value in holes.items() if not _is_known(value) and not _is_ours(value)),
        ours=all(_is_ours(value) for value in holes.values()),
        where=spec.where,
    )


def _question(name: str, spec: Feasibility, case: Case) -> Pair:
    """Write what is asked about one input; Operations reads why it could not be read, too."""
    label, value = case.policy.fields[name].label, case.facts.get(name)
    if isinstance(value, Decimal):
        said = findings.limits_elsewhere(label)
        return said, said
    known = next((one for one in spec.questions if one.field == name), None)
    said = findings.question(known.text, known.answered_by) if known else unknown.not_filled_in(label)
    return said, findings.question_unread(said, value.reason) if isinstance(value, Unreadable) else said


def _is_known(value: Value) -> bool:
    return value is not None and not isinstance(value, Unreadable)


def _is_ours(value: Value) -> bool:
    return isinstance(value, Unreadable) and value.ours


def _reads(spec: Feasibility) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.field for row in spec.rows for cell in row.cells))


def _seen(row: FeasibleRow | None, case: Case) -> tuple[tuple[str, str], ...]:
    if row is None:
        return ()
    currency = currency_of(case.deal, case.policy)
    fields = [(cell.field, case.policy.fields[cell.field]) for cell in row.cells]
    return tuple((name, values.say(case.facts.get(name), field.type, currency)) for name, field in fields)


def _together(spec: Feasibility, lines: tuple[Line, ...], policy: Policy) -> Iterable[Finding]:
    """Name what is missing beside a product, and what does not go with it."""
    labels = {one.id: one.label for one in policy.offering.products}
    there = {line.product.id: line.product for line in lines if line.product is not None}
    said: set[frozenset[str]] = set()
    for product in there.values():
        for other in product.requires:
            if other not in there:
                sentence = findings.not_in_the_deal(product.label, labels.get(other, other))
                yield _clash(spec, product, sentence, "requires")
        for other in product.excludes:
            pair = frozenset({product.id, other})
            if other in there and pair not in said:
                said.add(pair)
                sentence = findings.not_together(product.label, there[other].label)
                yield _clash(spec, product, sentence, "excludes")


def _clash(spec: Feasibility, product: Product, sentence: str, code: str) -> Finding:
    return Finding(
        NAME, code, Outcome.FAIL, sentence, sentence, where=product.where or spec.where,
        seen=(("product", product.label),),
    )  # fmt: skip


def _lead_time(spec: Feasibility, lines: tuple[Line, ...], case: Case) -> Iterable[Finding]:
    start, offering = case.policy.offering.start, case.policy.offering
    if start is None or not any((offering.lead_days, *(_lead(line) for line in lines))):
        return
    value, field = case.facts.get(start), case.policy.fields[start]
    if value is None or isinstance(value, Unreadable):
        yield _start_unknown(spec, field, value)
        return
    found = short_of(Sold(case.policy, lines, case.facts, currency_of(case.deal, case.policy), case.today))
    if found is None:
        return
    what, needed, missing = found
    rep, ops = findings.start_too_early(field.label, missing, what, needed)
    yield Finding(
        NAME, "lead-time", Outcome.FAIL if spec.role is None else Outcome.SIGN_OFF, rep, ops, (start,),
        seen=((start, values.say(value, field.type)),), where=offering.where, role=spec.role,
    )  # fmt: skip


def _start_unknown(spec: Feasibility, field: Field, value: Unreadable | None) -> Finding:
    said = findings.start_unknown(field.label, findings.start_empty() if value is None else value.reason)
    ours = _is_ours(value)
    return Finding(
        NAME, "start-unknown", Outcome.UNKNOWN, said, said, (field.name,),
        missing=() if ours else (field.name,), ours=ours, where=spec.where,
    )  # fmt: skip


def _lead(line: Line) -> int:
    return (line.product.lead_days or 0) if line.product is not None else 0
