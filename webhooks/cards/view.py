"""What a viewer gets to see of a deal: the one shape of cards and panels, and what only a card has."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector import explain, gates, levers
from connector.checks.derived import currency_of
from connector.deals import Value
from connector.explain import history
from connector.explain.story import Names
from connector.explain.viewer import changeable, is_changeable, may, operations
from connector.policy import written
from connector.policy.literals import NotALiteral
from connector.policy.model import FieldType
from connector.signoffs.ground import Ground
from connector.verdicts import Verdict
from webhooks.cards.calls import Call

_LAST = 50  # entries of the history
Json = dict[str, object]


@dataclass(slots=True)
class NotAllowed(Exception):
    """A value that cannot be tried: which field, and why."""

    field: str
    message: str


def card(call: Call) -> Json:
    """Return the deal as it was last seen."""
    return _card(call, call.recalled.verdict, call.recalled.ground, supposed=False)


def what_if(call: Call, wished: Mapping[str, str | None]) -> Json:
    """Return the deal as it would be with other values, by the same engine; NotAllowed for a value that is no
    rep's to change or cannot be read."""
    ground = call.recall.with_hours(call.recalled.ground)
    changes = tuple((name, _value(name, text, ground)) for name, text in wished.items())
    there = levers.changed(ground, changes)
    return _card(call, gates.judged(there), there, supposed=True)


def _card(call: Call, verdict: Verdict, ground: Ground, *, supposed: bool) -> Json:
    """`verdict` and `ground` are what is shown; what the viewer may do rests on the real ones."""
    recalled, theirs = call.recalled, operations(call.viewer, verdict, ground)
    return {
        **explain.told(verdict, ground),
        "deal": verdict.deal,
        "readiness": verdict.readiness.value,
        "checked_at": recalled.verdict.at.isoformat(),
        "pending": recalled.pending,
        "supposed": supposed,
        "fields": changeable(ground),
        "history": _history(call, told_all=theirs is not None),
        "viewer": may(call.viewer, recalled.verdict, recalled.ground),
        "operations": theirs,
    }


def _history(call: Call, *, told_all: bool) -> list[dict[str, str]]:
    policy, entries = call.house.policy, call.recall.story(call.recalled.verdict.deal, _LAST)
    hidden, names = {one.name for one in policy.fields.values() if one.hidden}, Names.of(policy)
    read = history.history(entries, call.viewer.person, hidden, operations=told_all)
    return [history.line(one, names) for one in read]


def _value(name: str, text: str | None, ground: Ground) -> Value:
    field = ground.policy.fields.get(name)
    if field is None or not is_changeable(field):
        known = ", ".join(one.name for one in ground.policy.fields.values() if is_changeable(one))
        raise NotAllowed(name, f"It is no field that a rep may change. Those are: {known or 'none'}.")
    if text is None:
        return None
    percent = field.type is FieldType.PERCENT and text.strip()[-1:].isdigit()
    try:
        return written.value(field, f"{text} %" if percent else text, currency_of(ground.deal, ground.policy))
    except NotALiteral as error:
        raise NotAllowed(name, f"Write {error}.") from error
