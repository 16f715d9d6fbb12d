"""`dealgate sandbox`: a HubSpot in small on this machine, to try things with the real client or curl."""

import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

if TYPE_CHECKING:
    from sandbox.company import Company
    from sandbox.hubspot.sandbox import HubSpotSandbox
    from sandbox.hubspot.webhooks import WebhookTarget
    from sandbox.loaders.hubspot_seed import HubSpotSeed


class Options(TypedDict):
    """What the command line says."""

    port: int
    data: Path | None
    deals: int
    seed: int
    webhook_url: str | None
    public_url: str | None
    client_secret: str
    portal_id: int
    app_id: str
    access_token: str
    duplicates: float
    disorder: float
    loss: float
    speed: float
    rate_limit: bool


@click.command()
@click.option("--port", default=8090, show_default=True, help="Port on loopback; 0 takes any free one.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with crm_sales or hubspot_seed rows; without it a company is generated.",
)
@click.option("--deals", default=400, show_default=True, type=click.IntRange(0), help="Deals to generate.")
@click.option("--seed", default=1, show_default=True, help="Seed of everything that is drawn.")
@click.option("--webhook-url", help="Where to deliver webhooks.")
@click.option("--public-url", help="The URL that is signed, where it differs from --webhook-url.")
@click.option("--client-secret", default="sandbox-secret", show_default=True, help="Signs the webhooks.")
@click.option("--portal-id", default=4242001, show_default=True)
@click.option("--app-id", default="77001", show_default=True)
@click.option(
    "--access-token", default="pat-eu1-sandbox", show_default=True, help="The token clients must send."
)
@click.option("--duplicates", default=0.0, type=click.FloatRange(0, 1), help="Share of events sent twice.")
@click.option("--disorder", default=0.0, type=click.FloatRange(0, 1), help="Share of events sent late.")
@click.option("--loss", default=0.0, type=click.FloatRange(0, 1), help="Share of events never sent.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Shortens webhook retries and index lag.",
)
@click.option("--rate-limit/--no-rate-limit", default=True, help="Answer 429 as HubSpot does.")
def sandbox(**options: Unpack[Options]) -> None:
    """Run a HubSpot in small until interrupted."""
    # Imported late: `dealgate --help` must not wait for it.
    from sandbox.hubspot.replay import add_rows

    company, rows = _company(options["data"], options["deals"], options["seed"])
    with _start(company, options) as crm:
        if rows is not None:
            add_rows(crm.account, rows)
        click.echo(f"HubSpot in small on {crm.url}, {len(crm.deals())} deals, token {crm.token}")
        click.echo(f"Try: curl {crm.url}/_sandbox/people")
        _wait_for_signal()


def _start(company: "Company", options: Options) -> "HubSpotSandbox":
    from sandbox.clock import Clock
    from sandbox.faults import FaultPlan
    from sandbox.hubspot.ratelimit import Limits
    from sandbox.hubspot.sandbox import HubSpotSandbox

    try:
        return HubSpotSandbox(
            company,
            portal_id=options["portal_id"],
            app_id=options["app_id"],
            token=options["access_token"],
            port=options["port"],
            webhooks=_target(options),
            clock=Clock(options["speed"]),
            faults=FaultPlan(seed=options["seed"]),
            limits=Limits(on=options["rate_limit"]),
        )
    except OSError as error:
        raise click.UsageError(
            f"Cannot listen on port {options['port']}: {error.strerror}. Choose another --port."
        ) from error


def _target(options: Options) -> "WebhookTarget | None":
    from sandbox.hubspot.webhooks import WebhookTarget

    if not options["webhook_url"]:
        return None
    return WebhookTarget(
        options["webhook_url"],
        options["client_secret"],
        options["public_url"],
        duplicates=options["duplicates"],
        disorder=options["disorder"],
        loss=options["loss"],
        seed=options["seed"],
    )


def _company(data: Path | None, deals: int, seed: int) -> "tuple[Company, HubSpotSeed | None]":
    from sandbox.generator import generate
    from sandbox.loaders import crm_sales, hubspot_seed

    if data is None:
        return generate(deals, seed=seed, now_ms=time.time_ns() // 1_000_000), None
    try:
        if crm_sales.recognises(data):
            return crm_sales.load(data), None
        if hubspot_seed.recognises(data):
            rows = hubspot_seed.load(data)
            return rows.company, rows
    except (OSError, KeyError, ValueError) as error:
        raise click.UsageError(f"Cannot read {data}: {type(error).__name__} {error}") from error
    raise click.UsageError(
        f"{data} holds neither sales_pipeline.csv (crm_sales) "
        "nor deal_property_history_data.csv (hubspot_seed)."
    )


def _wait_for_signal() -> None:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    stop.wait()
