"""Start a CRM in small as the command line says, and run it until somebody ends it."""

import signal
import threading
import time
from pathlib import Path

import click
import jwt

from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.faults import FaultPlan
from sandbox.generator import generate
from sandbox.hubspot import ratelimit
from sandbox.hubspot.rows import add_rows
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.webhooks import WebhookTarget
from sandbox.loaders import crm_sales, hubspot_seed
from sandbox.loaders.hubspot_seed import HubSpotSeed
from sandbox.options import Options
from sandbox.salesforce import limits
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.package import DeployError
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.tokens import ConnectedApp


def run(options: Options) -> None:
    """Run the CRM that is asked for until interrupted; click.UsageError where that cannot be."""
    company, rows = _company(options["data"], options["deals"], options["seed"])
    if options["crm"] == "salesforce":
        _run_salesforce(company, options)
    else:
        _run_hubspot(company, rows, options)


def _run_hubspot(company: Company, rows: HubSpotSeed | None, options: Options) -> None:
    with _start(company, options) as crm:
        if rows is not None:
            add_rows(crm.account, rows)
        stop = _stopping()
        click.echo(f"HubSpot in small on {crm.url}, {len(crm.deals())} deals, token {crm.token}")
        click.echo(f"Try: curl {crm.url}/_sandbox/people")
        stop.wait()


def _run_salesforce(company: Company, options: Options) -> None:
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


def _start_salesforce(company: Company, options: Options) -> SalesforceSandbox:
    key = _key(options["public_key"]) if options["public_key"] else ""
    try:
        return SalesforceSandbox(
            company,
            connected_app=ConnectedApp(client_secret=options["client_secret"], public_key=key),
            port=options["port"],
            webhooks=_message_target(options),
            clock=Clock(options["speed"]),
            faults=FaultPlan(seed=options["seed"]),
            limits=limits.Limits(on=options["rate_limit"]),
        )
    except OSError as error:
        raise _port_taken(options, error) from error


def _key(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        jwt.get_algorithm_by_name("RS256").prepare_key(text)
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise click.UsageError(f"--public-key: {path} holds no RSA public key in PEM form.") from error
    return text


def _message_target(options: Options) -> MessageTarget | None:
    return _messages_to(options["webhook_url"], options) if options["webhook_url"] else None


def _messages_to(url: str, options: Options) -> MessageTarget:
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


def _start(company: Company, options: Options) -> HubSpotSandbox:
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
            limits=ratelimit.Limits(on=options["rate_limit"]),
        )
    except OSError as error:
        raise _port_taken(options, error) from error


def _target(options: Options) -> WebhookTarget | None:
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


def _company(data: Path | None, deals: int, seed: int) -> tuple[Company, HubSpotSeed | None]:
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
