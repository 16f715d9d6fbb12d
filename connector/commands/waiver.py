"""Waivers from the command line: grant an exception, list those there are, end or review one."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import click

from connector.commands.away import day
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.signoff import known_deal, known_person
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.policy.literals import NotALiteral, number
from connector.policy.model import Policy
from connector.policy.problems import one_of
from connector.signoffs import waivers
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.standing import Waiver
from connector.worker.drain import drain
from connector.worker.grounds import ground_of

_SHOWN = ("waiver", "deal", "rule", "state", "until", "by", "reason")


@dataclass(frozen=True, slots=True)
class Wish:
    """A waiver as it was asked for."""

    deal: str
    rule: str
    person: str
    reason: str
    until: str
    up_to: tuple[str, ...]
    note: str
    break_glass: bool


@click.group()
def waiver() -> None:
    """Grant an exception to one rule for one deal; list, end and review exceptions."""


_as = click.option("--as", "person", required=True, metavar="PERSON", help="Who does it, by policy id.")


@waiver.command()
@click.argument("deal")
@click.argument("rule")
@_as
@click.option("--reason", required=True, metavar="CODE", help="One of the policy's reason codes.")
@click.option("--until", required=True, metavar="DAY", help="Last day, as 2027-01-31.")
@click.option("--up-to", multiple=True, metavar="FIELD=LIMIT", help="Worst value; default: as it is now.")
@click.option("--note", default="", help="Why; the record keeps it.")
@click.option("--break-glass", is_flag=True, help="In an emergency; somebody else reviews it afterwards.")
@account_option
@json_option
def grant(  # noqa: PLR0917  one parameter for each option
    deal: str,
    rule: str,
    person: str,
    reason: str,
    until: str,
    up_to: tuple[str, ...],
    note: str,
    account: str | None,
    *,
    break_glass: bool,
    as_json: bool,
) -> None:
    """Waive RULE for DEAL.

    RULE is a matrix, matrix/row, check or check/field. Exit code 1 where nobody may.
    """
    wish = Wish(deal, rule, person, reason, until, up_to, note, break_glass)
    with at_desk(account) as desk:
        known_person(desk, person)
        known_deal(desk, deal)
        ground = _ground(desk, deal)
        role = waivers.right_to_grant(person, rule, ground, break_glass=break_glass)
        made = _made(wish, role or "", ground)
        if role is None:
            names = ", ".join(waivers.granting(rule, ground.policy, break_glass=break_glass)) or "nobody"
            click.echo(f"{person} may not waive {rule} for this deal: that takes {names}.", err=True)
            raise SystemExit(1)
        desk.store.waivers.grant(desk.account, deal, made, desk.now())
        drain(desk)
        shown = desk.store.views.deal(desk.account, deal)
    if as_json:
        print_json({"waiver": made.id, "deal": deal, "sentence": shown.sentence if shown else ""})
    else:
        click.echo(
            f"{made.id}: {rule} is waived until {made.until}. {shown.sentence if shown else ''}".rstrip()
        )


@waiver.command("list")
@click.option("--deal", metavar="ID", help="Only this deal's.")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@account_option
@json_option
def list_(deal: str | None, account: str | None, everything: bool, as_json: bool) -> None:  # noqa: FBT001
    """List waivers, oldest first."""
    with at_desk(account) as desk:
        grounds: dict[str, Ground] = {}
        rows = []
        for name, one in desk.store.waivers.all(desk.account, deal):
            if name not in grounds:
                grounds[name] = _ground(desk, name)
            row = _row(name, one, grounds[name])
            if everything or row["state"] != waivers.Holding.OVER:
                rows.append(row)
    if as_json:
        print_json({"waivers": rows})
        return
    for row in rows:
        known = [str(row[name]) for name in ("waiver", "deal", "rule", "state", "until", "by", "reason")]
        unseen = row["break_glass"] and row["reviewed"] is None
        click.echo("  ".join((*known, *(["in an emergency, not reviewed yet"] if unseen else []))))
    click.echo(f"{len(rows)} waivers.")


@waiver.command()
@click.argument("name", metavar="WAIVER")
@_as
@account_option
@json_option
def end(name: str, person: str, account: str | None, *, as_json: bool) -> None:
    """End WAIVER now.

    Its gate is owed again where the rule still fails.
    """
    with at_desk(account) as desk:
        known_person(desk, person)
        deal, one = _found(desk, name)
        ground = _ground(desk, deal)
        if waivers.right_to_grant(person, one.rule, ground) is None and person != one.by:
            click.echo(f"{person} may not end it: that takes {one.by} or who may grant it.", err=True)
            raise SystemExit(1)
        ended = desk.store.waivers.end(desk.account, deal, name, person, desk.now())
        drain(desk)
    if as_json:
        print_json({"waiver": name, "ended": ended})
        return
    click.echo(f"{name} is ended." if ended else f"{name} had ended before.")


@waiver.command()
@click.argument("name", metavar="WAIVER")
@_as
@account_option
@json_option
def review(name: str, person: str, account: str | None, *, as_json: bool) -> None:
    """Put on record that WAIVER was reviewed.

    After an emergency (--break-glass) somebody else than who used it does so.
    """
    with at_desk(account) as desk:
        known_person(desk, person)
        deal, one = _found(desk, name)
        if not one.break_glass:
            raise ConfigurationError(f"{name} was granted as the policy says.", where="WAIVER")
        if person not in waivers.reviewers(one, _ground(desk, deal)):
            click.echo(f"{person} may not review it.", err=True)
            raise SystemExit(1)
        fresh = desk.store.waivers.review(desk.account, deal, name, person, desk.now())
        drain(desk)
    if as_json:
        print_json({"waiver": name, "reviewed": fresh})
        return
    click.echo(f"{name} is reviewed." if fresh else f"{name} had been reviewed before.")


def _ground(desk: Desk, deal: str) -> Ground:
    """Return the deal as it is in the CRM now, with its record."""
    found = ground_of(desk, deal)
    if found is None:
        raise ConfigurationError(f"The CRM has no deal {deal!r}.", where="DEAL", hint="Give its id.")
    return found


def _made(wish: Wish, role: str, ground: Ground) -> Waiver:
    policy = ground.policy
    _check_rule(wish.rule, policy)
    if wish.reason not in policy.waivers.reasons:
        hint = f"Allowed: {one_of(wish.reason, policy.waivers.reasons)}."
        raise ConfigurationError(f"{wish.reason!r} is no reason code.", where="--reason", hint=hint)
    until, today = day(wish.until, "--until"), local(ground.now, policy.calendar).date()
    if not 0 <= (until - today).days <= policy.waivers.longest_days:
        hint = f"At most {policy.waivers.longest_days} days from today, and not in the past."
        raise ConfigurationError(f"{until} cannot be its last day.", where="--until", hint=hint)
    wanted = waivers.as_it_is(wish.rule, ground) | dict(_limit(text, policy) for text in wish.up_to)
    return Waiver(
        id=f"w-{uuid4().hex[:10]}", rule=wish.rule, until=until, reason=wish.reason, by=wish.person,
        at=ground.now, role=role, bounds=waivers.bounds(wanted, policy), note=wish.note,
        break_glass=wish.break_glass,
    )  # fmt: skip


def _check_rule(rule: str, policy: Policy) -> None:
    known = waivers.rules(policy)
    whole, _, part = rule.partition("/")
    if rule in known or (whole in known and whole not in policy.matrices and part in policy.fields):
        return
    raise ConfigurationError(f"{rule!r} is no rule.", where="RULE", hint=f"Allowed: {one_of(rule, known)}.")


def _limit(text: str, policy: Policy) -> tuple[str, Decimal]:
    name, _, limit = text.partition("=")
    if name not in policy.fields:
        hint = f"Allowed: {one_of(name, sorted(policy.fields))}."
        raise ConfigurationError(f"{name!r} is no field of the policy.", where="--up-to", hint=hint)
    try:
        return name, number(limit.strip().removesuffix("%"))
    except NotALiteral as error:
        raise ConfigurationError(
            f"{text!r} names no limit.", where="--up-to", hint="Write e.g. discount=25."
        ) from error


def _found(desk: Desk, name: str) -> tuple[str, Waiver]:
    known = {one.id: (deal, one) for deal, one in desk.store.waivers.all(desk.account)}
    if name not in known:
        raise ConfigurationError(
            f"There is no waiver {name!r}.", where="WAIVER", hint="See `dealgate waiver list --all`."
        )
    return known[name]


def _row(deal: str, one: Waiver, ground: Ground) -> dict[str, object]:
    return {
        "waiver": one.id, "deal": deal, "rule": one.rule,
        "state": waivers.holding(one, ground).value, "until": one.until.isoformat(),
        "by": one.by, "reason": one.reason, "break_glass": one.break_glass,
        "reviewed": one.reviewed_by, "unneeded": one.unneeded_since is not None,
    }  # fmt: skip
