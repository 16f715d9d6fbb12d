"""What the record tells of a deal: the story at the terminal, the history on the card."""

from collections.abc import Mapping
from types import MappingProxyType

Words = Mapping[str, str]

_GATE: Words = MappingProxyType(
    {
        "passed": "{gate} was passed",
        "lapsed": "{gate} is open again: what it had agreed to has changed",
        "before-the-gate-existed": "{gate} came after the deal and asks nothing",
        "went-back-before-the-gate": "{gate} has to be passed again: the deal went back before it",
    }
)
_SIGNOFF: Words = MappingProxyType(
    {
        "asked": "{asked} asked for {role} at {gate}",
        "may-stop": "{asked} may stop it for {role} at {gate}",
        "let-pass": "{role} at {gate} did not stop it in time, so it passes",
        "waits-for-its-turn": "{role} at {gate} waits for its turn",
        "question": "{who} asks the rep",
        "reply": "{who} replied",
        "no-reply": "The rep did not reply in time: {role} at {gate} goes on without",
        "unanswered": "The rep did not reply in time: the question to {role} at {gate} has lapsed",
        "yes": "{who} said yes for {role} at {gate}, {right}{agreed}",
        "no": "{who} said no for {role} at {gate}, {right}",
        "signed": "{who} signed for {role} at {gate}, {right}; more have to",
        "withdrawn": "The question to {role} at {gate} was taken back",
        "expired": "{role} at {gate}: the time is over",
        "superseded": "{role} at {gate} is asked anew or was replaced",
        "escalated": "Nobody answered in time: {asked} asked for {role} at {gate}",
        "paused": "{role} at {gate} waits for the customer",
        "resumed": "The wait for the customer is over: {role} at {gate} goes on",
        "condition-met": "A condition of {role} at {gate} is met",
        "passed-on": "Passed on: {asked} asked for {role} at {gate}",
        "asked-again": "Asked once more for {role} at {gate}, since nobody answered on the task",
    }
)
_RIGHTS: Words = MappingProxyType(
    {
        "holder": "holding {role}",
        "delegate": "standing in for {holder} ({role}) from {days}",
        "backup": "as backup of {role}",
        "last-resort": "as last resort",
        "": "by no right on record",
    }
)
_WAIVER: Words = MappingProxyType(
    {
        "granted": "{who}, as {right}, lets this deal pass {rule} until {until} ({reason}, {waiver})",
        "emergency": "{who}, in an emergency, lets this deal pass {rule} until {until} ({reason}, {waiver})",
        "ended": "{who} ended the exception {waiver}",
        "reviewed": "{who} reviewed the emergency exception {waiver}",
        "unneeded": "The exception {waiver} to {rule} was not needed for a day and has ended",
    }
)
_WRITTEN: Words = MappingProxyType(
    {
        "yes-up-to": "yes up to a limit",
        "question": "ask the rep first",
        "reply": "a reply",
        "wait-for-customer": "wait for the customer",
        "go-on": "go on",
        "withdraw": "no longer, take it back",
        "condition-met": "the condition is met",
    }
)


def badge(said: str, sentence: str) -> str:
    return f'Badge "{said}": {sentence}'


def gate_became(gate: str, how: str) -> str:
    """Say how a gate was cleared or not; a way that this version does not know is shown as it is."""
    known = _GATE.get(how)
    return known.format(gate=gate) if known else f"{gate} {how}"


def gate_again(gate: str) -> str:
    return f"{gate} has to be passed again"


def signoff(event: str, said: Words) -> str:
    """Say what happened to a question; `said` fills who, asked, role, gate, right and agreed."""
    known = _SIGNOFF.get(event)
    return known.format_map(said) if known else f"{said['role']} at {said['gate']}: {event}"


def waiver(event: str, said: Words) -> str:
    """Say what happened to an exception; `said` fills who, rule, until, right, reason and waiver."""
    known = _WAIVER.get(event)
    return known.format_map(said) if known else f"Exception {said['waiver']}: {event}"


def right(kind: str, said: Words) -> str:
    """Say by which right somebody decided; `said` fills role, holder and days."""
    known = _RIGHTS.get(kind)
    return known.format_map(said) if known else f"by {kind}"


def days(first: str, last: str) -> str:
    return f"{first} to {last}"


def agreed(limits: str, until: str) -> str:
    return (f", for {limits}" if limits else "") + (f", until {until}" if until else "")


def between(low: str, high: str) -> str:
    return f"from {low} to {high}"


def asks(who: str) -> str:
    return f"{who} asks for a decision"


def moved_back(start: str, end: str) -> str:
    return f"Moved back from {start} to {end}."


def wrote(who: str, kind: str) -> str:
    return f"{who} wrote: {_WRITTEN.get(kind, kind)}"


def wrote_in_vain(who: str, kind: str) -> str:
    return f"{wrote(who, kind)}. It did not count"


def closed_undecided() -> str:
    return "The task was closed or deleted without an answer."


def given_to(who: str) -> str:
    return f"The task was given to {who}"


def the_rep() -> str:
    return "The rep"


def anybody() -> str:
    return "Somebody"


def stranger() -> str:
    return "somebody whom the policy does not know"


def erased_person() -> str:
    return "somebody (erased)"


def erased() -> str:
    return "(erased)"
