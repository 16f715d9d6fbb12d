"""The app itself: who it is, what it may do, where its cards may ask.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/app-configuration
"""

from collections.abc import Iterator, Mapping

from connector.adapters.base import Wanted
from connector.policy.model import Home

PLATFORM_VERSION = "2026.03"  # the newest that HubSpot's own tools call supported; 2026.09 is a beta there
NAME = "Dealgate"
EXCHANGE = "https://exchange.example.com/oauth/hubspot"  # whoever trades codes for tokens; not Dealgate

Json = Mapping[str, object]


def project_file() -> Json:
    """Return hsproject.json."""
    return {"name": "dealgate", "srcDir": "src", "platformVersion": PLATFORM_VERSION}


def app_file(wanted: Wanted, public_url: str) -> Json:
    """Return the app with one account's lasting token (static auth)."""
    return _app(public_url, {"type": "static", **_scopes(wanted)})


def oauth_file(wanted: Wanted, public_url: str) -> Json:
    """Return the same app for several accounts: a template, see docs/install-hubspot.md."""
    return _app(public_url, {"type": "oauth", "redirectUrls": [EXCHANGE], **_scopes(wanted)})


def scopes(wanted: Wanted) -> Iterator[str]:
    """Yield the scopes that the policy needs, and no other. HubSpot keeps tasks and notes under contacts."""
    yield "oauth"
    yield "crm.objects.deals.read"
    yield "crm.objects.deals.write"
    yield "crm.objects.owners.read"
    yield "crm.schemas.deals.read"
    yield "crm.schemas.deals.write"
    yield "crm.objects.contacts.read"
    yield "crm.objects.contacts.write"
    homes = {field.home for field in wanted.fields}
    if wanted.line_items:
        yield "crm.objects.line_items.read"
        yield "crm.objects.products.read"
    if Home.COMPANY in homes:
        yield "crm.objects.companies.read"
    if Home.FILE in homes:
        yield "files"
    if wanted.rates:
        yield "settings.currencies.read"


def _scopes(wanted: Wanted) -> Json:
    return {
        "requiredScopes": list(scopes(wanted)),
        "optionalScopes": [],
        "conditionallyRequiredScopes": [],
    }


def _app(public_url: str, auth: Json) -> Json:
    return {
        "uid": "dealgate-app",
        "type": "app",
        "config": {
            "name": NAME,
            "description": "Operations countersigns what Sales sells: readiness, why, and decisions.",
            "distribution": "private",
            "auth": auth,
            "permittedUrls": {"fetch": [public_url], "iframe": [], "img": []},
        },
    }
