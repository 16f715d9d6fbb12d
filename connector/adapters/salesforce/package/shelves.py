"""Where the badge is seen without the panel: icons, list views and the compact layout."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from connector.adapters.salesforce.fields import BADGE, ICONS, OUR_FIELDS, SILENT, WAITING_FOR_ME
from connector.adapters.salesforce.package.xml import Element, document, element
from connector.deals import OurField
from connector.verdicts import Readiness

COMPACT_LAYOUT = "Dealgate"
_SHOWN = (BADGE, OUR_FIELDS[OurField.REASON], OUR_FIELDS[OurField.WAITING_ON], OUR_FIELDS[OurField.DUE])
_READINESS = OUR_FIELDS[OurField.READINESS].name
_OPEN = ("OPPORTUNITY.CLOSED", "equals", "0")

# A shape for each meaning, so that nobody has to tell colours: tick, pencil, clock, bar, shield.
_SHAPES: Mapping[Readiness, tuple[str, str]] = MappingProxyType(
    {
        Readiness.READY: ("#2e844a", "M4 8.5l3 3 5-6"),
        Readiness.NEEDS_INFO: ("#a96404", "M5 11l1-3 4-4 2 2-4 4z"),
        Readiness.NEEDS_SIGN_OFF: ("#0b5cab", "M8 4v4l3 2"),
        Readiness.BLOCKED: ("#ba0517", "M4.5 8h7"),
        Readiness.EXCEPTION: ("#2e844a", "M8 3l4 1.5V8c0 2.5-2 4-4 5-2-1-4-2.5-4-5V4.5zM6 8l1.5 1.5L10 7"),
    }
)

VIEWS: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]] = MappingProxyType(
    {
        "Dealgate_Waiting_For_Me": (
            "Readiness: waiting for me",
            ((WAITING_FOR_ME.name, "equals", "1"), _OPEN),
        ),
        "Dealgate_Your_Turn": (
            "Readiness: your turn",
            ((_READINESS, "equals", Readiness.NEEDS_INFO.value), _OPEN),
        ),
        "Dealgate_Stopped": (
            "Readiness: stopped",
            ((_READINESS, "equals", Readiness.BLOCKED.value), _OPEN),
        ),
        "Dealgate_Silent": ("Readiness: Dealgate is silent", ((SILENT.name, "equals", "1"), _OPEN)),
    }
)
"""Developer name -> (label, filters)."""


def icons() -> Iterator[tuple[str, str]]:
    """Yield (path below the source folder, text) of the static resource."""
    yield f"staticresources/{ICONS}.resource-meta.xml", document("StaticResource", _resource())
    for readiness, (colour, path) in _SHAPES.items():
        yield f"staticresources/{ICONS}/{readiness.value}.svg", _svg(colour, path)


def view_file(name: str) -> str:
    """Return the file of one list view."""
    label, filters = VIEWS[name]
    mine = "Mine" if name == "Dealgate_Your_Turn" else "Everything"
    columns = (
        "OPPORTUNITY.NAME",
        "ACCOUNT.NAME",
        *(field.name for field in _SHOWN),
        "OPPORTUNITY.STAGE_NAME",
    )
    return document(
        "ListView",
        (
            element("fullName", name),
            *(element("columns", column) for column in (*columns, "OPPORTUNITY.CLOSE_DATE")),
            element("filterScope", mine),
            *(_filter(*one) for one in filters),
            element("label", label),
        ),
    )


def compact_layout_file() -> str:
    """Return the file of the compact layout: highlights panel, Kanban cards, phone."""
    fields = ("Name", BADGE.name, *(field.name for field in _SHOWN[2:]), "StageName", "Amount", "CloseDate")
    return document(
        "CompactLayout",
        (
            element("fullName", COMPACT_LAYOUT),
            *(element("fields", field) for field in fields),
            element("label", "Dealgate"),
        ),
    )


def _filter(field: str, operation: str, value: str) -> Element:
    return element(
        "filters", (element("field", field), element("operation", operation), element("value", value))
    )


def _resource() -> Iterable[Element]:
    return (
        element("cacheControl", "Public"),
        element("contentType", "application/zip"),
        element("description", "The icons of the readiness badge."),
    )


def _svg(colour: str, path: str) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
    line = 'fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
    return f'{head}<circle cx="8" cy="8" r="8" fill="{colour}"/><path d="{path}" {line}/></svg>\n'
