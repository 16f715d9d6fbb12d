"""Every recorded verdict of a shop, made again from what was kept of it, and held against the record."""

from connector.app import App
from connector.gates import again
from connector.settings import read_settings
from connector.store.encode import decode
from connector.verdicts import Verdict
from connector.worker.preview import side
from tests.cli.shop import Shop

_SAME = (
    "readiness",
    "gates",
    "fingerprint",
    "sentence",
    "blocked_stages",
    "signoffs",
    "levers",
    "valid_until",
)


def replayed(shop: Shop) -> dict[str, Verdict]:
    """Return the verdicts by deal; each is the recorded one."""
    with App.build(read_settings(shop.environ, shop.folder)) as app:
        desk = app.desk()
        live = side(desk, desk.picture().policy)
        kept = {one.deal.id: one for one in desk.store.views.inputs(desk.account)}
        recorded = {one.deal: one for one in desk.store.views.deals(desk.account, sorted(kept))}
    made = {deal: again(one, live.policy, live.directory) for deal, one in kept.items()}
    for deal, verdict in made.items():
        told = decode(Verdict, recorded[deal].body)
        for name in _SAME:
            assert getattr(verdict, name) == getattr(told, name), (deal, name)
    return made
