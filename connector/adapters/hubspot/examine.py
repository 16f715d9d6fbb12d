"""The doctor's look at one HubSpot account: each symptom with what to do about it."""

from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from connector.adapters.base import Symptom, Wanted
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.faults import Rejected
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TASK_PROPERTIES, Property
from connector.adapters.hubspot.hanging import ANY
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.paths import (
    ACCOUNT_DETAILS,
    BATCH_CREATE,
    BATCH_UPDATE,
    DAILY_USAGE,
    LINKS,
    LIST,
    LIST_LABELS,
    LIST_OWNERS,
    LIST_PIPELINES,
    LIST_PROPERTIES,
    RATES,
    SEARCH_FILES,
    Route,
)
from connector.adapters.hubspot.vocabulary import property_of
from connector.errors import CrmError, CrmRefused
from connector.policy.model import Home
from connector.policy.problems import meant

_SKEW = 30.0
_HIGH_USE = 0.8
_NOTHING: dict[str, Any] = {"inputs": []}

Probe = tuple[str, Route, tuple[str, ...], Any, dict[str, Any] | None]


def examine(
    client: Client, library: Library, wanted: Wanted, portal: str | None = None
) -> tuple[Symptom, ...]:
    """Look at token, portal, scopes, our properties, the policy's, the clock and the day's usage."""
    token = _token(client)
    if not token.well:
        return (token,)
    library.forget()
    scopes = tuple(_scopes(client, wanted))
    return (
        token,
        *_portal(client, portal),
        *scopes,
        *_installed(library),
        *_named(library, wanted),
        *_beside(client, wanted),
        *_clock(client),
        *_usage(client),
    )


def _token(client: Client) -> Symptom:
    try:
        client.call(LIST_PIPELINES, "deals")
    except CrmError as fault:
        return Symptom("token", well=False, message=fault.message, hint=fault.hint)
    return Symptom("token", well=True, message="HubSpot accepts the access token.")


def _portal(client: Client, expected: str | None) -> Iterator[Symptom]:
    """Hold the setting against the token's own account: events of another portal would all be left aside."""
    try:
        theirs = str(client.call(ACCOUNT_DETAILS).data.get("portalId") or "")
    except CrmError:
        return  # some kinds of app may not ask
    if not expected or not theirs:
        return
    if theirs == expected:
        yield Symptom("portal", well=True, message=f"the token is for account {theirs}")
        return
    message = f"the token is for account {theirs}, HUBSPOT_PORTAL_ID is {expected}"
    yield Symptom("portal", well=False, message=message, hint="Correct the one that is wrong.")


def _probes(wanted: Wanted) -> Iterator[Probe]:
    """Yield calls that change nothing: HubSpot checks the scope before it looks at an empty batch."""
    first = {"limit": 1}
    yield "owners", LIST_OWNERS, (), None, first
    yield "read deals", LIST, ("deals",), None, first
    yield "write deals", BATCH_UPDATE, ("deals",), _NOTHING, None
    yield "read tasks", LIST, ("tasks",), None, first
    yield "write tasks", BATCH_CREATE, ("tasks",), _NOTHING, None
    yield "write notes", BATCH_CREATE, ("notes",), _NOTHING, None
    yield "properties of deals", LIST_PROPERTIES, ("deals",), None, None
    if wanted.line_items:
        yield "read line items", LIST, ("line_items",), None, first
        yield "read products", LIST, ("products",), None, first
        yield "associations", LINKS, ("deals", "line_items"), {"inputs": [{"id": "0"}]}, None
    if any(field.home is Home.COMPANY for field in wanted.fields):
        yield "read companies", LIST, ("companies",), None, first
    if any(field.home is Home.CONTACT for field in wanted.fields):
        yield "contacts of deals", LINKS, ("deals", "contacts"), {"inputs": [{"id": "0"}]}, None
    if any(field.home is Home.FILE for field in wanted.fields):
        yield "notes of deals", LINKS, ("deals", "notes"), {"inputs": [{"id": "0"}]}, None
        yield "file names", SEARCH_FILES, (), None, first
    if wanted.rates:
        yield "exchange rates", RATES, (), None, None


def _scopes(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    for name, route, path, body, query in _probes(wanted):
        yield _tried(f"scope: {name}", partial(client.call, route, *path, body=body, query=query))


def _tried(name: str, call: Callable[[], object]) -> Symptom:
    try:
        call()
    except Rejected:
        return Symptom(
            name, well=True, message="granted"
        )  # an empty batch is refused after the scope is checked
    except CrmRefused as fault:
        return Symptom(name, well=False, message=fault.message, hint=fault.hint)
    except CrmError as fault:
        return Symptom(name, well=False, message=fault.message, hint="Try again in a minute.")
    return Symptom(name, well=True, message="granted")


def _installed(library: Library) -> Iterator[Symptom]:
    for kind, wanted in (("deals", tuple(OUR_PROPERTIES.values())), ("tasks", TASK_PROPERTIES)):
        known = library.definitions(kind)
        wrong = [prop for prop in wanted if prop.name not in known or known[prop.name].type != prop.type]
        yield _properties(f"our properties of {kind}", wrong)


def _properties(name: str, wrong: list[Property]) -> Symptom:
    if not wrong:
        return Symptom(name, well=True, message="all there")
    names = ", ".join(prop.name for prop in wrong)
    return Symptom(
        name, well=False, message=f"missing or of another type: {names}", hint="Run: dealgate install hubspot"
    )


def _named(library: Library, wanted: Wanted) -> Iterator[Symptom]:
    kinds = {Home.DEAL: "deals", Home.COMPANY: "companies"}
    for field in wanted.fields:
        if field.home not in kinds:
            continue
        prop, kind = property_of(field), kinds[field.home]
        if prop and prop in library.definitions(kind):
            continue
        lacking = f"HubSpot has no property {prop} on {kind}{meant(prop, library.definitions(kind))}"
        message = lacking if prop else "the policy names no HubSpot property"
        hint = f"Correct it in the policy ({field.where})." if field.where else "Correct it in the policy."
        yield Symptom(f"policy field {field.name}", well=False, message=message, hint=hint, field=field.name)


def _beside(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    try:
        yield from _labels(client, wanted)
    except CrmError as fault:
        yield Symptom("contact labels", well=False, message=fault.message, hint=fault.hint)
    yield from _silent(wanted)


def _labels(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Name the contact labels that the account does not have: they would count nobody for ever."""
    asked = [field for field in wanted.fields if field.home is Home.CONTACT and field.match != ANY]
    if not asked:
        return
    rows = client.call(LIST_LABELS, "deals", "contacts").data.get("results", ())
    known = {str(row.get("label") or "").casefold() for row in rows}
    for field in asked:
        if field.match.casefold() not in known:
            message = f'HubSpot has no label "{field.match}" between deals and contacts'
            hint = f"Make it, or correct it in the policy ({field.where})."
            yield Symptom(
                f"policy field {field.name}", well=False, message=message, hint=hint, field=field.name
            )


def _silent(wanted: Wanted) -> Iterator[Symptom]:
    """Name the words of whose change no event tells."""
    for field in wanted.fields:
        if field.home is Home.FILE:
            message = "HubSpot sends no event when a file is added: it is seen with the deal's next change"
            yield Symptom(f"bell of {field.name}", well=True, message=message, field=field.name)


def _clock(client: Client) -> Iterator[Symptom]:
    told = client.call(LIST_PIPELINES, "deals").headers.get("date")
    if told is None:
        return
    try:
        theirs = parsedate_to_datetime(told)
    except ValueError:
        return
    skew = abs((client.now() - theirs).total_seconds())
    well = skew <= _SKEW
    hint = "" if well else "Set this machine's clock: webhooks older than 5 minutes are refused."
    yield Symptom("clock", well=well, message=f"{skew:.0f} seconds from HubSpot's", hint=hint)


def _usage(client: Client) -> Iterator[Symptom]:
    try:
        data = client.call(DAILY_USAGE).data
    except CrmError:
        return  # some kinds of app have no such count
    row = next(iter(data.get("results") or ()), data)
    used, most = row.get("currentUsage"), row.get("usageLimit")
    if isinstance(used, int) and isinstance(most, int) and most:
        well = used < most * _HIGH_USE
        hint = "" if well else "Sweep less often, or add HubSpot's API limit add-on."
        yield Symptom("calls today", well=well, message=f"{used:,} of {most:,}", hint=hint)
