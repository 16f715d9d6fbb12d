"""What the checks of the intake checklist find, but capacity: a sentence for the rep, or a pair for the rep
and for Operations."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from connector import values
from connector.policy.model import Feasible
from connector.texts.words import capital

Pair = tuple[str, str]
_FEASIBLE: Mapping[Feasible, str] = MappingProxyType(
    {
        Feasible.YES: "feasible as it is sold",
        Feasible.CHANGED: "feasible with changes",
        Feasible.REVIEW: "has to be reviewed",
        Feasible.NO: "not feasible",
    }
)


def scope_unknown(label: str, stage: str) -> str:
    return f"Without {label} nobody can tell whether {stage} has a gate for this deal."


# --- required data ---


def filled_in(labels: Sequence[str]) -> str:
    return f"Filled in: {', '.join(labels)}."


def not_due(labels: Sequence[str]) -> str:
    return f"Not due yet: {', '.join(labels)}."


def due_in(label: str, stage: str) -> str:
    return f"{label} ({stage})"


def is_missing(label: str) -> str:
    return f"{label} is missing."


def cannot_be_used(label: str, why: str) -> str:
    return f"{label} cannot be used: {why}."


def must_be_known(label: str) -> str:
    return f"{label} must be known here."


def must_look_like(label: str, text: str, pattern: str) -> str:
    return f'{label} cannot be "{text}": it must look like {pattern}.'


def not_as_it_should(label: str) -> str:
    return f"{capital(label)} is not as it should be; Operations reads why."


def source_down(label: str, why: str) -> Pair:
    return f"{label} cannot be read at the moment. There is nothing for you to do.", f"{label}: {why}."


def not_known_yet(label: str, reason: str, role: str) -> Pair:
    ops = f"{label} is not known yet, because {reason.rstrip('.')}."
    return f"{ops} {role} decides.", ops


def why_not_known_yet(label: str, reason: str) -> str:
    return f"{label} is not known yet ({reason.rstrip('.')})"


# --- feasibility ---


def lines_unreadable() -> str:
    return "The product lines cannot be read at the moment. There is nothing for you to do."


def not_covered(subject: str) -> str:
    return f"{subject or 'This deal'}: no row of the feasibility table covers it."


def feasible(subject: str, answer: Feasible, says: str) -> str:
    more = f": {says.rstrip('.')}" if says else ""
    return capital(f"{_about(subject)}{_FEASIBLE[answer]}{more}.")


def not_answered(subject: str, questions: Sequence[str]) -> str:
    return f"{_about(subject)}not answered yet: {values.listing(questions)}."


def question(text: str, answered_by: str) -> str:
    return f"{text} ({answered_by} knows)" if answered_by else text


def question_unread(asked: str, why: str) -> str:
    return f"{asked} [{why}]"


def limits_elsewhere(label: str) -> str:
    return f"the limits of {label} are in another currency, and no exchange rate is known"


def not_in_the_deal(product: str, other: str) -> str:
    return f"{product} needs {other}, which is not in the deal."


def not_together(product: str, other: str) -> str:
    return f"{product} and {other} do not go together."


def start_unknown(label: str, why: str) -> str:
    return f"{capital(label)} is not known, which the lead time is held against: {why}."


def start_empty() -> str:
    return "it is not filled in"


def start_too_early(label: str, missing: int, what: str, needed: int) -> Pair:
    said = f"{capital(label)} is {values.counted(missing, 'day')} too early"
    why = f"{what} needs {values.counted(needed, 'day')}"
    return f"{said}: {why} from today.", f"{said}: {why}."


# --- deviations ---


def at_list_price() -> str:
    return "Sold at list price."


def above_list_price() -> str:
    return "Sold above list price."


def discounted(points: str, worth: str) -> Pair:
    return f"{points} discount against list price.", f"{points} under list price{worth}."


def product_discounted(product: str, points: str, standard: str, worth: str) -> Pair:
    said = f"{product}: {points} discount, the standard is {standard}"
    return f"{said}.", f"{said}{worth}."


def not_offered(product: str, quantity: str, price: str) -> Pair:
    rep = f"{product} is not in the standard offering."
    return rep, f"{quantity} x {product}, not in the standard offering, {price}."


def at_a_price(price: str) -> str:
    return f"for {price}"


def at_no_price() -> str:
    return "at an unknown price"


def quantity_outside(product: str, standard: str, over: str, worth: str) -> Pair:
    said = f"{product}: quantity is outside of the standard, {standard}"
    return f"{said}.", f"{said}, by {over}{worth}."


def option_outside(product: str, label: str, value: str, standard: str, worth: str) -> Pair:
    return term_outside(f"{product}: {label}", value, standard, worth)


def term_outside(label: str, value: str, standard: str, worth: str) -> Pair:
    said = f"{capital(label)} {value}, the standard is {standard}"
    return f"{said}.", f"{said}{worth}."


def not_standard(label: str) -> str:
    return f"{capital(label)} is not in the standard offering."


def lead_time_short(days: str, what: str, needed: str) -> str:
    return f"The start is {days} too early: {what} needs {needed}."


def worth(money: str) -> str:
    return f", worth {money}"


def worth_unknown(why: str) -> str:
    return f", its worth is not known: {why}"


def with_severity(ops: str, severity: str) -> str:
    return f"{ops.removesuffix('.')} ({severity})."


def unmeasured(label: str, why: str) -> str:
    return f"{capital(label)} is not known: {why}."


def empty() -> str:
    return "it is empty"


def _about(subject: str) -> str:
    return f"{subject}: " if subject else ""
