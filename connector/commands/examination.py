"""What the doctor looks at: the database first, then the policy and the CRM it is for, then our own work."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from connector import values
from connector.adapters.base import Symptom, Wanted
from connector.app import App
from connector.commands.people import mail, people
from connector.commands.reach import webhooks
from connector.desk import Desk
from connector.directory import Directory
from connector.errors import ConfigurationError, CrmError, DealgateError
from connector.fit import misfits, unheard
from connector.picture import wanted
from connector.policy.exchange import quoted
from connector.policy.model import Policy
from connector.signoffs.hours import local
from connector.worker.clock import SWEEP

_SHOWN = 5
_BELL = "bell of "
_LATE = 300.0  # seconds that a bell may be due
_LATELY = timedelta(hours=24)
_NOW = timedelta(hours=1)  # an alarm that rang within it is not over


def examine(app: App, account: str | None) -> tuple[Symptom, ...]:
    """Return all symptoms; what cannot be looked at is a symptom too."""
    database = _database(app)
    if not database.well:
        return (database,)
    desk = app.desk(account)
    return (database, *_folded(_rules(desk)), *webhooks(desk), *_sweep(desk), *_work(desk), *_alarms(desk))


def _database(app: App) -> Symptom:
    try:
        app.start()
    except DealgateError as error:
        return Symptom("database", well=False, message=error.placed, hint=error.hint)
    kind = "PostgreSQL" if app.store.database.postgresql else "SQLite, for one process"
    return Symptom("database", well=True, message=kind)


def _rules(desk: Desk) -> Iterator[Symptom]:
    """The policy, and whether the CRM has what it names."""
    policy = None
    try:
        policy = desk.pictures.policy(desk.now())
    except ConfigurationError as error:
        hint = error.hint or "See `dealgate policy check`."
        yield Symptom("policy", well=False, message=error.placed, hint=hint)
    try:
        seen = desk.crm.examine(wanted(policy) if policy else Wanted(()))
        yield from seen
        if policy and seen[0].well:  # else the CRM does not let us in, which is told already
            yield from _fit(desk, policy)
            yield from _bells(desk, policy)
            yield from people(policy, Directory.join(policy.people, desk.crm.users()))
            yield from _rates(desk, policy)
    except CrmError as error:
        yield Symptom("crm", well=False, message=error.message, hint=error.hint)
    if policy:
        yield from _capacity(desk, policy)
    yield from mail(desk, policy)


def _fit(desk: Desk, policy: Policy) -> Iterator[Symptom]:
    problems = misfits(policy, desk.crm)
    hint = "Correct it and publish the policy again."
    yield from (Symptom("policy", well=False, message=str(problem), hint=hint) for problem in problems)
    if not problems:
        yield Symptom("policy", well=True, message=f"version {policy.version[:8]} fits the account")


def _rates(desk: Desk, policy: Policy) -> Iterator[Symptom]:
    """Which exchange rates count, and of which day, where the policy takes the account's."""
    if not policy.rates.from_crm:
        return
    counts = quoted(policy, desk.crm.rates())
    told = (_rate(one, counts) for one in sorted(counts.rates.worth))
    if not counts.rates.dated:
        hint = f"The account must have {policy.currency} and other currencies, and show their rates to us."
        yield Symptom("exchange rates", well=False, message="the CRM tells none", hint=hint)
        return
    yield Symptom("exchange rates", well=True, message=f"in {policy.currency}: {', '.join(told)}")


def _rate(currency: str, policy: Policy) -> str:
    day, worth = policy.rates.day(currency), values.number(policy.rates.worth[currency], 6)
    return f"{currency} {worth} ({values.day(day) if day else 'no day'})"


def _bells(desk: Desk, policy: Policy) -> Iterator[Symptom]:
    """The words of whose change nobody has told us yet."""
    for one in unheard(policy, desk.crm, desk.store.changes.heard(desk.account)):
        word = one.path.removeprefix("fields.")
        name = f"{_BELL}{word}" if word in policy.fields else "bells"
        yield Symptom(name, well=True, message=one.message)


def _folded(found: Iterable[Symptom]) -> Iterator[Symptom]:
    """Yield one symptom for all words of which the same is said of their bells."""
    seen = tuple(found)
    words: dict[Symptom, list[str]] = {}
    for one in seen:
        if one.name.startswith(_BELL):
            words.setdefault(_nameless(one), []).append(one.name.removeprefix(_BELL))
    for one in seen:
        if not one.name.startswith(_BELL):
            yield one
        elif names := words.pop(_nameless(one), None):
            yield replace(one, name=f"{_BELL}{values.listing(names)}", field="")


def _nameless(one: Symptom) -> Symptom:
    return replace(one, name="", field="")


def _capacity(desk: Desk, policy: Policy) -> Iterator[Symptom]:
    """How old the capacity plan is, where the policy looks at it."""
    spec, plan = policy.capacity, desk.pictures.boards.plan()
    if spec is None:
        return
    hint = "Run `dealgate capacity import FILE.csv`."
    if plan is None:
        yield Symptom("capacity", well=False, message="no plan is imported", hint=hint)
        return
    age = (local(desk.now(), policy.calendar).date() - plan.as_of).days
    fresh = age <= spec.fresh_days
    message = f"plan as of {plan.as_of}, {values.counted(age, 'day')} old"
    yield Symptom("capacity", well=fresh, message=message, hint="" if fresh else hint)
    for one in desk.pictures.boards.unplanned(policy):
        hint = "Deals with it keep their last answer: correct the name in the policy or in the plan."
        yield Symptom("capacity", well=False, message=str(one), hint=hint)


def _sweep(desk: Desk) -> Iterator[Symptom]:
    """When the last sweep came to its end, and why the last one did not."""
    ended = desk.store.jobs.ended(desk.account, SWEEP)
    last, failed = ended.finished_at, ended.failed_at
    late = timedelta(seconds=3 * desk.settings.sweep_seconds)
    fresh = last is not None and desk.now() - last < late
    message = f"last good one at {_minute(last)}" if last else "none came to its end yet"
    if failed is None:
        yield Symptom("sweep", well=fresh, message=message, hint="" if fresh else "Is a worker running?")
        return
    over = last is not None and last >= failed
    message = f"{message}, last failed one at {_minute(failed)} ({ended.reason}: {ended.message})"
    hint = "It is tried again every minute." if not over else "Is a worker running?"
    yield Symptom("sweep", well=fresh and over, message=message, hint="" if fresh and over else hint)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _work(desk: Desk) -> Iterator[Symptom]:
    """What waits, what was set aside, and whether the account is held back."""
    waiting = desk.store.bells.backlog(desk.account, desk.now())
    oldest = (desk.now() - waiting.oldest).total_seconds() if waiting.oldest else 0.0
    well = oldest < _LATE
    yield Symptom("backlog", well=well, message=f"{waiting.due} due, the oldest for {oldest:.0f} s",
                  hint="" if well else "Is a worker running? Is the CRM reachable?")  # fmt: skip
    yield from _parked(desk, waiting.parked)
    yield from _refused(desk)
    account = desk.store.accounts.get(desk.account)
    if account.paused:
        yield Symptom("paused", well=False, message="every gate observes", hint="Run `dealgate resume`.")
    if account.tripped(desk.now()):
        yield Symptom("brake", well=False, message=str(account.tripped_reason),
                      hint="Look why so much is asked, then `dealgate resume`.")  # fmt: skip


def _parked(desk: Desk, count: int) -> Iterator[Symptom]:
    for one in desk.store.bells.parked(desk.account, limit=_SHOWN):
        yield Symptom(f"parked {one.type} {one.id}", well=False, message=f"{one.reason}: {one.message}",
                      hint="It is tried again when it changes.")  # fmt: skip
    if count > _SHOWN:
        hint = "Mend the reason above first: it is most often the same."
        yield Symptom("parked", well=False, message=f"{count - _SHOWN} more", hint=hint)


def _refused(desk: Desk) -> Iterator[Symptom]:
    refused = desk.store.outbox.refused(desk.account, limit=_SHOWN + 1)
    for one in refused[:_SHOWN]:
        yield Symptom(f"refused by the CRM: {one.kind} of deal {one.deal}", well=False,
                      message=f"{one.reason}: {one.message}",
                      hint="Mend it in the CRM; it is tried again with the deal's next change.")  # fmt: skip
    if len(refused) > _SHOWN:
        hint = "Mend the reason above first: it is most often the same."
        yield Symptom("refused by the CRM", well=False, message="more of them", hint=hint)


def _alarms(desk: Desk) -> Iterator[Symptom]:
    """One line for each reason that rang today; one that rang within the hour is not over."""
    now = desk.now()
    seen: set[str] = set()
    for alarm in desk.store.alarms.recent(desk.account, now, _LATELY):
        if alarm.reason in seen:
            continue
        seen.add(alarm.reason)
        about = f" ({alarm.about})" if alarm.about else ""
        yield Symptom(
            f"alarm {alarm.reason}",
            well=now - alarm.last_at > _NOW,
            message=f"last at {_minute(alarm.last_at)}{about}, {alarm.times} times",
            hint="docs/operations.md says what each alarm means.",
        )
