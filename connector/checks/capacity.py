"""Are the people there when they are needed? Never a bare no: the earliest start, what binds it, who
decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from connector import values
from connector.capacity import search
from connector.capacity.answer import Answer, Short, Window
from connector.capacity.board import Board
from connector.capacity.records import Demand
from connector.checks.case import Case
from connector.checks.derived import currency_of
from connector.checks.effort import demand_of, not_known
from connector.checks.lines import lines_of
from connector.deals import Unreadable, Value
from connector.policy.model import OWNER_MANAGER, Capacity, FieldType
from connector.texts import capacity as words
from connector.texts import capital, findings
from connector.verdicts import Finding, Outcome

NAME = "capacity"
_PUSHERS = 3  # named to Operations; the others are counted


@dataclass(frozen=True, slots=True)
class _Asked:
    """One deal before the board: what it takes and when it was promised, None where it was not."""

    spec: Capacity
    case: Case
    board: Board
    demand: Demand
    promised: date | None

    @property
    def label(self) -> str:
        return capital(self.case.policy.fields[self.spec.start].label)

    def day(self, value: date) -> str:
        return values.day(value, self.case.today.year)


def check(spec: Capacity, case: Case) -> tuple[Finding, ...]:
    """Return whether the deal fits at its promised start, else the earliest start at which it does."""
    blank = Finding(NAME, "", Outcome.UNKNOWN, "", "", (spec.start, "effort"), where=spec.where)
    lines = lines_of(case.deal, case.policy, currency_of(case.deal, case.policy))
    if case.deal.line_items is None:
        if case.board is None:  # a backtest: neither the plan nor the lines have a history
            return (_aside(blank, "not-looked-at", words.not_looked_at()),)
        return (_ours(blank, "source-down", words.lines_unread()),)
    unsure = not_known(lines)
    odd = (_effort_unknown(blank, spec, unsure),) if unsure else ()
    demand = demand_of(lines)
    if not demand:
        return odd or (_aside(blank, "takes-nobody", words.takes_nobody()),)
    return (*odd, _of_demand(blank, spec, case, demand))


def _of_demand(blank: Finding, spec: Capacity, case: Case, demand: Demand) -> Finding:
    if case.board is None:  # an example, a backtest: nobody knows what the plan was
        return _aside(blank, "not-looked-at", words.not_looked_at())
    hole = _hole(spec, case.board, demand)
    if hole is not None:
        return _ours(blank, *hole)
    start = promised(spec, case.facts.get(spec.start), case.today)
    if not search.knows(case.board, case.deal.id, demand, start):  # another question than that day's
        return _aside(blank, "not-looked-at", words.not_looked_at())
    return _answered(blank, _Asked(spec, case, case.board, demand, start))


def promised(spec: Capacity, value: Value, today: date) -> date | None:
    """Return the promised start, the policy's fallback where it is empty, None where there is neither."""
    if isinstance(value, date):
        return value
    if value is None and spec.fallback_days is not None:
        return today + timedelta(days=spec.fallback_days)
    return None


def is_stale(spec: Capacity, board: Board) -> bool:
    """Say whether the plan is too old to be believed."""
    return board.as_of is not None and (board.today - board.as_of).days > spec.fresh_days


def _hole(spec: Capacity, board: Board, demand: Demand) -> tuple[str, str] | None:
    """Return why our own plan gives no answer, None where it does."""
    if board.as_of is None:
        return "plan-missing", words.plan_missing()
    if is_stale(spec, board):
        return "plan-stale", words.plan_stale(values.day(board.as_of, board.today.year), spec.fresh_days)
    missing = search.missing_roles(board, demand)
    if missing:
        return "role-missing", words.role_missing(values.listing([words.role(one) for one in missing]))
    return None


def _aside(blank: Finding, code: str, said: str) -> Finding:
    return blank._replace(code=code, outcome=Outcome.NOT_APPLICABLE, rep=said, ops=said)


def _ours(blank: Finding, code: str, ops: str) -> Finding:
    return blank._replace(code=code, rep=words.not_yours(), ops=ops, ours=True)


def _effort_unknown(blank: Finding, spec: Capacity, lines: tuple[str, ...]) -> Finding:
    said = words.effort_unknown(values.listing(lines))
    if spec.role is None:
        return blank._replace(code="effort-unknown", rep=said, ops=said)
    return blank._replace(code="effort-unknown", outcome=Outcome.SIGN_OFF, rep=said, ops=said, role=spec.role)


def _answered(blank: Finding, asked: _Asked) -> Finding:
    value = asked.case.facts.get(asked.spec.start)
    answer = search.ask(asked.board, asked.case.deal.id, asked.demand, asked.promised, asked.board.seed)
    blank = blank._replace(
        seen=((asked.spec.start, values.say(value, FieldType.DATE)),),
        ops=_ops(asked, answer),
        others=_others(answer),
    )
    if isinstance(value, Unreadable) and value.ours:
        return blank._replace(code="source-down", rep=words.not_yours(), ours=True)
    if asked.promised is None or answer.passed:
        return _no_start(blank, asked, answer, value)
    if answer.fits:
        return blank._replace(code="fits", outcome=Outcome.PASS, rep=_fits(asked, answer.confirmed))
    return _full(blank, asked, answer)


def _no_start(blank: Finding, asked: _Asked, answer: Answer, value: Value) -> Finding:
    """The promised start is missing, cannot be read or is over: the rep says another one."""
    what = (
        words.start_over(asked.label, asked.day(asked.promised))
        if asked.promised is not None
        else findings.is_missing(asked.label)
        if value is None
        else findings.cannot_be_used(asked.label, values.say(value, FieldType.DATE))
    )
    rep = f"{what} {_way(asked, answer.confirmed)}."
    code = "start-missing" if asked.promised is None else "start-over"
    outcome = Outcome.UNKNOWN if asked.promised is None else Outcome.FAIL
    return blank._replace(code=code, outcome=outcome, rep=rep, missing=(asked.spec.start,))


def _full(blank: Finding, asked: _Asked, answer: Answer) -> Finding:
    role = asked.case.policy.roles.get(asked.spec.role or "")
    why = _why(answer.shorts)
    way = _way(asked, answer.confirmed)
    who = _who(asked) if role is not None else ""
    rep = words.full(capital(why), way, who)
    if role is None:
        return blank._replace(
            code="full", outcome=Outcome.FAIL, rep=rep, missing=(asked.spec.start,), why=why
        )
    return blank._replace(
        code="full", outcome=Outcome.SIGN_OFF, rep=rep, role=role.id, why=why, way=f"{way}."
    )


def _why(shorts: tuple[Short, ...]) -> str:
    """Name the roles that are short, the binding one first: two at most."""
    said = [
        (words.no_hours if one.none else words.is_full)(words.role(one.role), words.weeks(one.weeks))
        for one in shorts[:2]
    ]
    return values.listing(said)


def _way(asked: _Asked, found: Window | None) -> str:
    """Say what the rep can do without asking anybody."""
    if found is None:
        return words.never_fits(asked.day(search.end_of_plan(asked.board)))
    changes = asked.case.policy.fields[asked.spec.start].rep_may_change
    return words.fits_from(asked.day(found.start), asked.label if changes else "")


def _who(asked: _Asked) -> str:
    """Name who decides on an earlier slot."""
    role, policy = asked.case.policy.roles[asked.spec.role or ""], asked.case.policy
    named = (policy.people[one].name for one in role.holders if one != OWNER_MANAGER and one in policy.people)
    return next(named, role.label)


def _fits(asked: _Asked, found: Window | None) -> str:
    return "" if found is None else words.fits(asked.day(found.start), asked.day(found.finish))


def _ops(asked: _Asked, answer: Answer) -> str:
    """Tell Operations hours, roles, weeks and how sure it is."""
    said = [words.needs(tuple(asked.demand.by_role().items()))]
    said += [words.lacks(one.role, one.minutes, words.weeks(one.weeks)) for one in answer.shorts]
    if answer.fits:
        said.append(words.sure(answer.chance.value, exact=answer.chance.exact))
    said.append(words.bands(tuple(_said(asked, answer))))
    said.append(words.as_of(asked.day(asked.board.as_of or asked.case.today)))
    return " ".join(said)


def _others(answer: Answer) -> str:
    """Tell Operations which deals push this one, by the names of their customers."""
    named = [words.pusher(one.label or one.deal or one.how, one.how, one.minutes) for one in answer.pushers]
    return words.pushed_by(named[:_PUSHERS], len(named[_PUSHERS:])) if named else ""


def _bands(answer: Answer) -> tuple[tuple[str, Window | None], ...]:
    return (
        (words.confirmed(), answer.confirmed),
        (words.forecast(), answer.forecast),
        (words.likely(), answer.likely),
        (words.exposure(), answer.exposure),
    )


def _said(asked: _Asked, answer: Answer) -> Iterator[str]:
    """Yield each window with the bands that end in it; one that all share is said once."""
    windows = [found for _, found in _bands(answer)]
    if windows[0] is not None and set(windows) == {windows[0]}:
        yield words.whoever_wins(asked.day(windows[0].start), asked.day(windows[0].finish))
        return
    for found, bands in groupby(_bands(answer), lambda band: band[1]):
        yield _band(asked, values.listing([name for name, _ in bands]), found)


def _band(asked: _Asked, name: str, found: Window | None) -> str:
    return (
        words.band(name, asked.day(found.start), asked.day(found.finish)) if found else words.band_never(name)
    )
