"""A tally as plain values, the decidable share first: one form for the table, the JSON and the page."""

from collections import Counter
from collections.abc import Mapping
from statistics import fmean, quantiles

from connector.backtest.money import plain
from connector.backtest.tally import Cause, Counts, Otherwise, Tally
from connector.policy.exchange import is_blind
from connector.policy.model import Mode, Policy
from connector.versions.answer import Kind

Json = dict[str, object]


def report(tally: Tally) -> Json:
    """Return everything that was counted."""
    return {
        "decidable_share": share(tally.total.decidable, tally.total.all),
        "needing_nobody_share": share(tally.total.ends[Kind.CLEAR], tally.total.decidable),
        "without_rates": is_blind(tally.trial.policy),
        "without_capacity": tally.trial.policy.capacity is not None,
        "undecidable": dict(tally.holes.most_common()),
        "policy": tally.trial.policy.version,
        "against": tally.live.policy.version if tally.live else None,
        "from": tally.first,
        "until": tally.last,
        "deals": len(tally.deals),
        "crossings": _counts(tally.total),
        "rules": _rules(tally.by_rule),
        "gates": _table(tally.by_gate),
        "pipelines": _table(tally.by_pipeline),
        "teams": _table(tally.by_team),
        "weeks": dict(sorted(_table(tally.by_week).items())),
        "signoffs": signoffs(tally.asks, len(tally.by_week), tally.trial.policy),
        "waiting": _waiting(tally),
        "changed": _changed(tally) if tally.live else None,
    }


def share(part: int, whole: int) -> float | None:
    """Return a share of 1, None of nothing."""
    return round(part / whole, 4) if whole else None


def _counts(counts: Counts) -> Json:
    return {
        "all": counts.all,
        "decidable": counts.decidable,
        "clear": counts.ends[Kind.CLEAR],
        "missing": counts.ends[Kind.MISSING],
        "sign_off": counts.ends[Kind.SIGN_OFF],
        "forbidden": counts.ends[Kind.FORBIDDEN],
        "blocked": counts.modes[Mode.BLOCK],
        "flagged": counts.modes[Mode.FLAG],
        "observed": counts.modes[Mode.OBSERVE],
        "money_held": plain(counts.money),
    }


def _table(counted: Mapping[str, Counts]) -> dict[str, Json]:
    ordered = sorted(counted.items(), key=lambda one: (-one[1].held, one[0]))
    return {name: _counts(counts) for name, counts in ordered}


def _rules(counted: Mapping[tuple[str, str], Cause]) -> list[Json]:
    ordered = sorted(counted.items(), key=lambda one: (-one[1].crossings, one[0]))
    return [
        {
            "gate": gate,
            "rule": rule,
            "crossings": cause.crossings,
            "blocked": cause.modes[Mode.BLOCK],
            "flagged": cause.modes[Mode.FLAG],
            "observed": cause.modes[Mode.OBSERVE],
            "money": plain(cause.money),
        }
        for (gate, rule), cause in ordered
    ]


def signoffs(asks: Counter[tuple[str, str, str]], of_weeks: int, policy: Policy) -> list[Json]:
    """Return for each role its asks, and for each holder the asks in a week: on average over the whole time,
    and at most. Both are told as the policy calls them, too."""
    roles = Counter[str]()
    weeks: dict[tuple[str, str], Counter[str]] = {}
    for (role, person, week), count in asks.items():
        roles[role] += count
        weeks.setdefault((role, person), Counter())[week] += count
    return [
        {
            "role": role,
            "label": policy.roles[role].label if role in policy.roles else role,
            "asks": count,
            "holders": [
                {
                    "person": person,
                    "name": policy.people[person].name if person in policy.people else person,
                    "asks": by_week.total(),
                    "a_week": round(by_week.total() / of_weeks, 2),
                    "most_in_a_week": max(by_week.values()),
                    "busiest_week": max(sorted(by_week), key=lambda week: by_week[week]),
                }
                for (of, person), by_week in sorted(weeks.items())
                if of == role
            ],
        }
        for role, count in roles.most_common()
    ]


def _waiting(tally: Tally) -> Json:
    """Return the hours that decisions add: for the crossings that wait, and over all that are decidable."""
    waits = tally.waits
    several = len(waits) > 1
    return {
        "decision_hours": tally.trial.calendar.answer_hours,
        "crossings": len(waits),
        "mean_hours": round(fmean(waits), 1) if waits else 0.0,
        "p90_hours": round(quantiles(waits, n=10)[-1], 1) if several else round(sum(waits), 1),
        "hours_a_crossing": round(sum(waits) / tally.total.decidable, 2) if tally.total.decidable else 0.0,
    }


def _changed(tally: Tally) -> Json:
    return {
        "deals": len(tally.changed),
        "crossings": tally.directions.total(),
        "directions": {way.value: count for way, count in tally.directions.items()},
        "money": {way.value: plain(total) for way, total in tally.moved.items()},
        "examples": [_example(one) for one in tally.examples],
    }


def _example(one: Otherwise) -> Json:
    said = {"was": one.was, "now": one.now, "direction": one.direction}
    return {"deal": one.deal, "name": one.name, "gate": one.gate, "at": one.at, **said}
