"""Which path, and which version of it, each resource of HubSpot uses: the one table.

v1 to v3 paths are unsupported from September 2027, v4 paths (associations) from 30 March 2027, a dated
version 18 months after its release; so associations use the dated path first. Objects stay on v3 on purpose:
there HubSpot does not hold our badge writes and moves back against the customer's required properties
(https://developers.hubspot.com/changelog, "crm-api-write-validation-enforcement").
"""

from dataclasses import dataclass
from enum import StrEnum

OBJECTS = "/crm/v3/objects/{type}"
ASSOCIATIONS = "/crm/associations/2026-09/{from}/{to}"
OWNERS = "/crm/v3/owners/"
PIPELINES = "/crm/v3/pipelines/{type}"
PROPERTIES = "/crm/v3/properties/{type}"
FILES = "/files/v3/files/search"
EXCHANGE = "/settings/currencies/2026-03/exchange-rates/current"
DETAILS = "/account-info/2026-03/details"
USAGE = "/account-info/2026-09/api-usage/daily/private-apps"


class Bucket(StrEnum):
    """The limits that HubSpot counts apart: calls in 10 seconds, and searches a second."""

    BURST = "burst"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Route:
    """One call that can be made. `sdk` is the vendor client's attribute path and method; None: our session.

    `repeatable`: sending it twice does no harm, so it is tried again when nobody knows what became of it.
    """

    method: str
    template: str
    sdk: str | None = None
    bucket: Bucket = Bucket.BURST
    repeatable: bool = True


BATCH_READ = Route("POST", f"{OBJECTS}/batch/read", "crm.objects.batch_api.read")
BATCH_UPDATE = Route("POST", f"{OBJECTS}/batch/update", "crm.objects.batch_api.update")
MOVE = Route("POST", BATCH_UPDATE.template, BATCH_UPDATE.sdk, repeatable=False)  # never before another look
BATCH_CREATE = Route("POST", f"{OBJECTS}/batch/create", "crm.objects.batch_api.create", repeatable=False)
SEARCH = Route("POST", f"{OBJECTS}/search", "crm.objects.search_api.do_search", Bucket.SEARCH)
LIST = Route("GET", OBJECTS, "crm.objects.basic_api.get_page")
LINKS = Route("POST", f"{ASSOCIATIONS}/batch/read")
LIST_LABELS = Route("GET", f"{ASSOCIATIONS}/labels")
LIST_OWNERS = Route("GET", OWNERS, "crm.owners.owners_api.get_page")
LIST_PIPELINES = Route("GET", PIPELINES, "crm.pipelines.pipelines_api.get_all")
LIST_PROPERTIES = Route("GET", PROPERTIES, "crm.properties.core_api.get_all")
CREATE_PROPERTY = Route("POST", PROPERTIES, "crm.properties.core_api.create")
UPDATE_PROPERTY = Route("PATCH", f"{PROPERTIES}/{{name}}", "crm.properties.core_api.update")
CREATE_GROUP = Route("POST", f"{PROPERTIES}/groups", "crm.properties.groups_api.create")
SEARCH_FILES = Route("GET", FILES, "files.files_api.do_search")
RATES = Route("GET", EXCHANGE)
ACCOUNT_DETAILS = Route("GET", DETAILS)
DAILY_USAGE = Route("GET", USAGE)
