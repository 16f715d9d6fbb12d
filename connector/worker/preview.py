"""What a draft would change, before it is published: from what is kept of each deal, else as read now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from connector.adapters.base import Wanted
from connector.desk import Desk
from connector.directory import Directory
from connector.inputs import Inputs, inputs_of
from connector.picture import wanted
from connector.policy.exchange import quoted
from connector.policy.model import Policy
from connector.standing import Standing
from connector.versions.effect import Effect, Side, effect, estimates
from connector.worker.backfill import pages


def preview(desk: Desk, draft: Policy) -> Effect:
    """Assess every deal under the live policy and under the draft; nothing is kept or written."""
    return compared(desk, desk.picture().policy, draft)


def compared(desk: Desk, before: Policy, after: Policy) -> Effect:
    """Assess every deal under both policies as it is now; nothing is kept or written."""
    cases = tuple(_cases(desk, before, after))
    standings = _standings(desk, cases)
    was, then = (_at_work(desk, side(desk, one), cases, standings) for one in (before, after))
    return effect(cases, standings, was, then, desk.now())


def _at_work(desk: Desk, one: Side, cases: Sequence[Inputs], standings: Mapping[str, Standing]) -> Side:
    """Return the side with every deal taking what this policy says: on record is what the live one says."""
    if one.board is None:
        return one
    known = replace(one, board=replace(one.board, brief=True))
    if one.policy.version == desk.pictures.policy(desk.now()).version:
        return known
    taken = dict(estimates(cases, standings, known, desk.now()))
    others = (own for own in one.board.estimates.values() if own.deal not in taken)
    mine = (own for own in taken.values() if own is not None)
    board = desk.pictures.boards.of(one.policy, desk.now(), (*others, *mine))
    return replace(one, board=replace(board, brief=True))


def side(desk: Desk, policy: Policy) -> Side:
    """Return a policy with its people as users of the account, and with its capacity."""
    board = desk.pictures.boards.now(policy, desk.now())
    policy = quoted(policy, desk.crm.rates() if policy.rates.from_crm else None)
    return Side(policy, Directory.join(policy.people, desk.crm.users()), board)


def _cases(desk: Desk, before: Policy, after: Policy) -> Iterator[Inputs]:
    kept = tuple(desk.store.views.inputs(desk.account))
    needs = _both(wanted(before), wanted(after))
    if kept and _knows(desk.picture().wanted, needs):
        yield from kept
        return
    known = {inputs.deal.id: inputs for inputs in kept}
    ids = sorted(known) or sorted({deal for page in desk.crm.open_deals() for deal in page})
    context, now = desk.picture().context, desk.now()
    for page in pages(ids, desk.crm.batch):
        for deal in desk.crm.read_deals(page, needs).deals:
            fresh = inputs_of(deal, context, now)
            yield replace(known[deal.id], deal=fresh.deal) if deal.id in known else fresh


def _both(before: Wanted, after: Wanted) -> Wanted:
    """Return what both need; a word that they read from different fields is read for the later one."""
    fields = {field.name: field for field in (*before.fields, *after.fields)}
    return Wanted(tuple(fields.values()), line_items=before.line_items or after.line_items)


def _knows(live: Wanted, draft: Wanted) -> bool:
    """Say whether all that the draft looks at was read for the live policy, too."""
    have = {(field.name, field.home, field.hubspot, field.salesforce, field.type) for field in live.fields}
    need = {(field.name, field.home, field.hubspot, field.salesforce, field.type) for field in draft.fields}
    return need <= have and (live.line_items or not draft.line_items)


def _standings(desk: Desk, cases: Sequence[Inputs]) -> Mapping[str, Standing]:
    found: dict[str, Standing] = {}
    for page in pages([inputs.deal.id for inputs in cases], 1000):
        found |= desk.store.standings.of(desk.account, page)
    return found
