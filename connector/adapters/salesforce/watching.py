"""Which fields the org's own flow watches: one that was deployed for another policy tells of no newer word.

The condition of a flow is shown by the Tooling API alone, one flow a query:
https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_flow.htm
"""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any
from urllib.parse import urlencode

from connector.adapters.base import Symptom, Wanted
from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.fields import BUILT_IN
from connector.adapters.salesforce.library import Described
from connector.adapters.salesforce.ranges import rung_fields
from connector.adapters.salesforce.soql import select
from connector.adapters.salesforce.vocabulary import api_name, unread
from connector.errors import CrmError
from connector.policy.model import Field, Home, Weight

FLOW = "Dealgate_Deal_Changed"
_TOOLING = Route("GET", "tooling query Flow")
_NAMES = re.compile(r"\$Record\.(\w+)")
_LATE = "it is seen with the deal's next one, or by the sweep"
_AGAIN = "Run `dealgate install salesforce --render FOLDER` and deploy it again."


def silent(client: Client, opportunity: Described, wanted: Wanted) -> Iterator[Symptom]:
    """Name the words of whose change nothing tells, and a flow that is not there or is not shown to us."""
    rendered = _rendered(wanted, opportunity)
    try:
        watches = watched(client)
    except CrmError as fault:
        message = f"which fields {FLOW} watches is not shown to us ({fault.message}): taken for as rendered"
        yield Symptom("flow", well=True, message=message)
        yield from _by_package(wanted, rendered)
        return
    if watches is None:
        message = f"the org has no active flow {FLOW}: nothing tells of a change, only the sweep sees it"
        yield Symptom("flow", well=False, message=message, hint=_AGAIN)
        return
    for field in wanted.fields:
        name = api_name(field) or ""
        if field.home is Home.FILE or (field.home is Home.DEAL and name.lower() not in watches):
            yield from _unheard(field, name if field.name in rendered else "")


def watched(client: Client) -> frozenset[str] | None:
    """Return the fields that the active flow names as its condition, in small letters; None without one."""
    query = select(("Metadata",), "Flow", "Definition.DeveloperName = {} AND Status = 'Active'", FLOW)
    answer = client.rest(_TOOLING, f"tooling/query/?{urlencode({'q': query})}")
    rows = (answer or {}).get("records") or ()
    return _named(rows[0].get("Metadata") or {}) if rows else None


def _named(metadata: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields of both ways to write a condition: a formula, or a list of filters."""
    start = metadata.get("start") or {}
    formula = _NAMES.findall(str(start.get("filterFormula") or ""))
    filters = [str(one.get("field") or "") for one in start.get("filters") or ()]
    return frozenset(name.lower() for name in (*formula, *filters))


def _by_package(wanted: Wanted, rendered: Set[str]) -> Iterator[Symptom]:
    """Name the words that no flow of the package watches as it would be rendered now."""
    for field in wanted.fields:
        if field.home is Home.FILE or (field.home is Home.DEAL and field.name not in rendered):
            yield from _unheard(field)


def _rendered(wanted: Wanted, opportunity: Described) -> frozenset[str]:
    """Return the words that the package's flow watches as it would be rendered now."""
    dumb = unread(wanted.fields, opportunity)
    rung = rung_fields(wanted.fields, wanted.rung).items()
    return frozenset({*BUILT_IN, *(word for word, name in rung if name not in dumb)})


def _unheard(field: Field, name: str = "") -> Iterator[Symptom]:
    """Tell a word that nothing rings for; `name` where another deployment would mend it. The name of a deal
    rings nowhere: it decides nothing."""
    if field.name in BUILT_IN and field.weight is Weight.IGNORE:
        return
    said = f"the flow {FLOW} of the org does not watch it" if name else "no flow tells of its change"
    hint = _AGAIN if name else ""
    yield Symptom(f"bell of {field.name}", well=True, message=f"{said}: {_LATE}", hint=hint, field=field.name)
