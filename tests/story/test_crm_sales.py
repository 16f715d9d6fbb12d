"""A year of somebody else's sales played through the whole product (issue 2, point 1)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from connector.commands.demo import Silent, policy
from connector.demo.stage import Stage, on_stage
from connector.standing import Signoff, SignoffState
from connector.worker.look import look
from sandbox.company import Company, Deal
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.replay import Replay
from sandbox.loaders import crm_sales

DATA = Path(__file__).parents[3] / "shared" / "data" / "crm_sales"
PAGE = 1_000


@dataclass
class Played:
    """The stage after the last act; `ids` are the CRM's ids by the deal's key in the data."""

    stage: Stage
    company: Company
    ids: dict[str, str]

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
        for deal, signoff in self.stage.desk.store.views.signoffs(self.stage.desk.account, limit=10**6):
            found.setdefault(deal, []).append(signoff)
        return found


@contextmanager
def played(folder: Path, database_url: str, most: int | None) -> Iterator[Played]:
    """Play the first deals of the year, or all of them."""
    whole = crm_sales.load(DATA)
    company = replace(whole, deals=whole.deals[:most])
    bare = replace(company, deals=())
    extra = {"DEALGATE_WEB_THREADS": "8"}
    with on_stage(
        bare, policy("crm_sales"), folder, database_url=database_url, mailer=Silent(), extra=extra
    ) as stage:
        stage.crm.set_limits(Limits(burst=1_000_000))
        replay = Replay(stage.crm, company)
        for number, _ in enumerate(replay.play(), 1):
            if number % 500 == 0:
                assert stage.settle(120)
        assert stage.settle(300)
        yield Played(stage, company, replay.deals)


def check(played: Played) -> None:
    stage, crm = played.stage, played.stage.crm
    assert differences(played) == []
    manager, operations = played.won("0.1", "0.2"), played.won("0.2")
    asked = played.asked()
    assert set(asked) == {*manager, *operations}
    roles = Counter(signoff.role for signoffs in asked.values() for signoff in signoffs)
    assert roles == Counter({"sales-manager": len(manager), "operations": len(operations)}) - Counter()
    for deal in (*manager, *operations):
        assert crm.deal(deal)["dealstage"] == "engaging"
        assert crm.deal(deal)["ops_readiness"] == "needs-sign-off"
    for deal in set(played.last_step("won")) - set(asked):
        assert crm.deal(deal)["dealstage"] == "won"
        assert crm.deal(deal)["ops_readiness"] == "ready"
    for deal in played.last_step("lost"):
        assert crm.deal(deal)["dealstage"] == "lost"
        assert not crm.tasks_of(deal)
        assert not crm.notes_of(deal)
    assert stage.desk.store.views.signoffs(stage.desk.account, SignoffState.APPROVED) == ()


def differences(played: Played) -> list[str]:
    """Return the deals whose badge is not what a direct call of `assess` gives."""
    desk, crm = played.stage.desk, played.stage.crm
    ids = list(played.ids.values())
    wrong: list[str] = []
    for start in range(0, len(ids), PAGE):
        looked = look(desk, ids[start : start + PAGE])
        assert not looked.failed
        for record in looked.records:
            shown, verdict = crm.deal(record.deal), record.verdict
            told = (shown.get("ops_readiness"), shown.get("ops_readiness_reason"))
            if verdict.assessed and (told != (verdict.readiness.value, verdict.sentence) or record.effects):
                wrong.append(record.deal)
    return wrong


@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not on this machine")
def test_400_deals_end_with_the_badge_that_assess_gives(tmp_path: Path, sqlite_url: str) -> None:
    with played(tmp_path, sqlite_url, 400) as result:
        check(result)
        assert result.won("0.1")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not on this machine")
def test_the_whole_year_asks_for_709_deals_and_operations_for_92(tmp_path: Path, sqlite_url: str) -> None:
    with played(tmp_path, sqlite_url, None) as result:
        check(result)
        assert len(result.company.deals) == 8_800
        assert len(result.last_step("won")) == 4_238
        assert (len(result.won("0.1")), len(result.won("0.2"))) == (709, 92)
