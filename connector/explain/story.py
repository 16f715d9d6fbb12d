"""The story of a deal as the record tells it, in sentences: what was decided, asked, answered and moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connector import texts, values
from connector.policy.model import Policy
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
    """How people, roles and gates are called now, by id; an id that is not there any more names itself."""

    people: Mapping[str, str]
    roles: Mapping[str, str]
    gates: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy) -> "Names":
        """Return the names that this policy gives."""
        return cls(
            people={one.id: one.name for one in policy.people.values()},
            roles={one.id: one.label for one in policy.roles.values()},
            gates={gate.id: gate.stage for gate in policy.gates},
        )

    def person(self, told: Told, key: str = "person") -> str:
        """Name the person of an entry."""
        found = told.beside.get(key)
        return "somebody (erased)" if found is None else self.people.get(found, found)


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
            return _joined(f"{names.person(told)} asks for a decision", told.beside.get("note", ""))
        case "move-back":
            return f"Moved back from {told.body['from']} to {told.body['to']}."
        case _:
            return _plain(told)


def _verdict(told: Told, names: Names) -> str:
    badge = texts.BADGES[Readiness(str(told.body["readiness"]))]
    cleared, lost = _mapping(told.body.get("cleared")), _items(told.body.get("lost"))
    gates = [f"{names.gates.get(gate, gate)} {_HOW.get(str(how), str(how))}" for gate, how in cleared.items()]
    gates += [f"{names.gates.get(str(gate), str(gate))} is owed again" for gate in lost]
    said = told.beside.get("sentence", "(erased)")
    return _joined(f'Badge "{badge}": {said}', values.listing(gates))


_HOW = {
    "passed": "was passed",
    "lapsed": "is open again: what it had agreed to has changed",
    "before-the-gate-existed": "came after the deal and asks nothing",
    "went-back-before-the-gate": "is owed: the deal went back before it",
}


def _signoff(told: Told, names: Names) -> str:
    event = str(told.body["event"])
    gate, role, _ = str(told.body["signoff"]).split("/")
    label, called = names.roles.get(role, role), names.gates.get(gate, gate)
    asked = values.listing([names.people.get(one, one) for one in told.beside.get("asked", "").split(", ")])
    person = names.person(told)
    said = {
        "asked": f"{asked or 'somebody (erased)'} asked for {label} at {called}",
        "may-stop": f"{asked or 'somebody (erased)'} may stop it for {label} at {called}",
        "let-pass": f"{label} at {called} did not stop it in time, so it passes",
        "waits-for-its-turn": f"{label} at {called} waits for its turn",
        "question": f"{person if 'person' in told.beside else label} asks the rep",
        "reply": f"{person if 'person' in told.beside else 'The rep'} replied",
        "yes": f"{person} said yes for {label} at {called}, {_right(told, names)}{_range(told)}",
        "no": f"{person} said no for {label} at {called}, {_right(told, names)}",
        "signed": f"{person} signed for {label} at {called}, {_right(told, names)}; more have to",
        "withdrawn": f"The question to {label} at {called} was taken back",
        "expired": f"{label} at {called}: the time is over",
        "superseded": f"{label} at {called} is asked anew or was replaced",
        "escalated": f"Nobody answered in time: {asked or label} asked for {label} at {called}",
        "paused": f"{label} at {called} waits for the customer",
        "resumed": f"The wait for the customer is over: {label} at {called} goes on",
        "condition-met": f"A condition of {label} at {called} is met",
        "passed-on": f"Passed on: {asked or 'somebody (erased)'} asked for {label} at {called}",
        "asked-again": f"Asked once more for {label} at {called}, since nobody answered on the task",
    }.get(event, f"{label} at {called}: {event}")
    words = (told.beside.get(name, "") for name in ("why", "question", "note", "conditions"))
    return _joined(said, *words)


def _right(told: Told, names: Names) -> str:
    """Say by which right: the answer to "had he the authority that day?"."""
    right, role = str(told.body.get("right", "")), str(told.body.get("role", ""))
    label = names.roles.get(role, role)
    holder = names.person(told, "holder")
    days = [str(_mapping(day).get("d", day)) for day in _items(told.body.get("delegated"))]
    return {
        "holder": f"holding {label}",
        "delegate": f"standing in for {holder} ({label}) from {' to '.join(days)}",
        "backup": f"as backup of {label}",
        "last-resort": "as last resort",
    }.get(right, f"by {right or 'no right on record'}")


def _range(told: Told) -> str:
    bounds = [_mapping(one) for one in _items(told.body.get("envelope"))]
    said = [f"{one['field']} {_bound(one)}" for one in bounds]
    until = _mapping(told.body.get("until")).get("d")
    return (f", for {values.listing(said)}" if said else "") + (f", until {until}" if until else "")


def _bound(bound: Mapping[str, object]) -> str:
    ends = [_mapping(bound.get(end)) for end in ("low", "high")]
    low, high = (end.get("n", end.get("d")) for end in ends)
    if low is None:
        return f"up to {high}"
    return f"from {low}" if high is None else f"from {low} to {high}"


_WROTE = {
    "yes-up-to": "yes up to a limit",
    "question": "ask the rep first",
    "reply": "a reply",
    "wait-for-customer": "wait for the customer",
    "go-on": "go on",
    "withdraw": "no longer, take it back",
    "condition-met": "the condition is met",
}


def _decision(told: Told, names: Names) -> str:
    written = str(told.body["kind"])
    if written == "closed-undecided":
        return "The task was closed or deleted without an answer."
    if written == "passed-on":
        reached = names.person(told) if "person" in told.beside else "somebody whom the policy does not know"
        return _joined(f"The task was given to {reached}", told.beside.get("sentence", ""))
    kind = _WROTE.get(written, written)
    person = names.person(told) if "person" in told.beside or told.body["counted"] else "Somebody"
    if told.body["counted"]:
        return _joined(f"{person} wrote: {kind}", told.beside.get("note", ""))
    return _joined(f"{person} wrote: {kind}. It did not count", told.beside.get("sentence", ""))


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
