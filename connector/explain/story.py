"""The story of a deal as the record tells it, in sentences: what was decided, asked, answered and moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from connector import texts, values
from connector.policy.model import Field, Policy
from connector.policy.words import built_in
from connector.texts import story as words
from connector.verdicts import Readiness

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: `body` as it was sealed, `beside` the personal values that were not erased."""

    at: datetime
    kind: str
    body: Body
    beside: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """How people, roles, gates and fields are called now, by id; an id that is not there any more names
    itself."""

    people: Mapping[str, str]
    roles: Mapping[str, str]
    gates: Mapping[str, str]
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, policy: Policy) -> "Names":
        """Return the names that this policy gives."""
        return cls(
            people={one.id: one.name for one in policy.people.values()},
            roles={one.id: one.label for one in policy.roles.values()},
            gates={gate.id: gate.stage for gate in policy.gates},
            fields={**built_in(), **policy.fields},  # what an earlier policy spoke of has its unit, too
        )

    def person(self, told: Told, key: str = "person") -> str:
        """Name the person of an entry."""
        found = told.beside.get(key)
        return words.erased_person() if found is None else self.people.get(found, found)


def sentence(told: Told, names: Names) -> str:
    """Return what one entry says. A kind that this version does not know is shown as it is."""
    match told.kind:
        case "verdict":
            return _verdict(told, names)
        case "sign-off":
            return _signoff(told, names)
        case "decision":
            return _decision(told, names)
        case "request":
            return _joined(words.asks(names.person(told)), told.beside.get("note", ""))
        case "move-back":
            return words.moved_back(str(told.body["from"]), str(told.body["to"]))
        case "waiver" if "event" in told.body:
            return _waiver(told, names)
        case _:
            return _plain(told)


def _verdict(told: Told, names: Names) -> str:
    badge = texts.BADGES[Readiness(str(told.body["readiness"]))]
    cleared, lost = _mapping(told.body.get("cleared")), _items(told.body.get("lost"))
    gates = [words.gate_became(names.gates.get(gate, gate), str(how)) for gate, how in cleared.items()]
    gates += [words.gate_again(names.gates.get(str(gate), str(gate))) for gate in lost]
    said = told.beside.get("sentence", words.erased())
    return _joined(words.badge(badge, said), values.listing(gates))


def _signoff(told: Told, names: Names) -> str:
    event = str(told.body["event"])
    gate, role, _ = str(told.body["signoff"]).split("/")
    label, called = names.roles.get(role, role), names.gates.get(gate, gate)
    asked = values.listing([names.people.get(one, one) for one in told.beside.get("asked", "").split(", ")])
    nobody = {"question": label, "reply": words.the_rep()}.get(event)
    said = {
        "role": label,
        "gate": called,
        "asked": asked or (label if event == "escalated" else words.erased_person()),
        "who": nobody if nobody and "person" not in told.beside else names.person(told),
        "right": _right(told, names),
        "agreed": _range(told, names),
    }
    more = [told.beside.get(name, "") for name in ("why", "question", "note")]
    conditions = told.beside.get("conditions", "")
    return _joined(words.signoff(event, said), *more, "" if conditions in more[-1] else conditions)


def _right(told: Told, names: Names) -> str:
    """Say by which right: the answer to "had he the authority that day?"."""
    right, role = str(told.body.get("right", "")), str(told.body.get("role", ""))
    days = [str(_mapping(day).get("d", day)) for day in _items(told.body.get("delegated"))]
    said = {
        "role": names.roles.get(role, role),
        "holder": names.person(told, "holder"),
        "days": words.days(days[0], days[-1]) if days else "",
    }
    return words.right(right, said)


def _range(told: Told, names: Names) -> str:
    bounds = [_mapping(one) for one in _items(told.body.get("envelope"))]
    said = [_bound(one, str(one["field"]), names.fields.get(str(one["field"]))) for one in bounds]
    return words.agreed(values.listing(said), _end(_mapping(told.body.get("until")), None))


def _bound(bound: Mapping[str, object], name: str, field: Field | None) -> str:
    low, high = (_end(_mapping(bound.get(end)), field) for end in ("low", "high"))
    said = texts.up_to(high) if not low else words.between(low, high) if high else texts.from_value(low)
    return f"{field.label if field else name} {said}"


def _end(end: Mapping[str, object], field: Field | None) -> str:
    """Write a value that the record keeps, "" for none; what is left of a field that is gone is a number."""
    if "d" in end:
        return values.day(date.fromisoformat(str(end["d"])))
    if "n" not in end:
        return ""
    return values.of_field(field, Decimal(str(end["n"]))) if field else str(end["n"])


def _decision(told: Told, names: Names) -> str:
    kind, counted = str(told.body["kind"]), bool(told.body.get("counted"))
    if kind == "closed-undecided":
        return words.closed_undecided()
    known = "person" in told.beside
    if kind == "passed-on":
        reached = names.person(told) if known else words.stranger()
        return _joined(words.given_to(reached), told.beside.get("sentence", ""))
    person = names.person(told) if known or counted else words.anybody()
    if counted:
        return _joined(words.wrote(person, kind), told.beside.get("note", ""))
    return _joined(words.wrote_in_vain(person, kind), told.beside.get("sentence", ""))


def _waiver(told: Told, names: Names) -> str:
    role, reason = str(told.body.get("role", "")), str(told.body.get("reason", ""))
    said = {
        "who": names.person(told),
        "rule": str(told.body.get("rule", "")),
        "until": _end(_mapping(told.body.get("until")), None),
        "right": names.roles.get(role, role),
        "reason": reason,
        "waiver": str(told.body.get("waiver", "")),
    }
    event = "emergency" if told.body.get("break_glass") else str(told.body["event"])
    return _joined(words.waiver(event, said), told.beside.get("note", ""))


def _plain(told: Told) -> str:
    said = [f"{name} {value}" for name, value in told.body.items() if name != "personal" and value]
    return _joined(told.kind.replace("-", " ").capitalize(), ", ".join(said), *told.beside.values())


def _joined(first: str, *more: str) -> str:
    said = [first, *(text for text in more if text)]
    return " ".join(text if text[-1] in ".!?" else f"{text}." for text in said)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
