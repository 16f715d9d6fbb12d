"""A year of somebody else's sales played through the whole product in each CRM."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from connector.commands.demo import policy
from connector.demo.cast import CRMS, sides
from connector.demo.replay import bare
from connector.demo.sides import Side
from connector.demo.stage import Silent, Stage, on_stage
from connector.desk import Desk
from connector.standing import Signoff, SignoffState
from connector.worker.look import look
from sandbox.company import Company, Deal
from sandbox.loaders import crm_sales
from sandbox.replay import Replay

DATA = Path(__file__).parents[3] / "shared" / "data" / "crm_sales"
PAGE = 1_000


@dataclass
class Played:
    """The stage after the last act; `ids` are the CRM's ids by the deal's key in the data, `refused` the deals
    of which a rule of the CRM refused a save."""

    stage: Stage
    side: Side
    company: Company
    ids: dict[str, str]
    refused: list[str]

    @property
    def desk(self) -> Desk:
        return self.stage.desk()

    def won(self, over: str, most: str = "1") -> list[str]:
        """Return the ids of the deals that were won at a discount over `over` and up to `most`."""
        low, high = Decimal(over), Decimal(most)
        return [self.ids[deal.key] for deal in self.company.deals if low < self._discount(deal) <= high]

    def last_step(self, stage: str) -> list[str]:
        return [self.ids[deal.key] for deal in self.company.deals if deal.stage == stage]

    def _discount(self, deal: Deal) -> Decimal:
        if deal.stage != "won" or deal.amount is None:
            return Decimal(0)
        (line,) = deal.lines
        assert line.price
        return 1 - deal.amount / line.price

    def asked(self) -> dict[str, list[Signoff]]:
        found: dict[str, list[Signoff]] = {}
        for deal, signoff in self.desk.store.views.signoffs(self.desk.account, limit=10**6):
            found.setdefault(deal, []).append(signoff)
        return found


@contextmanager
def played(crm: str, folder: Path, database_url: str, most: int | None) -> Iterator[Played]:
    """Play the first deals of the year, or all of them."""
    company, empty = bare(crm_sales.load(DATA), most)
    extra = {"DEALGATE_WEB_THREADS": "8"}
    with (
        sides(empty, (crm,)) as (side,),
        on_stage(
            (side,), policy("crm_sales"), folder, database_url=database_url, mailer=Silent(), extra=extra
        ) as stage,
    ):
        side.lift_limits()
        replay = Replay(side.office, company)
        for number, _ in enumerate(replay.play(), 1):
            if number % 500 == 0:
                assert stage.settle(120)
        assert stage.settle(300)
        yield Played(stage, side, company, replay.deals, replay.refused)


def check(played: Played) -> None:
    office = played.side.office
    assert differences(played) == []
    manager, operations = played.won("0.1", "0.2"), played.won("0.2")
    asked = played.asked()
    assert set(asked) == {*manager, *operations}
    assert set(played.refused) <= set(asked)
    roles = Counter(signoff.role for signoffs in asked.values() for signoff in signoffs)
    assert roles == Counter({"sales-manager": len(manager), "operations": len(operations)}) - Counter()
    for deal in (*manager, *operations):
        page = office.page(deal)
        assert (page.stage, page.readiness) == ("engaging", "needs-sign-off")
    for deal in set(played.last_step("won")) - set(asked):
        page = office.page(deal)
        assert (page.stage, page.readiness) == ("won", "ready")
    for deal in played.last_step("lost"):
        assert office.page(deal).stage == "lost"
        assert not office.tasks(deal)
        assert not office.notes(deal)
    assert played.desk.store.views.signoffs(played.desk.account, SignoffState.APPROVED) == ()


def differences(played: Played) -> list[str]:
    """Return the deals whose badge is not what a direct call of `assess` gives."""
    ids = list(played.ids.values())
    wrong: list[str] = []
    for start in range(0, len(ids), PAGE):
        looked = look(played.desk, ids[start : start + PAGE])
        assert not looked.failed
        for record in looked.records:
            shown, verdict = played.side.office.page(record.deal), record.verdict
            told = (shown.readiness, shown.reason)
            if verdict.assessed and (told != (verdict.readiness.value, verdict.sentence) or record.effects):
                wrong.append(record.deal)
    return wrong


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not on this machine")
def test_200_deals_end_with_the_badge_that_assess_gives(crm: str, tmp_path: Path, sqlite_url: str) -> None:
    with played(crm, tmp_path, sqlite_url, 200) as result:
        check(result)
        assert result.won("0.1")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not on this machine")
def test_the_whole_year_asks_for_709_deals_and_operations_for_92(
    crm: str, tmp_path: Path, sqlite_url: str
) -> None:
    with played(crm, tmp_path, sqlite_url, None) as result:
        check(result)
        assert len(result.company.deals) == 8_800
        assert len(result.last_step("won")) == 4_238
        assert (len(result.won("0.1")), len(result.won("0.2"))) == (709, 92)
