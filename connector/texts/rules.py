"""The rules as a tree, and what the rep may decide alone."""

from collections.abc import Mapping
from types import MappingProxyType

from connector.standing import ClearedHow


def alone(limits: str) -> str:
    return f"You alone: {limits}"


def all_alone() -> str:
    return "You decide this alone"


def nothing_alone() -> str:
    return "Nothing here is yours alone to decide"


def held_by_figures() -> str:
    return "figures that Operations keeps decide it"


def not_for_this_deal(stage: str) -> str:
    return f"{stage}: not for this deal"


_CLEARED: Mapping[ClearedHow, str] = MappingProxyType(
    {ClearedHow.PASSED: "passed", ClearedHow.BEFORE_THE_GATE: "before the gate existed"}
)


def why_clear(how: ClearedHow | None) -> str:
    """Say how a gate was cleared; nothing where it is judged as the deal is now."""
    return _CLEARED.get(how, "") if how else ""


def not_looked_at(name: str) -> str:
    return f"{name}: not looked at again"


def not_known_now() -> str:
    return "Not known at the moment"


def ruled(who: str, why: str) -> str:
    return f"{who}: {why}" if why else who


def never_because(policy_says: str, why: str) -> str:
    return f"{policy_says.rstrip('.')} ({why})" if policy_says else why


def sales_decides() -> str:
    return "Sales decides"


def signs(role: str) -> str:
    return f"{role} decides"


def has_signed(role: str) -> str:
    return f"{role} has decided"


def states(role: str, fact: str) -> str:
    return f'{role} confirms "{fact}"'


def has_stated(role: str, fact: str) -> str:
    return f'{role} has confirmed "{fact}"'


def stops(role: str) -> str:
    return f"{role} may stop it"


def is_told(role: str) -> str:
    return f"{role} is told"


def forbidden() -> str:
    return "Not allowed"


def not_decided() -> str:
    return "Not known yet"
