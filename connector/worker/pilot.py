"""The pilot of an account: what its ledger says of gates that only observe."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import orjson

from connector.backtest.crossing import World
from connector.backtest.pilot import Looked, Worth, observed, stops
from connector.backtest.report import Json
from connector.backtest.trial import holder
from connector.deals import Deal
from connector.desk import Desk
from connector.signoffs.ground import Ground
from connector.store.chain import Note

BASELINE = "baseline"
_EVER = datetime.fromtimestamp(0, UTC)


def pilot(desk: Desk, since: datetime) -> Json:
    """Return what the gates would have stopped since then."""
    picture = desk.picture()
    policy, context = picture.policy, picture.context
    world = World(context.pipelines, context.directory)
    known = {inputs.deal.id: inputs for inputs in desk.store.views.inputs(desk.account)}

    def holder_of(deal: str, role: str) -> str:
        kept = known.get(deal)
        seen = kept.deal if kept else Deal(deal, "", "", "")
        pipeline = kept.pipeline if kept else None
        ground = Ground(seen, {}, pipeline or world.pipeline(seen.pipeline), policy, context, desk.now())
        return holder(role, ground)

    def team_of(deal: str) -> str:
        return world.team_of(known[deal].deal.owner if deal in known else None)

    return observed(stops(_looks(desk), since), team_of, holder_of, policy)


def keep(desk: Desk, told: Json, since: datetime) -> None:
    """Put the report on record, the baseline that later ones are held against. It names people: so it lies
    beside the chain, where it can be erased."""
    text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    note = Note(BASELINE, None, {"since": since, "stops": told["stops"]}, {"report": text})
    desk.store.ledger.append(desk.account, (note,), desk.now())


def baseline(desk: Desk) -> Json | None:
    """Return the report that was kept last, with when it was kept and since when it counts."""
    kept = list(desk.store.ledger.since(desk.account, BASELINE, _EVER))
    if not kept:
        return None
    body = orjson.loads(kept[-1].body)
    text = desk.store.ledger.personal(desk.account, kept[-1].seq).get("report", "{}")
    return {"at": kept[-1].at, "since": body["since"]["t"], "stops": body["stops"], **orjson.loads(text)}


def _looks(desk: Desk) -> Iterator[Looked]:
    """Yield what the ledger says of each look, oldest first: a deal that was held before the time that is
    asked about is not stopped anew in it."""
    for entry in desk.store.ledger.since(desk.account, "verdict", _EVER):
        body = orjson.loads(entry.body)
        yield Looked(entry.deal or "", entry.at, body.get("observed") or {}, _worth(body.get("worth")))


def _worth(told: Mapping[str, str] | None) -> Worth:
    return (Decimal(told["amount"]), told["currency"]) if told else None
