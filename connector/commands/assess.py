"""Say what one deal may do now, and why; or what a deal could do that is only thought of."""

from collections.abc import Iterator
from pathlib import Path

import click

from connector import explain, texts
from connector.commands.common import account_option, at_desk, json_option, print_json, settings_here
from connector.commands.whatif import assessed, from_file
from connector.drafts import NO_RATES
from connector.errors import ConfigurationError
from connector.policy.exchange import is_blind
from connector.signoffs.ground import Ground
from connector.store.records import DealRecord
from connector.verdicts import Readiness, Verdict
from connector.worker.grounds import ground_of
from connector.worker.look import Looked, look

_GONE = texts.not_checked(texts.gone())
_MAY_PASS = frozenset({Readiness.READY, Readiness.EXCEPTION, Readiness.NOT_ASSESSED})


@click.command()
@click.option("--deal", metavar="ID", help="The CRM's id of the deal.")
@click.option("--file", type=click.Path(path_type=Path), help="A deal written down; needs no CRM.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another value: discount=12%.")
@click.option("--rep", is_flag=True, help="Show what the rep may read.")
@click.option("--all", "everything", is_flag=True, help="Show what passed or was skipped, too.")
@account_option
@json_option
def assess(
    deal: str | None,
    file: Path | None,
    settings: tuple[str, ...],
    account: str | None,
    *,
    rep: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Assess a deal now, the CRM's or one in a file; nothing is written. Exit code 1 when it may not pass."""
    if (deal is None) is (file is None):
        raise click.UsageError("Give --deal ID or --file FILE, one of them.")
    if file is not None:
        ground, verdict = assessed(from_file(file, _policy(account)), settings)
    else:
        ground, verdict = _of_crm(deal or "", account, settings)
    if file is not None and is_blind(ground.policy) and ground.deal.currency != ground.policy.currency:
        click.echo(f"{_policy(account)}: {NO_RATES}.", err=True)
    if as_json:
        print_json(_json(ground, verdict, rep=rep))
    else:
        for line in _lines(ground, verdict, rep=rep, everything=everything):
            click.echo(line)
    raise SystemExit(0 if verdict.readiness in _MAY_PASS else 1)


def _policy(account: str | None) -> Path:
    settings = settings_here()
    return settings.account(account).policy if settings.accounts or account else settings.policy


def _of_crm(deal: str, account: str | None, settings: tuple[str, ...]) -> tuple[Ground, Verdict]:
    with at_desk(account) as desk:
        record = _record(look(desk, [deal]), deal)
        ground = ground_of(desk, deal)
        if ground is None:
            raise _none(deal, "It has just been deleted.")
        return assessed(ground, settings) if settings else (ground, record.verdict)


def _json(ground: Ground, verdict: Verdict, *, rep: bool) -> dict[str, object]:
    """Return the shape that cards and panels use (docs/panel.md), for Operations with the whole verdict."""
    nodes = [explain.node_json(one, rep=rep) for one in explain.nodes(verdict, ground)]
    shown = {"panel": explain.told(verdict, ground), "tree": nodes}
    if not rep:
        return {**explain.tree(verdict), **shown}
    return {"deal": verdict.deal, "readiness": verdict.readiness.value, "gate": verdict.gate, **shown}


def _lines(ground: Ground, verdict: Verdict, *, rep: bool, everything: bool) -> Iterator[str]:
    yield verdict.sentence or "Left alone: no gate concerns this deal."
    for node in explain.nodes(verdict, ground):
        if everything or not node.folded:
            yield from explain.node_lines(node, rep=rep, everything=everything, depth=1)
    for lever in verdict.levers:
        yield f"  {lever.text}"
    alone = explain.told(verdict, ground)["alone"]
    if alone:
        yield f"  {alone}."


def _record(looked: Looked, deal: str) -> DealRecord:
    if deal in looked.failed:
        raise ConfigurationError(f"It cannot be assessed: {looked.failed[deal]}.", where=f"deal {deal}")
    if looked.survivors:
        (survivor,) = looked.survivors
        raise _none(deal, f"It was merged into {survivor}: give that id.")
    for record in looked.records:
        if record.verdict.deal == deal and record.verdict.sentence != _GONE:
            return record
    raise _none(deal, "Give its id, not its name.")


def _none(deal: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"The CRM has no deal {deal!r}.", where="--deal", hint=hint)
