"""A backtest as one page of HTML that needs nothing else: charts are inline SVG, no script, no network."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import zip_longest
from math import ceil
from typing import Any

from connector.commands.backtest_table import headline, money, otherwise, waiting

Found = Mapping[str, Any]

_MOST = 15
_LABEL = 64  # how wide the name of a week is
_KINDS = {
    "clear": ("needs nobody", "#2f855a"),
    "sign_off": ("sign-off", "#d69e2e"),
    "missing": ("something missing", "#3182ce"),
    "forbidden": ("not allowed", "#c53030"),
}
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1a202c;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid #e2e8f0;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.lead{font-size:1.15rem}.soft{color:#4a5568}
.key{display:inline-block;width:.8em;height:.8em;margin:0 .35em 0 1em}
svg text{font:12px system-ui,sans-serif;fill:#1a202c}
"""


def page(found: Found) -> str:
    """Return the whole page."""
    first, *rest = headline(found)
    body = [f"<h1>Backtest</h1><p class=soft>Policy {escape(str(found['policy']))[:8]}{_against(found)}</p>"]
    body += [f"<p class=lead><b>{escape(first)}</b></p>", *(f"<p>{escape(line)}</p>" for line in rest)]
    if found["crossings"]["decidable"]:
        body += _charts(found)
        body += _tables(found)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Backtest</title>"
        f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>{''.join(body)}</html>\n"
    )


def _against(found: Found) -> str:
    return f", against {escape(str(found['against']))[:8]}" if found["against"] else ""


def _charts(found: Found) -> Iterable[str]:
    yield "<h2>How crossings end</h2>" + _legend() + _stacks({"All": found["crossings"], **found["gates"]})
    yield "<h2>By team</h2>" + _stacks(dict(list(found["teams"].items())[:_MOST]))
    yield "<h2>Week by week: held, of all that can be decided</h2>" + _weeks(found["weeks"])
    if found["rules"]:
        yield "<h2>What holds them</h2>" + _bars(
            (
                f"{one['gate']}, {one['rule']}",
                one["crossings"],
                f"{one['crossings']:,}; {money(one['money'])}",
            )
            for one in found["rules"][:_MOST]
        )
    holders = [(one["label"], who) for one in found["signoffs"] for who in one["holders"]]
    if holders:
        yield "<h2>Who is asked, in a week</h2>" + _bars(
            (f"{who['name']}, {role}", who["a_week"], f"{who['a_week']:.1f}; {who['most_in_a_week']} at most")
            for role, who in holders[:_MOST]
        )


def _legend() -> str:
    keys = (f"<span class=key style='background:{colour}'></span>{word}" for word, colour in _KINDS.values())
    return f"<p>{''.join(keys)}</p>"


def _stacks(rows: Mapping[str, Found]) -> str:
    """Return one bar for each row, its parts the shares of the decidable crossings."""
    parts, height = [], 26
    for place, (name, row) in enumerate(rows.items()):
        top, left = place * height, 190.0
        parts.append(_text(0, top + 16, name))
        for kind, (word, colour) in _KINDS.items():
            width = 480 * row[kind] / row["decidable"] if row["decidable"] else 0
            parts.append(_rect(left, top + 4, width, 16, colour=colour, told=f"{word}: {row[kind]:,}"))
            left += width
        parts.append(_text(680, top + 16, f"{row['decidable']:,} of {row['all']:,} decidable"))
    return _svg(880, max(1, len(rows)) * height, parts)


def _bars(rows: Iterable[tuple[str, float, str]]) -> str:
    """Return a bar for each row: its name, how long it is, and what is written behind it."""
    known = list(rows)
    most = max((count for _, count, _ in known), default=1) or 1
    parts, height = [], 24
    for place, (name, count, told) in enumerate(known):
        long = 320 * count / most
        parts.append(_text(0, place * height + 16, name))
        parts.append(_rect(330, place * height + 4, long, 16, colour="#dd6b20", told=told))
        parts.append(_text(336 + long, place * height + 16, told))
    return _svg(880, max(1, len(known)) * height, parts)


def _weeks(rows: Mapping[str, Found]) -> str:
    """Return a column for each week: crossings that are held, of all that are decidable."""
    most = max((row["decidable"] for row in rows.values()), default=1) or 1
    step, parts = min(40.0, 860 / max(1, len(rows))), []
    for place, (week, row) in enumerate(rows.items()):
        for count, colour in ((row["decidable"], "#e2e8f0"), (row["decidable"] - row["clear"], "#d69e2e")):
            tall = 130 * count / most
            told = f"{week}: {row['decidable'] - row['clear']:,} of {row['decidable']:,} held"
            parts.append(_rect(place * step, 140 - tall, max(1.0, step - 2), tall, colour=colour, told=told))
        if place % ceil(_LABEL / step) == 0:
            parts.append(_text(place * step, 158, week))
    return _svg(880, 165, parts)


def _tables(found: Found) -> Iterable[str]:
    yield _table(
        "Rules", ("gate", "rule", "blocked", "flagged", "observed", "money"),
        ((one["gate"], one["rule"], one["blocked"], one["flagged"], one["observed"], money(one["money"]))
         for one in found["rules"]),
    )  # fmt: skip
    for title in ("pipelines", "teams"):
        yield _table(
            title.capitalize(),
            (title[:-1], "crossings", *(word for word, _ in _KINDS.values()), "money held"),
            ((name, row["all"], *(row[kind] for kind in _KINDS), money(row["money_held"]))
             for name, row in found[title].items()),
        )  # fmt: skip
    yield _table(
        "Sign-offs", ("role", "who", "asks", "a week", "most in a week", "week"),
        ((one["label"], who["name"], who["asks"], f"{who['a_week']:.1f}", who["most_in_a_week"],
          who["busiest_week"])
         for one in found["signoffs"] for who in one["holders"]),
    )  # fmt: skip
    yield "".join(f"<p>{escape(line)}</p>" for line in waiting(found["waiting"]))
    if found["changed"]:
        changed = found["changed"]
        told = ("name", "gate", "was", "now", "direction")
        rows = ([one[name] for name in told] for one in changed["examples"])
        yield f"<p>{escape(otherwise(changed))}</p>"
        yield _table("Deals that change", ("deal", "gate", "before", "now", ""), rows)


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table under its title, nothing where it has no rows."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return ""
    right = [cell.startswith("<td class=n") for cell in cells[0]] if cells else []
    named = zip_longest(heads, right)
    head = "".join(f"<th{' class=n' if number else ''}>{escape(name or '')}</th>" for name, number in named)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return f"<h2>{escape(title)}</h2><table><tr>{head}</tr>{body}</table>"


def _cell(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int | float) else str(value)
    return f"<td{' class=n' if isinstance(value, int | float) else ''}>{escape(text)}</td>"


def _svg(width: int, height: int, parts: Iterable[str]) -> str:
    return f"<svg viewBox='0 0 {width} {height}' width='100%' role=img>{''.join(parts)}</svg>"


def _rect(left: float, top: float, width: float, height: float, *, colour: str, told: str) -> str:
    place = f"x='{left:.1f}' y='{top:.1f}' width='{width:.1f}' height='{height:.1f}'"
    return f"<rect {place} fill='{colour}'><title>{escape(told)}</title></rect>"


def _text(left: float, top: float, text: str) -> str:
    short = text if len(text) <= 52 else f"{text[:50]}..."
    return f"<text x='{left:.1f}' y='{top:.1f}'>{escape(short)}</text>"
