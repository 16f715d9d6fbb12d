"""`dealgate signoff list`: what waits for an answer, and what is stopped until somebody lifts it."""

from collections.abc import Iterator
from datetime import datetime

import click

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.policy.model import Calendar, Policy
from connector.recall import Recall
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.lifting import may_lift, standing_vetoes
from connector.standing import OPEN, Signoff, SignoffState
from connector.texts.words import moment
from connector.values import listing
from connector.worker.asked import asked

_ALL = 100_000
_STATES = {
    SignoffState.WAITING: "its turn has not come",
    SignoffState.INFO: "waits for the rep's reply",
}


@click.command("list")
@account_option
@json_option
def list_(account: str | None, *, as_json: bool) -> None:
    """List the open sign-offs, soonest due first.

    Then the deals that a no stops, with who may lift it.
    """
    with at_desk(account) as desk:
        rows = sorted(_asked(desk), key=lambda row: row["due"])
        stopped = list(_stopped(desk))
        calendar, now = _calendar(desk), desk.now()
    if as_json:
        print_json({"signoffs": rows, "vetoes": stopped})
        return
    for row in rows:
        due = moment(local(datetime.fromisoformat(row["due"]), calendar), local(now, calendar))
        told = [row["deal"], row["gate"], row["asked"], f"due {due}", row["why"], row["waits"]]
        click.echo("  ".join(str(text) for text in told if text))
    click.echo(f"{len(rows)} open. Times are those of {calendar.zone}." if rows else "0 open.")
    for veto in stopped:
        said = f"stopped by {veto['by']}: {veto['note']}"
        click.echo(f"{veto['deal']}  {veto['gate']}  {said}  May lift it: {veto['lifters'] or 'nobody'}.")
    if stopped:
        click.echo(f"{len(stopped)} stopped.")


def _calendar(desk: Desk) -> Calendar:
    """Return the calendar of the live policy, UTC where none can be read."""
    house = Recall(desk.account, desk.store).house()
    return house.policy.calendar if house is not None else Calendar()


def _asked(desk: Desk) -> Iterator[dict[str, str]]:
    what = asked(Recall(desk.account, desk.store), desk.now())
    for state in OPEN:
        for deal, one in desk.store.views.signoffs(desk.account, state, _ALL):
            yield {
                "deal": deal,
                "gate": one.gate,
                "role": one.role,
                "asked": ", ".join(one.asked),
                "due": one.due_at.isoformat(timespec="minutes"),
                "why": what(deal, one),
                "waits": _waits(one),
            }


def _waits(signoff: Signoff) -> str:
    if signoff.stops is not None:
        return "may stop it; nobody waits"
    if signoff.paused_at is not None:
        return "waits for the customer"
    return _STATES.get(signoff.state, "")


def _stopped(desk: Desk) -> Iterator[dict[str, object]]:
    """Yield each no that stands, by the record: the deal as it was last seen."""
    recall = Recall(desk.account, desk.store)
    house = recall.house()
    if house is None:
        return
    refused = desk.store.views.signoffs(desk.account, SignoffState.REJECTED, _ALL)
    for deal in dict.fromkeys(deal for deal, _ in refused):
        recalled = recall.deal(deal, house, desk.now())
        if recalled is not None and recalled.verdict.assessed:
            yield from (_row(veto, recalled.ground) for veto in standing_vetoes(recalled.ground))


def _row(veto: Signoff, ground: Ground) -> dict[str, object]:
    able = may_lift(veto, ground)
    return {
        "deal": ground.deal.id,
        "gate": veto.gate,
        "role": veto.role,
        "by": _name(veto.decided_by or "", ground.policy),
        "at": veto.decided_at,
        "note": veto.note,
        "may_lift": list(able),
        "lifters": listing([_name(person, ground.policy) for person in able]),
    }


def _name(person: str, policy: Policy) -> str:
    known = policy.people.get(person)
    return known.name if known else person
