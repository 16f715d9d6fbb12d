"""A backtest on the terminal."""

from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from connector.values import listing

_ROWS = 12
_UNDECIDABLE = "The others hang on what has no history at that time: {}. --assume-today takes today's values."
_WITHOUT_RATES = (
    "The CRM's exchange rates are not known here: limits in another currency than the deal's count as"
    " not known. Write rates beside `from: crm`, or run it over the CRM's own deals."
)
WITHOUT_CAPACITY = "Capacity is not looked at: there is no plan of that day."
_HOLES = 4
_WAYS = {"neither": "in another way"}
_ENDS = (
    ("sign_off", "needs a sign-off", "need a sign-off"),
    ("missing", "misses something", "miss something"),
    ("forbidden", "is not allowed", "are not allowed"),
)
_OUTCOMES = ("clear", "missing", "sign_off", "forbidden")

Found = Mapping[str, Any]


def show(found: Found) -> None:
    """Print the report, the decidable share first."""
    for line in headline(found):
        click.echo(line)
    if not found["crossings"]["decidable"]:
        return
    console = Console(width=max(100, Console().width))
    if found["rules"]:
        console.print(_rules(found["rules"]))
    for title, name in (("Gates", "gates"), ("Pipelines", "pipelines"), ("Teams", "teams")):
        console.print(_counts(title, found[name]))
    if found["signoffs"]:
        console.print(signoff_table(found["signoffs"]))
    for line in waiting(found["waiting"]):
        click.echo(line)
    if found["changed"]:
        for line in _changed(found["changed"]):
            click.echo(line)


def headline(found: Found) -> list[str]:
    """Return the first lines: what can be decided, and how much of it needs nobody."""
    counts = found["crossings"]
    if not counts["all"]:
        return ["No deal came through a gate of this policy in that time."]
    days = f"{found['from']:%d %B %Y} to {found['until']:%d %B %Y}"
    decided = f"{counts['decidable']:,} of {counts['all']:,} crossings of {found['deals']:,} deals"
    lines = [f"{percent(found['decidable_share'])} can be decided: {decided}, {days}."]
    if counts["decidable"] < counts["all"]:
        holes = list(found["undecidable"].items())
        said = [f"{rule} ({count:,})" for rule, count in holes[:_HOLES]]
        more = [f"{len(holes) - _HOLES} more"] if len(holes) > _HOLES else []
        lines.append(_UNDECIDABLE.format(listing([*said, *more])))
    if found["without_rates"]:
        lines.append(_WITHOUT_RATES)
    if found["without_capacity"]:
        lines.append(WITHOUT_CAPACITY)
    if not counts["decidable"]:
        return lines
    ends = (_many(counts[name], one, more) for name, one, more in _ENDS)
    lines.append(f"{percent(found['needing_nobody_share'])} of them need nobody; {', '.join(ends)}.")
    modes = (f"{counts[mode]:,} {mode}" for mode in ("blocked", "flagged", "observed"))
    lines.append(f"Held: {', '.join(modes)}; {money(counts['money_held'])}.")
    return lines


def percent(share: float | None) -> str:
    """Write a share of 1."""
    return "-" if share is None else f"{share * 100:.1f} %"


def money(amounts: Mapping[str, str]) -> str:
    """Write amounts by currency, a dash where there are none."""
    return ", ".join(f"{currency} {float(text):,.0f}".strip() for currency, text in amounts.items()) or "-"


def _rules(rows: list[Found]) -> Table:
    table = _table("What holds them", ["Gate", "Rule"], ["blocked", "flagged", "observed", "money"])
    for row in rows[:_ROWS]:
        counts = (f"{row[name]:,}" for name in ("blocked", "flagged", "observed"))
        table.add_row(row["gate"], row["rule"], *counts, money(row["money"]))
    if len(rows) > _ROWS:
        table.caption = f"and {len(rows) - _ROWS} more: --json lists them"
    return table


def _counts(title: str, rows: Mapping[str, Found]) -> Table:
    table = _table(title, [title[:-1]], ["crossings", "decidable", *_OUTCOMES, "money held"])
    for name, row in list(rows.items())[:_ROWS]:
        counts = (f"{row[key]:,}" for key in ("all", "decidable", *_OUTCOMES))
        table.add_row(name, *counts, money(row["money_held"]))
    return table


def signoff_table(rows: list[Found]) -> Table:
    """Return who is asked, how often."""
    table = _table("Sign-offs", ["Role", "Who"], ["asks", "a week", "most in a week"])
    for row in rows:
        table.add_row(row["label"], "all", f"{row['asks']:,}", "", "")
        for one in row["holders"]:
            most = f"{one['most_in_a_week']} ({one['busiest_week']})"
            table.add_row("", one["name"], f"{one['asks']:,}", f"{one['a_week']:.1f}", most)
    return table


def waiting(row: Found) -> list[str]:
    """Return what waiting for decisions adds."""
    if not row["crossings"]:
        return ["No crossing waits for a decision."]
    waits = f"{_many(row['crossings'], 'crossing waits', 'crossings wait')} {row['mean_hours']:,.1f} hours"
    most = f"One in ten waits more than {row['p90_hours']:,.1f}"
    each = f"over all crossings it is {row['hours_a_crossing']:,.1f} hours each"
    return [
        f"At {row['decision_hours']} hours of work for a decision, {waits} on average.",
        f"{most}; {each}.",
    ]


def _changed(row: Found) -> list[str]:
    return [
        otherwise(row),
        *(
            f"  {one['name']} ({one['deal']}), {one['gate']}: {one['was']} -> {one['now']}"
            for one in row["examples"][:5]
        ),
    ]


def otherwise(row: Found) -> str:
    """Return how many deals are answered otherwise, in which direction, and their money."""
    ways = "; ".join(
        f"{count:,} {_WAYS.get(way, way)}, {money(row['money'][way])}"
        for way, count in row["directions"].items()
    )
    deals = _many(row["deals"], "deal gets", "deals get")
    return f"{deals} another answer than before{f': {ways}' if ways else ''}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _table(title: str, words: list[str], numbers: list[str]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left")
    for word in words:
        table.add_column(word)
    for number in numbers:
        table.add_column(number.replace("_", "-").capitalize(), justify="right")
    return table
