"""Which path leads where. Dated paths and v3/v4 are one table; only validation differs (reference 4.10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.hubspot import (
    account_api,
    associations_api,
    batch_api,
    files_api,
    objects_api,
    properties_api,
    search,
)
from sandbox.hubspot.calls import Handler
from sandbox.hubspot.kinds import kind_named
from sandbox.paths import Route, leads

_DATED = re.compile(r"\d{4}-\d{2}(-beta)?")


_PAIR = "associations/{kind}/{to}"
_EDGE = "objects/{kind}/{id}/associations"
_PROPERTIES = "properties/{kind}"
_PIPELINES = "pipelines/{kind}"

ROUTES: tuple[Route[Handler], ...] = (
    leads("POST", "objects/{kind}/batch/read", batch_api.read),
    leads("POST", "objects/{kind}/batch/update", batch_api.update),
    leads("POST", "objects/{kind}/batch/create", batch_api.create),
    leads("POST", "objects/{kind}/batch/upsert", batch_api.upsert),
    leads("POST", "objects/{kind}/batch/archive", batch_api.archive),
    leads("POST", "objects/{kind}/search", search.search),
    leads("POST", "objects/{kind}/merge", objects_api.merge),
    leads("GET", "objects/{kind}", objects_api.list_all),
    leads("POST", "objects/{kind}", objects_api.create),
    leads("GET", "objects/{kind}/{id}", objects_api.read),
    leads("PATCH", "objects/{kind}/{id}", objects_api.update),
    leads("DELETE", "objects/{kind}/{id}", objects_api.archive),
    leads("PUT", _EDGE + "/default/{to}/{to_id}", associations_api.put_default),
    leads("PUT", _EDGE + "/{to}/{to_id}", associations_api.put),
    leads("DELETE", _EDGE + "/{to}/{to_id}", associations_api.delete),
    leads("GET", _EDGE + "/{to}", associations_api.list_all),
    leads("POST", _PAIR + "/batch/read", associations_api.batch_read),
    leads("POST", _PAIR + "/batch/create", associations_api.batch_create),
    leads("POST", _PAIR + "/batch/archive", associations_api.batch_archive),
    leads("POST", _PAIR + "/batch/labels/archive", associations_api.batch_archive),
    leads("POST", _PAIR + "/batch/associate/default", associations_api.batch_default),
    leads("GET", _PAIR + "/labels", associations_api.labels),
    leads("GET", _PROPERTIES + "/groups", properties_api.list_groups),
    leads("POST", _PROPERTIES + "/groups", properties_api.create_group),
    leads("GET", _PROPERTIES + "/groups/{name}", properties_api.read_group),
    leads("PATCH", _PROPERTIES + "/groups/{name}", properties_api.update_group),
    leads("DELETE", _PROPERTIES + "/groups/{name}", properties_api.archive_group),
    leads("POST", _PROPERTIES + "/batch/read", properties_api.batch_read),
    leads("POST", _PROPERTIES + "/batch/create", properties_api.batch_create),
    leads("POST", _PROPERTIES + "/batch/archive", properties_api.batch_archive),
    leads("GET", _PROPERTIES, properties_api.list_all),
    leads("POST", _PROPERTIES, properties_api.create),
    leads("GET", _PROPERTIES + "/{name}", properties_api.read),
    leads("PATCH", _PROPERTIES + "/{name}", properties_api.update),
    leads("DELETE", _PROPERTIES + "/{name}", properties_api.archive),
    leads("GET", _PIPELINES, account_api.list_pipelines),
    leads("POST", _PIPELINES, account_api.create_pipeline),
    leads("GET", _PIPELINES + "/{id}", account_api.read_pipeline),
    leads("DELETE", _PIPELINES + "/{id}", account_api.delete_pipeline),
    leads("GET", _PIPELINES + "/{id}/audit", account_api.audit),
    leads("GET", _PIPELINES + "/{id}/stages", account_api.list_stages),
    leads("POST", _PIPELINES + "/{id}/stages", account_api.create_stage),
    leads("PATCH", _PIPELINES + "/{id}/stages/{stage}", account_api.update_stage),
    leads("DELETE", _PIPELINES + "/{id}/stages/{stage}", account_api.delete_stage),
    leads("GET", "owners", account_api.list_owners),
    leads("GET", "owners/{id}", account_api.read_owner),
    leads("GET", "files/files/search", files_api.search),
    leads("GET", "settings/currencies/exchange-rates/current", account_api.exchange_rates),
    leads("GET", "account-info/details", account_api.account_details),
    leads("GET", "account-info/api-usage/daily/private-apps", account_api.daily_usage),
    leads("POST", "oauth/private-apps/get/access-token-info", account_api.token_info),
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a call goes. `name` is the route without version and ids, for counters and faults."""

    name: str
    version: str
    names: Mapping[str, str]
    handler: Handler | None


def find(method: str, path: str) -> Found:
    """Return the route of a call; without a handler if the path or method is unknown."""
    version, parts = _canonical(path)
    for route in ROUTES:
        names = route.names(method, parts)
        if names is not None:
            return Found(_name(route, names), version, names, route.handler)
    return Found(f"{method} unknown", version, {}, None)


def _canonical(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the version and the path without it: `/crm/v3/owners/`, `/crm/owners/2026-09` are `owners`."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["crm"]:
        parts = parts[1:]
    for place, part in enumerate(parts[:3]):
        if part in {"v1", "v2", "v3", "v4"} or _DATED.fullmatch(part):
            return part, tuple(parts[:place] + parts[place + 1 :])
    return "", tuple(parts)


def _name(route: Route[Handler], names: Mapping[str, str]) -> str:
    shown = []
    for part in route.pattern:
        kind = kind_named(names[part[1:-1]]) if part in {"{kind}", "{to}"} else None
        shown.append(kind.plural if kind else part)
    return f"{route.method} {'/'.join(shown)}"


def scope_of(found: Found, method: str) -> str | None:
    """Return the scope a call needs (reference 6); tasks and notes go by the contacts scopes."""
    area = found.name.partition(" ")[2].split("/")
    if area[0] == "owners":
        return "crm.objects.owners.read"
    if area[0] == "settings":
        return "settings.currencies.read"
    if area[0] == "properties" and area[1] == "deals":
        return f"crm.schemas.deals.{'read' if method == 'GET' else 'write'}"
    if area[0] != "objects" or kind_named(area[1]) is None:
        return None
    kind = "contacts" if area[1] in {"tasks", "notes"} else area[1]
    reads = method == "GET" or area[-1] in {"read", "search"}
    return f"crm.objects.{kind}.{'read' if reads else 'write'}"
