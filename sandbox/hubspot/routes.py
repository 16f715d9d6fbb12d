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

_DATED = re.compile(r"\d{4}-\d{2}(-beta)?")


@dataclass(frozen=True, slots=True)
class Route:
    """One entry; a `{name}` part of the pattern matches anything."""

    method: str
    pattern: tuple[str, ...]
    handler: Handler

    def names(self, method: str, parts: tuple[str, ...]) -> dict[str, str] | None:
        """Return the variable parts if the path fits."""
        if method != self.method or len(parts) != len(self.pattern):
            return None
        found: dict[str, str] = {}
        for wanted, part in zip(self.pattern, parts, strict=True):
            if wanted[0] == "{":
                found[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return found


def _route(method: str, pattern: str, handler: Handler) -> Route:
    return Route(method, tuple(pattern.split("/")), handler)


_PAIR = "associations/{kind}/{to}"
_EDGE = "objects/{kind}/{id}/associations"
_PROPERTIES = "properties/{kind}"
_PIPELINES = "pipelines/{kind}"

ROUTES = (
    _route("POST", "objects/{kind}/batch/read", batch_api.read),
    _route("POST", "objects/{kind}/batch/update", batch_api.update),
    _route("POST", "objects/{kind}/batch/create", batch_api.create),
    _route("POST", "objects/{kind}/batch/upsert", batch_api.upsert),
    _route("POST", "objects/{kind}/batch/archive", batch_api.archive),
    _route("POST", "objects/{kind}/search", search.search),
    _route("POST", "objects/{kind}/merge", objects_api.merge),
    _route("GET", "objects/{kind}", objects_api.list_all),
    _route("POST", "objects/{kind}", objects_api.create),
    _route("GET", "objects/{kind}/{id}", objects_api.read),
    _route("PATCH", "objects/{kind}/{id}", objects_api.update),
    _route("DELETE", "objects/{kind}/{id}", objects_api.archive),
    _route("PUT", _EDGE + "/default/{to}/{to_id}", associations_api.put_default),
    _route("PUT", _EDGE + "/{to}/{to_id}", associations_api.put),
    _route("DELETE", _EDGE + "/{to}/{to_id}", associations_api.delete),
    _route("GET", _EDGE + "/{to}", associations_api.list_all),
    _route("POST", _PAIR + "/batch/read", associations_api.batch_read),
    _route("POST", _PAIR + "/batch/create", associations_api.batch_create),
    _route("POST", _PAIR + "/batch/archive", associations_api.batch_archive),
    _route("POST", _PAIR + "/batch/labels/archive", associations_api.batch_archive),
    _route("POST", _PAIR + "/batch/associate/default", associations_api.batch_default),
    _route("GET", _PAIR + "/labels", associations_api.labels),
    _route("GET", _PROPERTIES + "/groups", properties_api.list_groups),
    _route("POST", _PROPERTIES + "/groups", properties_api.create_group),
    _route("GET", _PROPERTIES + "/groups/{name}", properties_api.read_group),
    _route("PATCH", _PROPERTIES + "/groups/{name}", properties_api.update_group),
    _route("DELETE", _PROPERTIES + "/groups/{name}", properties_api.archive_group),
    _route("POST", _PROPERTIES + "/batch/read", properties_api.batch_read),
    _route("POST", _PROPERTIES + "/batch/create", properties_api.batch_create),
    _route("POST", _PROPERTIES + "/batch/archive", properties_api.batch_archive),
    _route("GET", _PROPERTIES, properties_api.list_all),
    _route("POST", _PROPERTIES, properties_api.create),
    _route("GET", _PROPERTIES + "/{name}", properties_api.read),
    _route("PATCH", _PROPERTIES + "/{name}", properties_api.update),
    _route("DELETE", _PROPERTIES + "/{name}", properties_api.archive),
    _route("GET", _PIPELINES, account_api.list_pipelines),
    _route("POST", _PIPELINES, account_api.create_pipeline),
    _route("GET", _PIPELINES + "/{id}", account_api.read_pipeline),
    _route("DELETE", _PIPELINES + "/{id}", account_api.delete_pipeline),
    _route("GET", _PIPELINES + "/{id}/audit", account_api.audit),
    _route("GET", _PIPELINES + "/{id}/stages", account_api.list_stages),
    _route("POST", _PIPELINES + "/{id}/stages", account_api.create_stage),
    _route("PATCH", _PIPELINES + "/{id}/stages/{stage}", account_api.update_stage),
    _route("DELETE", _PIPELINES + "/{id}/stages/{stage}", account_api.delete_stage),
    _route("GET", "owners", account_api.list_owners),
    _route("GET", "owners/{id}", account_api.read_owner),
    _route("GET", "files/files/search", files_api.search),
    _route("GET", "account-info/details", account_api.account_details),
    _route("GET", "account-info/api-usage/daily/private-apps", account_api.daily_usage),
    _route("POST", "oauth/private-apps/get/access-token-info", account_api.token_info),
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
    for place, part in enumerate(parts[:2]):
        if part in {"v1", "v2", "v3", "v4"} or _DATED.fullmatch(part):
            return part, tuple(parts[:place] + parts[place + 1 :])
    return "", tuple(parts)


def _name(route: Route, names: Mapping[str, str]) -> str:
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
    if area[0] == "properties" and area[1] == "deals":
        return f"crm.schemas.deals.{'read' if method == 'GET' else 'write'}"
    if area[0] != "objects" or kind_named(area[1]) is None:
        return None
    kind = "contacts" if area[1] in {"tasks", "notes"} else area[1]
    reads = method == "GET" or area[-1] in {"read", "search"}
    return f"crm.objects.{kind}.{'read' if reads else 'write'}"
