"""What the panel says, as custom labels: the Translation Workbench knows them. {0} stands for a value."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from connector.adapters.salesforce.package.xml import Element, document, element
from connector.texts import BADGES
from connector.verdicts import Readiness

BUNDLE = "dealReadinessLabels"
_PREFIX = "Dealgate_"


def _name(readiness: Readiness) -> str:
    return "Is" + "".join(part.capitalize() for part in readiness.value.split("-"))


LABELS: Mapping[str, str] = MappingProxyType(
    {
        "Title": "Deal readiness",
        **{_name(readiness): label for readiness, label in BADGES.items()},
        "Loading": "Asking Dealgate",
        "Refresh": "Look again",
        "Checking": "Checking your change",
        "Silent": "Dealgate has been silent since {0}. This is its last answer; your admin knows what to do.",
        "NotYours": "You may not see Dealgate's fields. Ask your admin for the set Dealgate: Sales.",
        "TooLong": "There is more to say about this deal than fits here. The sentence above counts it.",
        "CheckedAt": "Last checked {0}",
        "Blocks": "What blocks {0}",
        "Help": "What would help",
        "Asked": "Who is asked",
        "Fine": "What is fine ({0})",
        "Requested": "{0}: {1}, answer by {2}",
        "MayStop": "{0}: {1} may stop it until {2}",
        "AfterOthers": "{0}: {1}, after the others",
        "Asks": "{0}: {1} asks: {2}",
        "Agreed": "{0}: {1} agreed",
        "SaidNo": "{0}: {1} said no",
        "Noted": "{0}: {1}",
        "Ask": "Ask for sign-off",
        "AskCase": "Your case",
        "AskCaseHint": "What should Operations know?",
        "AskBy": "Needed by",
        "AskSend": "Ask Operations",
        "AskSent": "Operations is asked.",
        "TakeBack": "Take the question back",
        "TakenBack": "The question is taken back.",
        "Reply": "Give information",
        "ReplyText": "Your answer",
        "ReplySend": "Send the answer",
        "ReplySent": "Your answer is on its way. The decision goes on from there.",
        "Empty": "Write something first.",
        "Decide": "You decide",
        "Answer": "Your decision",
        "Yes": "Yes",
        "YesUpTo": "Yes, up to a limit",
        "No": "No",
        "Question": "Ask the rep first",
        "Limit": "Up to",
        "LimitOn": "Up to ({0})",
        "LimitHint": "Only the figure: 15 for 15 %.",
        "LimitMissing": "Name the limit.",
        "Until": "The yes holds until",
        "DayOver": "That day is over.",
        "ForOperations": "For Operations",
        "Why": "Why",
        "WhyMissing": "Say why: the rep reads it.",
        "TheQuestion": "Your question to the rep",
        "QuestionMissing": "Write your question.",
        "AnswerMissing": "Choose your decision.",
        "DecideSend": "Decide",
        "Decided": "Your answer is noted. The deal shows it within moments.",
        "Cancel": "Cancel",
        "Wrong": "That did not work: {0}",
        "NoReason": "Salesforce does not say why. Are you connected?",
    }
)


def labels_file() -> str:
    """Return the file of the custom labels."""
    return document("CustomLabels", _labels())


def names() -> tuple[str, ...]:
    """Return the names by which an org knows the labels."""
    return tuple(f"{_PREFIX}{name}" for name in LABELS)


def module() -> str:
    """Return the module that brings every label into the panel."""
    imports = [f"import {name} from '@salesforce/label/c.{_PREFIX}{name}';" for name in LABELS]
    listed = [f"    {name}," for name in LABELS]
    head = "// Rendered from connector/adapters/salesforce/package/labels.py."
    fill = [
        "/** Put values into a label, in the places {0}, {1}, ... */",
        "export function filled(label, ...values) {",
        "    return values.reduce((text, one, place) => text.replaceAll(`{${place}}`, () => one), label);",
        "}",
    ]
    return "\n".join([head, *imports, "", "export const LABELS = {", *listed, "};", "", *fill, ""])


def _labels() -> Iterator[Element]:
    for name, text in LABELS.items():
        yield element(
            "labels",
            (
                element("fullName", f"{_PREFIX}{name}"),
                element("language", "en_US"),
                element("protected", content=False),
                element("shortDescription", f"Dealgate: {name}"),
                element("value", text),
            ),
        )
