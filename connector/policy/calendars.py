"""Build the working calendar and the limits of waiting."""

from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from connector.policy.model import Calendar, QuarterEnd, Waiting
from connector.policy.problems import one_of
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source
from connector.policy.staff_schemas import WEEKDAYS

_ORDER = ("remind-after", "escalate-after", "expire-after")


def calendar(source: Source, given: Loaded) -> Calendar:
    """Return the working calendar."""
    path: Path = ("calendar",)
    usual = Calendar()
    if source.broken(path):
        check_zone(source, (*path, "zone"), given.get("zone"))
        special = given.get("quarter_end") or {}
        _check_hours(source, path, *_hours(given, usual))
        _check_hours(source, (*path, "quarter-end"), *_hours({**given, **special}, usual))
        return usual
    zone = given.get("zone", usual.zone)
    known = check_zone(source, (*path, "zone"), zone)
    opens, closes = _hours(given, usual)
    _check_hours(source, path, opens, closes)
    made = Calendar(
        zone=zone if known else usual.zone,
        opens=opens,
        closes=closes,
        days=_days(given.get("days")) or usual.days,
        answer_hours=given.get("answer_hours", usual.answer_hours),
        holidays=frozenset(given.get("holidays", ())),
        first_month=given.get("first_month", usual.first_month),
    )
    special = given.get("quarter_end")
    return made if special is None else _with_quarter_end(source, made, special)


def _with_quarter_end(source: Source, plain: Calendar, given: Loaded) -> Calendar:
    opens, closes = _hours(given, plain)
    _check_hours(source, ("calendar", "quarter-end"), opens, closes)
    end = QuarterEnd(
        days=given["last_days"],
        opens=opens,
        closes=closes,
        answer_hours=given.get("answer_hours", plain.answer_hours),
        working=_days(given.get("days")) or plain.days,
    )
    return Calendar(
        plain.zone, plain.opens, plain.closes, plain.days, plain.answer_hours, plain.holidays, end,
        plain.first_month,
    )  # fmt: skip


def _hours(given: Loaded, usual: Calendar) -> tuple[int, int]:
    return given.get("opens", usual.opens), given.get("closes", usual.closes)


def _check_hours(source: Source, path: Path, opens: int, closes: int) -> None:
    unclear = any(source.broken((*path, key)) for key in ("opens", "closes"))
    if opens >= closes and source.at(path) is not None and not unclear:
        source.problem((*path, "closes"), f"found {closes}; allowed: an hour after opening, {opens}")


def _days(named: list[str] | None) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(day) for day in named or ())


def check_zone(source: Source, path: Path, zone: str | None) -> bool:
    """Say whether there is such a time zone, where one is named; note a problem where there is not."""
    if zone is None or _is_zone(zone):
        return True
    near = one_of(zone, available_timezones()).partition("Did you mean ")[2]
    hint = f" Did you mean {near}" if near else ""
    source.problem(path, f'found "{zone}"; allowed: a time zone as Europe/Amsterdam.{hint}')
    return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder
        return False
    return True


def waiting(source: Source, given: Loaded) -> Waiting:
    """Return how long questions may wait: reminded before it is escalated, escalated before it expires."""
    path: Path = ("waiting",)
    if source.broken(path):
        return Waiting()
    steps = [(name, given[key]) for name in _ORDER if (key := name.replace("-", "_")) in given]
    for (before, early), (name, late) in pairwise(steps):
        if late <= early:
            source.problem((*path, name), f"found {late}; allowed: more hours than {before}, {early}")
    if ("urgent_hours" in given) != ("urgent_days" in given):
        source.problem(path, "names one of urgent-within-days and urgent-hours; needed: both or neither")
    return Waiting(**given)
