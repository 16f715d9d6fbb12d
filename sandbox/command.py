"""`dealgate sandbox`: a CRM in small on this machine, to try things with the real client or curl."""

import math
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
    from sandbox.salesforce.messages import MessageTarget
    from sandbox.salesforce.sandbox import SalesforceSandbox


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


class Options(TypedDict):
    """What the command line says."""

    crm: str
    package: Path | None
    public_key: Path | None
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
    company, rows = _company(options["data"], options["deals"], options["seed"])
    if options["crm"] == "salesforce":
        _run_salesforce(company, options)
    else:
        _run_hubspot(company, rows, options)


def _run_hubspot(company: "Company", rows: "HubSpotSeed | None", options: Options) -> None:
    # Imported late, here and below: `dealgate --help` must not wait for it.
    from sandbox.hubspot.rows import add_rows

    with _start(company, options) as crm:
        if rows is not None:
            add_rows(crm.account, rows)
        stop = _stopping()
        click.echo(f"HubSpot in small on {crm.url}, {len(crm.deals())} deals, token {crm.token}")
        click.echo(f"Try: curl {crm.url}/_sandbox/people")
        stop.wait()


def _run_salesforce(company: "Company", options: Options) -> None:
    from sandbox.salesforce.package import DeployError

    with _start_salesforce(company, options) as crm:
        try:
            if options["package"] is not None:
                deployed = crm.deploy(options["package"])
                if deployed.endpoint and not options["webhook_url"]:
                    crm.subscribe(_messages_to(deployed.endpoint, options))
        except (DeployError, OSError) as error:
            raise click.UsageError(f"Cannot deploy {options['package']}: {error}") from error
        app, stop = crm.connected_app, _stopping()
        click.echo(f"Salesforce in small on {crm.url}, {len(crm.deals())} deals, org {crm.organization}")
        if crm.webhooks is None:
            click.echo("No outbound message is sent: give --package, or --webhook-url")
        click.echo(f"My Domain {crm.org.setup.domain}, client {app.client_id}, secret {app.client_secret}")
        click.echo(f"Try: curl {crm.url}/_sandbox/people")
        stop.wait()


def _start_salesforce(company: "Company", options: Options) -> "SalesforceSandbox":
    from sandbox.clock import Clock
    from sandbox.faults import FaultPlan
    from sandbox.salesforce.limits import Limits
    from sandbox.salesforce.sandbox import SalesforceSandbox
    from sandbox.salesforce.tokens import ConnectedApp

    key = options["public_key"].read_text() if options["public_key"] else ""
    try:
        return SalesforceSandbox(
            company,
            connected_app=ConnectedApp(client_secret=options["client_secret"], public_key=key),
            port=options["port"],
            webhooks=_message_target(options),
            clock=Clock(options["speed"]),
            faults=FaultPlan(seed=options["seed"]),
            limits=Limits(on=options["rate_limit"]),
        )
    except OSError as error:
        raise _port_taken(options, error) from error


def _message_target(options: Options) -> "MessageTarget | None":
    return _messages_to(options["webhook_url"], options) if options["webhook_url"] else None


def _messages_to(url: str, options: Options) -> "MessageTarget":
    from sandbox.salesforce.messages import MessageTarget

    return MessageTarget(
        url,
        duplicates=options["duplicates"],
        disorder=options["disorder"],
        loss=options["loss"],
        seed=options["seed"],
    )


def _port_taken(options: Options, error: OSError) -> click.UsageError:
    problem = f"Cannot listen on port {options['port']}: {error.strerror}. Choose another --port."
    return click.UsageError(problem)


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
        raise _port_taken(options, error) from error


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


def _stopping() -> threading.Event:
    """Return what is set when somebody wants the process to end."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop
