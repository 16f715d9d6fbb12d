"""What the capacity check finds. A rep reads roles, weeks and dates, never another customer's name.
Operations reads hours and names."""

from collections.abc import Iterable, Sequence

from connector import values
from connector.capacity.records import Minutes
from connector.capacity.weeks import Week, number, spans


def role(name: str) -> str:
    """Write a role of the offering as people say it: "data engineers" for data-engineer."""
    words = name.replace("-", " ")
    return words if words.endswith("s") else f"{words}s"


def weeks(found: Iterable[Week]) -> str:
    """Write weeks by their numbers: "weeks 10-12 and 14"."""
    runs = spans(found)
    said = [str(number(a)) if a == b else f"{number(a)}-{number(b)}" for a, b in runs]
    many = len(runs) > 1 or any(a != b for a, b in runs)
    return f"{'weeks' if many else 'week'} {values.listing(said)}"


def is_full(who: str, when: str) -> str:
    return f"{who} are full in {when}"


def no_hours(who: str, when: str) -> str:
    return f"there are no hours of {who} in {when}"


def fits_from(day: str, field: str) -> str:
    """Say from when on it fits; `field` is what the rep sets, empty where it is not the rep's."""
    return f"From {day} it fits: set {field} to {day}" if field else f"From {day} it fits"


def never_fits(day: str) -> str:
    return f"It does not fit before the plan ends on {day}"


def full(why: str, way: str, who: str) -> str:
    if not who:
        return f"{why}. {way}."
    return f"{why}. {way}, or ask {who} for an earlier slot."


def fits(start: str, finish: str) -> str:
    return f"The people are there: {start} to {finish}."


def start_over(field: str, day: str) -> str:
    return f"{field} {day} is over."


def takes_nobody() -> str:
    return "It takes nobody's time."


def not_looked_at() -> str:
    return "Capacity is not looked at here: there is no plan of that day."


def effort_unknown(lines: str) -> str:
    return f"How much work {lines} takes is not in the offering."


def not_yours() -> str:
    return "Capacity cannot be told at the moment. There is nothing for you to do."


def lines_unread() -> str:
    return "The product lines were not read."


def plan_missing() -> str:
    return "No capacity plan is imported."


def plan_stale(day: str, days: int) -> str:
    return f"The capacity plan is of {day}, older than {values.counted(days, 'day')}."


def role_missing(roles: str) -> str:
    return f"The capacity plan has no supply of {roles}."


def hours(minutes: Minutes) -> str:
    return f"{-(-minutes // 60):,} h"


def needs(roles: Sequence[tuple[str, Minutes]]) -> str:
    return f"Needs {values.listing([f'{hours(minutes)} of {role(name)}' for name, minutes in roles])}."


def lacks(name: str, minutes: Minutes, when: str) -> str:
    return f"Lacks {hours(minutes)} of {role(name)} in {when}."


def sure(chance: float, *, exact: bool) -> str:
    about = "" if exact else "about "
    return f"It holds in {about}{int(chance * 100)} of 100 cases."


def confirmed() -> str:
    return "confirmed"


def forecast() -> str:
    return "forecast"


def likely() -> str:
    return "80 % sure"


def exposure() -> str:
    return "if all open deals are won"


def band(name: str, start: str, finish: str) -> str:
    return f"{name} {start} to {finish}"


def band_never(name: str) -> str:
    return f"{name} not within the plan"


def whoever_wins(start: str, finish: str) -> str:
    return f"{start} to {finish}, whatever else is won"


def bands(found: Sequence[str]) -> str:
    return f"Earliest: {'; '.join(found)}."


def pusher(name: str, how: str, minutes: Minutes) -> str:
    return f"{name} ({how}, {hours(minutes)})"


def pushed_by(names: Sequence[str], more: int) -> str:
    return f"Pushed by {values.listing([*names, *([f'{more} more'] if more else [])])}."


def as_of(day: str) -> str:
    return f"Capacity as of {day}."
