"""The doctor's look at one org: each symptom with what to do about it."""

from collections.abc import Iterator

from connector.adapters.base import Symptom, Wanted
from connector.adapters.salesforce.budget import Limits
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import SETTING, SETTING_OFF
from connector.adapters.salesforce.heartbeat import OWNER
from connector.adapters.salesforce.install import lacking
from connector.adapters.salesforce.library import ACCOUNT, OPPORTUNITY, Library
from connector.adapters.salesforce.rights import rights
from connector.adapters.salesforce.soql import select
from connector.adapters.salesforce.vocabulary import api_name
from connector.adapters.salesforce.watching import silent
from connector.errors import CrmError
from connector.policy.model import Field, Home
from connector.policy.problems import meant

_HIGH_USE = 0.8
_SKEW = 30.0
_SHOWN = 6


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
        *_clock(client),
        _right_org(client, org),
        *rights(client, wanted),
        _package(library, wanted),
        *_switch(client, library),
        *_named(library, wanted),
        *silent(client, library.described(OPPORTUNITY), wanted),
        *_usage(limits),
    )


def _signed_in(client: Client) -> Symptom:
    try:
        client.rows(select(("Id",), "Organization", rest="LIMIT 1"), "Organization")
    except CrmError as fault:
        return Symptom("sign-in", well=False, message=fault.message, hint=fault.hint)
    return Symptom("sign-in", well=True, message="Salesforce lets us in.")


def _clock(client: Client) -> Iterator[Symptom]:
    skew = client.skew
    if skew is None:
        return
    well = abs(skew) <= _SKEW
    hint = "" if well else "Set this machine's clock: sign-ins are refused, and sweeps look at another time."
    yield Symptom("clock", well=well, message=f"{abs(skew):.0f} seconds from Salesforce's", hint=hint)


def _right_org(client: Client, org: str) -> Symptom:
    found = client.token.org
    if found in (None, org):
        return Symptom("organisation", well=True, message=org)
    hint = "Correct SALESFORCE_ORG_ID, or the address: messages of another org are refused."
    return Symptom("organisation", well=False, message=f"we are in {found}, configured is {org}", hint=hint)


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
