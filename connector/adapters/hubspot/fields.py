"""The one table of our own properties in HubSpot: names, types, labels, options (design 7 and 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connector.deals import OurField
from connector.texts import BADGES

GROUP = "dealgate"
GROUP_LABEL = "Dealgate"

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Property:
    """A property as we want it: `options` are values and labels."""

    name: str
    label: str
    type: str
    field_type: str
    description: str = ""
    options: Options = ()


_OURS = "Dealgate keeps it up to date."
_ANSWERS: Options = (
    ("yes", "Yes"),
    ("yes-up-to", "Yes, up to a limit"),
    ("no", "No"),
    ("question", "Ask the rep first"),
    ("wait-for-customer", "Wait for the customer"),
    ("go-on", "Go on, the customer has answered"),
)
REQUESTED, TAKEN_BACK = "yes", "withdraw"

OUR_PROPERTIES: Mapping[OurField, Property] = MappingProxyType(
    {
        OurField.READINESS: Property(
            "ops_readiness",
            "Deal readiness",
            "enumeration",
            "select",
            f"Whether Operations can deliver this deal as it is. {_OURS}",
            tuple((value.value, label) for value, label in BADGES.items()),
        ),
        OurField.REASON: Property(
            "ops_readiness_reason", "Why, and what opens it", "string", "textarea", _OURS
        ),
        OurField.BLOCKED_STAGES: Property(
            "ops_blocked_stages",
            "Stages closed for now",
            "string",
            "text",
            f"Stages that this deal may enter only inside the agreed range. {_OURS}",
        ),
        OurField.WAITING_ON: Property("ops_waiting_on", "Waiting for", "string", "text"),
        OurField.DUE: Property("ops_due", "Answer due", "datetime", "date"),
        OurField.CHECKED_AT: Property("ops_checked_at", "Last checked", "datetime", "date"),
        OurField.REQUEST: Property(
            "ops_request",
            "Ask Operations",
            "enumeration",
            "select",
            "Choose Yes to have the deal looked at now.",
            ((REQUESTED, "Yes, please look at it now"), (TAKEN_BACK, "No longer, take it back")),
        ),
        OurField.REQUEST_NOTE: Property("ops_request_note", "Your case for Operations", "string", "textarea"),
        OurField.NEEDED_BY: Property(
            "ops_needed_by", "Answer needed by", "date", "date", "The day by which you need the answer."
        ),
        OurField.DECISION: Property(
            "ops_decision", "Decision of Operations", "enumeration", "select", "", _ANSWERS
        ),
        OurField.DECISION_NOTE: Property(
            "ops_decision_note", "Limit or reason of the decision", "string", "textarea"
        ),
    }
)
TIMES = frozenset({OurField.DUE, OurField.CHECKED_AT})

TASK_KEY = "dealgate_key"
TASK_DECISION = "dealgate_decision"
TASK_LIMIT = "dealgate_decision_limit"
TASK_NOTE = "dealgate_decision_note"
TASK_PROPERTIES = (
    Property(TASK_DECISION, "Your decision", "enumeration", "select", "", _ANSWERS),
    Property(TASK_LIMIT, "Up to", "number", "number", "The limit of a yes, for example 15 for 15 %."),
    Property(TASK_NOTE, "Why", "string", "textarea", "What the rep and your colleagues should know."),
    Property(TASK_KEY, "Dealgate key", "string", "text", "Which question this is. Leave it as it is."),
)

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "name": "dealname",
        "amount": "amount",
        "close-date": "closedate",
        "owner": "hubspot_owner_id",
        "currency": "deal_currency_code",
        "stage": "dealstage",
        "pipeline": "pipeline",
    }
)
"""Words of the vocabulary that need no mapping in the policy."""
