"""Render the project: pure, so that what is committed, uploaded and tested is one thing."""

import json
from collections.abc import Mapping
from dataclasses import replace

from connector.adapters.base import Wanted
from connector.adapters.hubspot.project import app, cards, webhooks
from connector.checks.derived import reads_lines
from connector.errors import ConfigurationError
from connector.policy.model import Policy
from connector.policy.reads import triggers

ENDPOINT = "https://dealgate.example.com"
_APP = "src/app"


def render(policy: Policy, sources: Mapping[str, str], public_url: str = ENDPOINT) -> Mapping[str, str]:
    """Return path -> text of every file, paths relative to the project.

    `sources` are the written files; `public_url` is where HubSpot reaches Dealgate, without a slash at its
    end. Raise ConfigurationError where HubSpot would refuse it.
    """
    if not public_url.startswith("https://"):
        raise ConfigurationError(
            f"HubSpot calls https addresses only, found {public_url}.",
            where="DEALGATE_PUBLIC_URL",
            hint="Set it to the address under which HubSpot reaches Dealgate.",
        )
    return {**sources, **_configured(policy, public_url), **_modules(public_url)}


def _configured(policy: Policy, public_url: str) -> Mapping[str, str]:
    wanted = Wanted(tuple(policy.fields.values()), line_items=reads_lines(policy))
    rung = triggers(policy)
    heard = replace(wanted, fields=tuple(field for field in wanted.fields if field.name in rung))
    files = {
        "hsproject.json": app.project_file(),
        f"{_APP}/app-hsmeta.json": app.app_file(wanted, public_url),
        "oauth/app-hsmeta.json": app.oauth_file(wanted, public_url),
        f"{_APP}/webhooks/webhooks-hsmeta.json": webhooks.webhooks_file(heard, public_url),
        **{f"{_APP}/cards/{place}-hsmeta.json": cards.card_file(place) for place in cards.PLACES},
        f"{_APP}/settings/settings-hsmeta.json": cards.settings_file(),
    }
    return {path: json.dumps(file, indent=2, ensure_ascii=False) + "\n" for path, file in files.items()}


def _modules(public_url: str) -> Mapping[str, str]:
    address = cards.address_module(public_url)
    return {
        f"{_APP}/cards/address.ts": address,
        f"{_APP}/settings/address.ts": address,
    }
