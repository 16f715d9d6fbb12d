"""`dealgate sandbox`: a CRM in small on this machine, to try things with the real client or curl."""

import math
from pathlib import Path
from typing import Unpack

import click

from sandbox.options import Options


class Number(click.FloatRange):
    """A number within its range; "nan" is in no range, and is no number."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a number.", param, ctx)
        return number


def _url(_: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value and not value.startswith(("http://", "https://")):
        raise click.BadParameter(f"{value} is no URL: it begins with http:// or https://.", param=param)
    return value


@click.command()
@click.option("--crm", type=click.Choice(["hubspot", "salesforce"]), default="hubspot", show_default=True)
@click.option(
    "--package",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Salesforce: folder of sfdx source to deploy.",
)
@click.option(
    "--public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Salesforce: PEM that verifies JWT assertions.",
)
@click.option(
    "--port",
    default=8090,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port on loopback; 0 takes any free one.",
)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with crm_sales or hubspot_seed rows; without it a company is generated.",
)
@click.option("--deals", default=400, show_default=True, type=click.IntRange(0), help="Deals to generate.")
@click.option("--seed", default=1, show_default=True, help="Seed of everything that is drawn.")
@click.option(
    "--webhook-url", callback=_url, help="Where to deliver webhooks; without it the package's own endpoint."
)
@click.option(
    "--public-url", callback=_url, help="The URL that is signed, where it differs from --webhook-url."
)
@click.option(
    "--client-secret",
    default="sandbox-secret",
    show_default=True,
    help="Signs HubSpot's webhooks; Salesforce's client secret.",
)
@click.option("--portal-id", default=4242001, show_default=True)
@click.option("--app-id", default="77001", show_default=True)
@click.option(
    "--access-token", default="pat-eu1-sandbox", show_default=True, help="The token clients must send."
)
@click.option("--duplicates", default=0.0, type=Number(0, 1), help="Share of events sent twice.")
@click.option("--disorder", default=0.0, type=Number(0, 1), help="Share of events sent late.")
@click.option("--loss", default=0.0, type=Number(0, 1), help="Share of events never sent.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=Number(0, min_open=True),
    help="Shortens webhook retries and index lag.",
)
@click.option("--rate-limit/--no-rate-limit", default=True, help="Answer 429 as HubSpot does.")
def sandbox(**options: Unpack[Options]) -> None:
    """Run a CRM in small until interrupted."""
    from sandbox import starting  # late: `dealgate --help` must not wait for it

    starting.run(options)
