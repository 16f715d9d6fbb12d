"""The doctor's look at one org: each symptom with what to do about it."""

from collections.abc import Callable, Iterator
from functools import partial

from connector.adapters.base import Symptom, Wanted
from connector.adapters.salesforce.budget import Limits
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import SETTING, SETTING_OFF
from connector.adapters.salesforce.hanging import FILE, ROLE, subqueries
from connector.adapters.salesforce.heartbeat import OWNER
from connector.adapters.salesforce.install import lacking
from connector.adapters.salesforce.library import ACCOUNT, LINE, OPPORTUNITY, TASK, Library
from connector.adapters.salesforce.notes import NOTE
from connector.adapters.salesforce.people import USER
from connector.adapters.salesforce.pipelines import STAGE
from connector.adapters.salesforce.rates import CURRENCY
from connector.adapters.salesforce.soql import select
from connector.adapters.salesforce.vocabulary import api_name
from connector.adapters.salesforce.watching import silent
from connector.errors import CrmError
from connector.policy.model import Field, Home
from connector.policy.problems import meant

_HIGH_USE = 0.8
_SHARING = "UserRecordAccess"
_ACCESS = ("RecordId", "HasEditAccess")
_SHOWN = 6
_SETUP = "Assign the permission set Dealgate Integration to the integration user."


def examine(
    client: Client, library: Library, limits: Limits, org: str, wanted: Wanted
) -> tuple[Symptom, ...]:
    """Look at the sign-in, the org, what we may read, the package, the policy's fields, the day's calls."""
    signed_in = _signed_in(client)
    if not signed_in.well:
        return (signed_in,)
    library.forget()
    return (
        signed_in,
        _right_org(client, org),
        *_readable(client, wanted),
        *_readable_files(client, wanted),
        *_saving(client),
        *_closing(client),
        _package(library, wanted),
        *_switch(client, library),
        *_named(library, wanted),
        *silent(client, wanted),
        *_usage(limits),
    )


def _signed_in(client: Client) -> Symptom:
    try:
        client.rows(select(("Id",), "Organization", rest="LIMIT 1"), "Organization")
    except CrmError as fault:
        return Symptom("sign-in", well=False, message=fault.message, hint=fault.hint)
    return Symptom("sign-in", well=True, message="Salesforce lets us in.")


def _right_org(client: Client, org: str) -> Symptom:
    found = client.token.org
    if found in (None, org):
        return Symptom("organisation", well=True, message=org)
    hint = "Correct SALESFORCE_ORG_ID, or the address: messages of another org are refused."
    return Symptom("organisation", well=False, message=f"we are in {found}, configured is {org}", hint=hint)


def _readable(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Read one record of each object that we need."""
    objects = [OPPORTUNITY, "OpportunityHistory", TASK, USER, STAGE, NOTE]
    objects += [LINE] if wanted.line_items else []
    objects += [ACCOUNT] if any(field.home is Home.COMPANY for field in wanted.fields) else []
    objects += [CURRENCY] if wanted.rates else []
    objects += [ROLE] if any(field.home is Home.CONTACT for field in wanted.fields) else []
    for name in objects:
        yield _tried(f"read {name}", partial(client.rows, select(("Id",), name, rest="LIMIT 1"), name))


def _readable_files(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Read the files of one deal: Salesforce answers no query for them that names no record."""
    files = [field for field in wanted.fields if field.home is Home.FILE]
    if files:
        query = select(("Id", *subqueries(files)), OPPORTUNITY, rest="LIMIT 1")
        yield _tried(f"read {FILE}", partial(client.rows, query, OPPORTUNITY))


def _tried(name: str, call: Callable[[], object]) -> Symptom:
    try:
        call()
    except CrmError as fault:
        return Symptom(name, well=False, message=fault.message, hint=fault.hint or _SETUP)
    return Symptom(name, well=True, message="granted")


def _saving(client: Client) -> Iterator[Symptom]:
    """Ask whether we may save the newest deal of somebody else: View All shows it, sharing lets it be saved.

    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_userrecordaccess.htm
    """
    us = client.token.user or ""
    newest = select(("Id",), OPPORTUNITY, "OwnerId != {}", us, rest="ORDER BY CreatedDate DESC LIMIT 1")
    try:
        for row in client.rows(newest, OPPORTUNITY):
            where = "UserId = {} AND RecordId = {}"
            (access,) = client.rows(select(_ACCESS, _SHARING, where, us, row["Id"]), _SHARING)
            yield _saved(may=access["HasEditAccess"] is True)
    except CrmError as fault:
        yield Symptom("save opportunities", well=False, message=fault.message, hint=fault.hint or _SETUP)


def _saved(*, may: bool) -> Symptom:
    if may:
        return Symptom("save opportunities", well=True, message="granted")
    message = "sharing does not let the integration user save opportunities of others"
    hint = "Setup > Sharing Settings > Opportunity Sharing Rules: share all with him, Read/Write."
    return Symptom("save opportunities", well=False, message=message, hint=hint)


def _closing(client: Client) -> Iterator[Symptom]:
    from connector.adapters.salesforce.tasks import closed_status

    yield _tried("a task status that closes", lambda: closed_status(client))


def _package(library: Library, wanted: Wanted) -> Symptom:
    wrong = lacking(library, wanted)
    if not wrong:
        return Symptom("package", well=True, message="every field is there")
    named = ", ".join(f"{one.name} ({one.state})" for one in wrong[:_SHOWN])
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return Symptom("package", well=False, message=f"{named}{more}", hint="Run: dealgate install salesforce")


def _switch(client: Client, library: Library) -> Iterator[Symptom]:
    if SETTING_OFF.name not in library.described(SETTING):
        return
    query = select((SETTING_OFF.name,), SETTING, f"{OWNER} = {{}}", client.token.org or "")
    rows = client.rows(query, SETTING)
    if rows and rows[0].get(SETTING_OFF.name) is True:
        hint = "Setup > Custom Settings > Dealgate: clear Switched off."
        yield Symptom("switch", well=False, message="the org refuses no stage change", hint=hint)


def _named(library: Library, wanted: Wanted) -> Iterator[Symptom]:
    kinds = {Home.DEAL: OPPORTUNITY, Home.COMPANY: ACCOUNT}
    for field in wanted.fields:
        if field.home in kinds:
            yield from _missing(field, kinds[field.home], library)


def _missing(field: Field, kind: str, library: Library) -> Iterator[Symptom]:
    name = api_name(field)
    if name and name in library.described(kind):
        return
    near = meant(name, [one.name for one in library.described(kind).fields.values()])
    lacking = f"Salesforce has no field {name} on {kind}{near}"
    message = lacking if name else "the policy names no Salesforce field"
    where = f" ({field.where})" if field.where else ""
    hint = f"Correct it in the policy{where}, or let the integration user see the field."
    yield Symptom(f"policy field {field.name}", well=False, message=message, hint=hint, field=field.name)


def _usage(limits: Limits) -> Iterator[Symptom]:
    if limits.used:
        well = limits.used < limits.total * _HIGH_USE
        hint = "" if well else "Sweep less often, or add API calls to the org."
        yield Symptom("calls today", well=well, message=f"{limits.used:,} of {limits.total:,}", hint=hint)
