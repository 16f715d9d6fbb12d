"""Times in the past as people write them: 90d, 12w, 6m, 2026-01-31."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

_SPAN = re.compile(r"(\d{1,4})\s*([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Since:
    """A span up to the end of what is looked at, or a day."""

    span: timedelta | None = None
    day: date | None = None

    def before(self, end: datetime) -> datetime:
        """Return when it begins."""
        if self.day is not None:
            return datetime.combine(self.day, time(), UTC)
        return end - (self.span or timedelta())


def since(text: str) -> Since:
    """Read a span or a day; ValueError says what is allowed."""
    found = _SPAN.fullmatch(text.strip().casefold())
    if found:
        return Since(timedelta(days=int(found[1]) * _DAYS[found[2]]))
    try:
        return Since(day=date.fromisoformat(text))
    except ValueError:
        raise ValueError(f"{text!r} is no time: write 90d, 12w, 6m, 1y or 2026-01-31") from None


def since_option(command: Command) -> Command:
    """Add --since."""
    about = "From when on: 90d, 12w, 6m, 1y or 2026-01-31."
    return click.option("--since", callback=_read, metavar="TIME", help=about)(command)


def _read(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Since | None:
    try:
        read = since(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None
    now = datetime.now(UTC)
    if read is not None and read.before(now) >= now:
        raise click.BadParameter(f"{text!r} leaves no time to look at: name a day that is over.")
    return read
