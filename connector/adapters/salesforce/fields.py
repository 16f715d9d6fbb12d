"""The one table of our own fields in Salesforce (design 7 and 9).

The package, the permission sets, the checks of `install` and the adapter's reads and writes derive from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from connector.deals import OurField
from connector.texts import BADGES
from connector.verdicts import Readiness


class Kind(StrEnum):
    """Metadata field types, as Salesforce spells them."""

    TEXT = "Text"
    TEXT_AREA = "TextArea"
    LONG_TEXT = "LongTextArea"
    CHECKBOX = "Checkbox"
    CURRENCY = "Currency"
    NUMBER = "Number"
    PERCENT = "Percent"
    DATE = "Date"
    MOMENT = "DateTime"
    PICKLIST = "Picklist"


class Audience(StrEnum):
    """Who gets one of our permission sets; the value is its developer name."""

    REP = "Dealgate_Rep"
    OPS = "Dealgate_Ops"
    ADMIN = "Dealgate_Admin"
    INTEGRATION = "Dealgate_Integration"


Options = tuple[tuple[str, str], ...]
EVERYBODY = frozenset(Audience)
NOBODY: frozenset[Audience] = frozenset()
ALL_BUT_REPS = EVERYBODY - {Audience.REP}
CONNECTOR = frozenset({Audience.INTEGRATION})
DECIDERS = frozenset({Audience.OPS, Audience.INTEGRATION})  # the connector only empties what did not count
ASKERS = frozenset({Audience.REP, Audience.OPS, Audience.INTEGRATION})


@dataclass(frozen=True, slots=True)
class CustomField:
    """One field as we want it. `digits` and `scale` are those of numbers: 16 before the point, 2 behind.

    `editors` are the permission sets that may write it, `readers` those that may read it.
    """

    name: str
    label: str
    kind: Kind
    description: str = ""
    length: int = 0
    digits: int = 16
    scale: int = 2
    options: Options = ()
    formula: str = ""
    editors: frozenset[Audience] = CONNECTOR
    readers: frozenset[Audience] = EVERYBODY


ICONS = "Dealgate_Icons"
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
TIMES = frozenset({OurField.DUE, OurField.CHECKED_AT})


def _badge() -> str:
    """Return the formula of the badge: an icon, and its meaning in words for those who do not see it."""
    shown = [value for value in Readiness if value is not Readiness.NOT_ASSESSED]
    words = "".join(f', "{value.value}", "{BADGES[value]}"' for value in shown)
    icons = "".join(f', "{value.value}", "/resource/{ICONS}/{value.value}.svg"' for value in shown)
    text = f'CASE(TEXT(Ops_Readiness__c){words}, "{BADGES[Readiness.NOT_ASSESSED]}")'
    icon = f'CASE(TEXT(Ops_Readiness__c){icons}, "/s.gif")'
    return f'IMAGE({icon}, "", 16, 16) & " " & {text}'


OUR_FIELDS: Mapping[OurField, CustomField] = MappingProxyType(
    {
        OurField.READINESS: CustomField(
            "Ops_Readiness__c",
            "Deal readiness",
            Kind.PICKLIST,
            f"Whether Operations can deliver this deal as it is. {_OURS}",
            options=tuple((value.value, label) for value, label in BADGES.items()),
        ),
        OurField.REASON: CustomField(
            "Ops_Readiness_Reason__c", "Why, and what opens it", Kind.TEXT, _OURS, length=255
        ),
        OurField.BLOCKED_STAGES: CustomField(
            "Ops_Blocked_Stages__c",
            "Stages closed for now",
            Kind.TEXT,
            f"Stages that this deal enters only inside the agreed range: ;Proposal;Closed Won;. {_OURS}",
            length=255,
        ),
        OurField.WAITING_ON: CustomField("Ops_Waiting_On__c", "Waiting for", Kind.TEXT, _OURS, length=255),
        OurField.DUE: CustomField("Ops_Due__c", "Answer due", Kind.MOMENT, _OURS),
        OurField.CHECKED_AT: CustomField("Ops_Checked_At__c", "Last checked", Kind.MOMENT, _OURS),
        OurField.REQUEST: CustomField(
            "Ops_Request__c",
            "Ask Operations",
            Kind.PICKLIST,
            "Choose Yes to have the deal looked at now.",
            options=((REQUESTED, "Yes, please look at it now"), (TAKEN_BACK, "No longer, take it back")),
            editors=ASKERS,
        ),
        OurField.REQUEST_NOTE: CustomField(
            "Ops_Request_Note__c",
            "Your case for Operations",
            Kind.LONG_TEXT,
            "What Operations should know before they answer.",
            length=2000,
            editors=ASKERS,
        ),
        OurField.NEEDED_BY: CustomField(
            "Ops_Needed_By__c",
            "Answer needed by",
            Kind.DATE,
            "The day by which you need the answer.",
            editors=ASKERS,
        ),
    }
)
"""By meaning. A decision is made on the task in Salesforce: OurField.DECISION and its note have no field."""

BADGE = CustomField(
    "Ops_Badge__c",
    "Readiness badge",
    Kind.TEXT,
    "A flag and a word for list views, reports and the highlights panel.",
    formula=_badge(),
    editors=NOBODY,
)
DETAIL = CustomField(
    "Ops_Detail__c", "Readiness details", Kind.LONG_TEXT, f"For the panel, as JSON. {_OURS}", length=32768
)

CLEAR = CustomField(
    "Ops_Clear__c",
    "Agreed range is open",
    Kind.CHECKBOX,
    f"On: the closed stages may be entered inside the agreed range. Off: not at all. {_OURS}",
)
AMOUNT_MIN = CustomField(
    "Ops_Clear_Amount_Min__c", "Agreed range: amount from", Kind.CURRENCY, f"Empty: no limit. {_OURS}"
)
AMOUNT_MAX = CustomField(
    "Ops_Clear_Amount_Max__c", "Agreed range: amount to", Kind.CURRENCY, f"Empty: no limit. {_OURS}"
)
CLOSE_MIN = CustomField(
    "Ops_Clear_Close_Min__c", "Agreed range: close date from", Kind.DATE, f"Empty: no limit. {_OURS}"
)
UNTIL = CustomField(
    "Ops_Clear_Until__c",
    "Agreed range: last day",
    Kind.DATE,
    f"After this day the range is closed. Empty: it stays open. {_OURS}",
)
CLEAR_RANGE = (CLEAR, AMOUNT_MIN, AMOUNT_MAX, CLOSE_MIN, UNTIL)

SILENT_AFTER_HOURS = 3  # sweeps write the heartbeat every hour unless set otherwise
_BEAT = "$Setup.Dealgate__c.Heartbeat__c"
WAITING_FOR_ME = CustomField(
    "Ops_Waiting_For_Me__c",
    "Waiting for me",
    Kind.CHECKBOX,
    "On: your name stands in Waiting for. For list views.",
    # without a name nothing is looked for: CONTAINS finds a blank everywhere
    formula='AND(NOT(ISBLANK($User.LastName)), CONTAINS(Ops_Waiting_On__c, TRIM($User.FirstName & " " & '
    "$User.LastName)))",
    editors=NOBODY,
)
HEARD_AT = CustomField(
    "Ops_Heard_At__c",
    "Dealgate last heard of",
    Kind.MOMENT,
    "When Dealgate last looked through this org.",
    formula=_BEAT,
    editors=NOBODY,
)
SILENT = CustomField(
    "Ops_Silent__c",
    "Dealgate is silent",
    Kind.CHECKBOX,
    f"On: nothing was heard of Dealgate for {SILENT_AFTER_HOURS} hours. It shows its last answer.",
    formula=f"AND(NOT(ISBLANK({_BEAT})), (NOW() - {_BEAT}) * 24 > {SILENT_AFTER_HOURS})",
    editors=NOBODY,
)
LOOKED_AT = (WAITING_FOR_ME, HEARD_AT, SILENT)
"""Formulas over whoever looks, and when."""

ASKED_BY = CustomField(
    "Ops_Asked_By__c",
    "Asked by (user id)",
    Kind.TEXT,
    "Written by Salesforce itself with each word to Operations; nobody can write it by hand.",
    length=18,
    editors=NOBODY,
)
ASKED_AT = CustomField(
    "Ops_Asked_At__c",
    "Asked at",
    Kind.MOMENT,
    "When something was last said to Operations. The panel touches it, Salesforce writes the time.",
    editors=ASKERS,
)
ASKED = (ASKED_BY, ASKED_AT)

OPPORTUNITY_FIELDS = (*OUR_FIELDS.values(), BADGE, DETAIL, *CLEAR_RANGE, *ASKED, *LOOKED_AT)

TASK_KEY = CustomField(
    "Dealgate_Key__c", "Dealgate key", Kind.TEXT, "Which question this is. Leave it as it is.", length=255
)
TASK_DECISION = CustomField(
    "Dealgate_Decision__c", "Your decision", Kind.PICKLIST, options=_ANSWERS, editors=DECIDERS
)
TASK_LIMIT = CustomField(
    "Dealgate_Decision_Limit__c",
    "Up to",
    Kind.NUMBER,
    "The limit of a yes, for example 15 for 15 %.",
    digits=14,
    scale=4,
    editors=DECIDERS,
)
TASK_NOTE = CustomField(
    "Dealgate_Decision_Note__c",
    "Why",
    Kind.TEXT_AREA,
    "What the rep and your colleagues should know.",
    editors=DECIDERS,
)
TASK_UNTIL = CustomField(
    "Dealgate_Decision_Until__c",
    "Valid until",
    Kind.DATE,
    "The last day on which your yes holds. Empty: it holds as long as the rules say.",
    editors=DECIDERS,
)
TASK_FIGURES = CustomField(
    "Dealgate_For_Operations__c",
    "For Operations",
    Kind.LONG_TEXT,
    "What reps may not read: the margin, names of other customers.",
    length=32768,
    readers=ALL_BUT_REPS,
)
DECIDED_BY = CustomField(
    "Dealgate_Decided_By__c",
    "Decided by (user id)",
    Kind.TEXT,
    "Written by Salesforce itself when a decision is saved; nobody can write it by hand.",
    length=18,
    editors=NOBODY,
)
DECIDED_AT = CustomField(
    "Dealgate_Decided_At__c",
    "Decided at",
    Kind.MOMENT,
    "Written by Salesforce itself when a decision is saved; nobody can write it by hand.",
    editors=NOBODY,
)
ANSWERED = (TASK_DECISION, TASK_LIMIT, TASK_NOTE, TASK_UNTIL)
ACTIVITY_FIELDS = (TASK_KEY, *ANSWERED, TASK_FIGURES, DECIDED_BY, DECIDED_AT)
"""On Activity, where custom fields of tasks live; SOQL and permission sets name them on Task."""

SETTING = "Dealgate__c"
SETTING_OFF = CustomField(
    "Off__c",
    "Switched off",
    Kind.CHECKBOX,
    "On: Dealgate refuses no stage change. The way out when something is wrong.",
)
SETTING_HEARTBEAT = CustomField(
    "Heartbeat__c", "Last sign of life", Kind.MOMENT, "When the connector last swept this org."
)
SETTING_OPEN_AFTER = CustomField(
    "Open_After_Hours__c",
    "Open after silent hours",
    Kind.NUMBER,
    "So many hours after the last sign of life the closed stages open. Empty or 0: they stay closed.",
    digits=5,
    scale=0,
)
SETTING_FIELDS = (SETTING_OFF, SETTING_HEARTBEAT, SETTING_OPEN_AFTER)

BYPASS = "Dealgate_Bypass"
GATE_RULE = "Ops_Gate"
STRICT_RULE = "Ops_Gate_Strict"
STAMPS_RULE = "Dealgate_Stamps"
ASKED_RULE = "Ops_Asked"

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "amount": "Amount",
        "close-date": "CloseDate",
        "owner": "OwnerId",
        "currency": "CurrencyIsoCode",
        "stage": "StageName",
        "pipeline": "RecordTypeId",
    }
)
"""Words of the vocabulary that need no mapping in the policy."""
