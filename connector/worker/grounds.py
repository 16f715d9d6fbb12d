"""Deals as they are now with all that they are held against, for whoever asks about one of them."""

from collections.abc import Mapping, Sequence

from connector.checks.derived import derive
from connector.deals import Change, Deal
from connector.desk import Desk
from connector.gates.place import pipeline_of
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.worker.scene import Scene, scene_of, told


def ground_of(desk: Desk, deal: str) -> Ground | None:
    """Return one deal as it is now with all it is held against, None where the CRM does not have it."""
    return grounds_of(desk, [deal]).get(deal)


def grounds_of(desk: Desk, ids: Sequence[str]) -> Mapping[str, Ground]:
    """Return these deals as they are now with all they are held against; without those the CRM lacks."""
    picture = desk.picture()
    found = desk.crm.read_deals(ids, picture.wanted).deals
    histories = desk.crm.read_history([deal.id for deal in found], picture.wanted)
    scene = scene_of(desk, picture, ids)
    return {deal.id: _ground(deal, scene, histories.get(deal.id, ())) for deal in found}


def _ground(deal: Deal, scene: Scene, history: Sequence[Change]) -> Ground:
    heard, policy = told(deal, scene, history), scene.picture.policy
    context = heard.context
    today = local(scene.now, policy.calendar).date()
    facts = derive(heard.deal, policy, today, context.standing.signoffs)
    return Ground(heard.deal, facts, pipeline_of(heard.deal, context), policy, context, scene.now)
