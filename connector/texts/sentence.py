"""The badge, and the one sentence beside it: why, and what opens it. Reps and approvers read it."""

from collections.abc import Mapping
from types import MappingProxyType

from connector.verdicts import Readiness

BADGES: Mapping[Readiness, str] = MappingProxyType(
    {
        Readiness.READY: "Ready",
        Readiness.NEEDS_INFO: "Your turn",
        Readiness.NEEDS_SIGN_OFF: "Waiting for sign-off",
        Readiness.BLOCKED: "Stopped by Operations",
        Readiness.EXCEPTION: "Ready, with exception",
        Readiness.NOT_ASSESSED: "Not checked yet",
    }
)


def ready_for(stage: str) -> str:
    return f"Ready for {stage}."


def all_clear() -> str:
    return "Ready. Nothing is open."


def was_there_before(stage: str) -> str:
    return f"Ready. It stood in {stage} or beyond before that gate existed."


def agreed(who: str, limits: str) -> str:
    return f"{who} agreed: {limits}. Inside that, change what you like." if limits else f"{who} agreed."


def none_of(label: str) -> str:
    return f"no {label}"


def may_stop(who: str, when: str) -> str:
    return f"{who} may still stop it, until {when}."


def exception(who: str, why: str, last: str) -> str:
    return f"Exception by {who} until {last}: {why}."


def on_condition(text: str, day: str) -> str:
    return f"On condition: {text} by {day}."


def your_turn(stage: str) -> str:
    return f"{stage}: your turn."


def missing(labels: str) -> str:
    return f"Missing: {labels}."


def may_be_unknown(role: str) -> str:
    return f'Don\'t know one yet? Write "unknown, because ..." and {role} takes it from there.'


def asks_back(who: str, question: str) -> str:
    return f"{who} asks: {question}"


def waiting_for(stage: str, who: str) -> str:
    return f"{stage}: waiting for {who}"


def until(who: str, when: str) -> str:
    return f"{who} until {when}"


def customer_first(who: str) -> str:
    return f"{who}, once the customer has answered"


def needs_sign_off(stage: str, who: str) -> str:
    return f"{stage}: needs sign-off by {who}"


def nobody_can(stage: str, role: str) -> str:
    return f"{stage}: needs sign-off by {role}, but nobody who may give it is active here; your admin is told"


def because(reasons: str) -> str:
    return f", because {reasons}."


def by_yourself(stage: str, said: str) -> str:
    return f"{stage}: {said[:1].lower()}{said[1:]}"


def stopped_by(stage: str, who: str) -> str:
    return f"{stage}: stopped by {who}"


def not_allowed(stage: str) -> str:
    return f"{stage}: not possible"


def never(stage: str, policy_says: str) -> str:
    return f"{stage}: not possible. {policy_says}"


def offer(most: str, who: str, until: str = "") -> str:
    return f"At {most} {who} says yes, {until}." if until else f"At {most} {who} says yes."


def lever_alone(terms: str) -> str:
    return f"At {terms} you need nobody."


def lever_other(terms: str, who: str) -> str:
    return f"At {terms} {who} decides."


def source_down(stage: str, *, kept: bool) -> str:
    """Say that we cannot tell; `kept`: the deal has an answer from before."""
    if not kept:
        return f"{stage}: not checked yet, for our own source does not answer. Nothing for you to do."
    return f"{stage}: our own source does not answer, the last answer stays. Nothing for you to do."


def not_checked(why: str) -> str:
    return f"Not checked: {why}."


def no_gate() -> str:
    return "no gate applies to this deal"


def gone() -> str:
    return "the deal is gone"


def closed_lost() -> str:
    return "the deal is closed as lost"


def stage_unknown() -> str:
    return "its stage is not known"
