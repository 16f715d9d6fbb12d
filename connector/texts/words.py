"""Words that the other texts share: moments, limits, titles."""

from datetime import datetime

LANGUAGE = "en"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(at: datetime, now: datetime) -> str:
    """Write a local time: "Thu 14:00" within the coming week, "Thu 12 Mar 14:00" beyond it."""
    day = _DAYS[at.weekday()]
    near = 0 <= (at.date() - now.date()).days < 7
    date = "" if near else f" {at.day} {_MONTHS[at.month - 1]}"
    return f"{day}{date} {at:%H:%M}"


def at_place(when: str, zone: str) -> str:
    """Add whose time it is, by the city of the time zone: "Thu 10:00 (New York)"."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{when} ({city})"


def capital(text: str) -> str:
    """Begin with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def title(name: str, most: int = 60) -> str:
    """Shorten a name, by default that of a deal for a title."""
    return name if len(name) <= most else f"{name[: most - 3].rstrip()}..."


def and_more(count: int) -> str:
    return f"and {count} more"


def somebody() -> str:
    return "Somebody who has left"


def up_to(value: str) -> str:
    return f"up to {value}"


def at_least(value: str) -> str:
    return f"{value} or more"


def from_value(value: str) -> str:
    return f"from {value}"


def until_day(day: str) -> str:
    return f"until {day}"


def less() -> str:
    return "less"


def more() -> str:
    return "more"


def earlier() -> str:
    return "earlier"


def later() -> str:
    return "later"
