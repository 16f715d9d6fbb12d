"""The table of settings for the documentation, made from the schemas that check them."""

from dataclasses import dataclass

from marshmallow import Schema, missing

from connector.settings.kinds import CRMS
from connector.settings.schema import DeploymentSchema

_VENDORS = {"HUBSPOT_": "HubSpot", "SALESFORCE_": "Salesforce"}


@dataclass(frozen=True, slots=True)
class Row:
    """One setting as the documentation shows it."""

    name: str
    about: str
    allowed: str
    default: str
    secret: bool


def describe() -> tuple[Row, ...]:
    """Return every environment variable in the order in which it is declared."""
    vendors = (
        row
        for kind in CRMS.values()
        for row in _rows(kind.schema(exclude=("policy",)), f"{kind.name.upper()}_")
    )
    return (*_rows(DeploymentSchema(), ""), *vendors)


def _rows(schema: Schema, prefix: str) -> list[Row]:
    return [
        Row(
            name=f"{prefix}{name.upper()}",
            about=field.metadata["about"],
            allowed=field.metadata["allowed"],
            default=_default(field.load_default, prefix if field.required else ""),
            secret=field.metadata["secret"],
        )
        for name, field in schema.fields.items()
    ]


def _default(value: object, needed_for: str) -> str:
    if needed_for:
        return f"needed for {_VENDORS[needed_for]}"
    if value is None or value is missing:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def as_markdown() -> str:
    """Return the whole page docs/settings.md; `python -m connector.settings` prints it."""
    lines = [
        f"| `{row.name}` | {row.about} | {row.allowed} | {f'`{row.default}`' if row.default else ''} |"
        for row in describe()
    ]
    return _PAGE.format(rows="\n".join(lines))


_PAGE = """# Settings

Made by `python -m connector.settings` from `connector/settings/schema.py`; a test holds it to that.

Settings are environment variables, or the same names in a file `.env` beside where Dealgate starts. The
environment wins; an empty variable counts as unset. Everything that is wrong is told at once, before
anything starts; secrets are never shown.

| variable | what for | allowed | default |
|---|---|---|---|
{rows}

## Behind a proxy

Calls to the CRMs go through the proxy that the environment names, as those of most programs do:
`HTTPS_PROXY` (`http://USER:PASSWORD@HOST:PORT`) or `ALL_PROXY`, except to the hosts in `NO_PROXY`; to this
machine they always go directly. Where the proxy shows certificates of its own, `REQUESTS_CA_BUNDLE` or
`SSL_CERT_FILE` names the file that vouches for them. All of these are read from the environment, not from
`.env`. Mail goes to its server directly.

## More than one CRM account

Write `dealgate.toml`; it takes the place of the `HUBSPOT_*` and `SALESFORCE_*` variables. A table holds
their names in small letters without the prefix. A value `"$NAME"` is read from that variable; secrets
must be written so.

```toml
[accounts.north]
crm = "hubspot"
portal_id = 4242001
app_id = 77001
access_token = "$NORTH_TOKEN"
client_secret = "$NORTH_SECRET"

[accounts.south]
portal_id = 4242002
access_token = "$SOUTH_TOKEN"
client_secret = "$SOUTH_SECRET"
policy = "south.yaml"

[accounts.west]
crm = "salesforce"
domain = "acme"
org_id = "00D5g000004XyZaEAK"
client_id = "$WEST_KEY"
client_secret = "$WEST_SECRET"
webhook_token = "$WEST_TOKEN"
```
"""
