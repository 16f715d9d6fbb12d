"""The life of one decision in each CRM: asked near the gate, answered by who stands in, countered, taken,
raised, escalated, approved; and the record tells it in order."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.commands.demo import policy
from connector.demo.cast import CRMS, sides
from connector.demo.stage import Silent, on_stage
from connector.demo.story import Story
from connector.desk import Desk
from connector.directory import Absence
from connector.standing import SignoffState
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.office import Office

LENA, EVA, RUTH = "9103", "9110", "9130"
DEAL = "Acme"


class Wall(Clock):
    """One clock for the product and its CRM, which the test turns forward, or lets stand still."""

    _still_ms: int | None = None

    def now_ms(self) -> int:
        return super().now_ms() if self._still_ms is None else self._still_ms

    @contextmanager
    def stands_still(self) -> Iterator[None]:
        self._still_ms = self.now_ms()
        yield
        self._still_ms = None

    def signing_ms(self) -> int:
        return self.now_ms()

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC)


def until(happened: Callable[[], bool], timeout: float = 60.0) -> None:
    end = time.monotonic() + timeout
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def answers(office: Office, deal: str, user: str, mail: str, decision: str, limit: str | None = None) -> None:
    """Let somebody answer the open task that asks him."""
    [task] = [one for one in office.tasks(deal) if not one.closed and one.owner == mail]
    office.decide(user, task.id, decision, limit, "So be it.")


def told(desk: Desk, deal: str) -> list[str]:
    """Return the moves of the deal's sign-offs as the record tells them."""
    notes = [
        json.loads(one.body)
        for one in desk.store.ledger.entries(desk.account, deal)
        if one.kind == "sign-off"
    ]
    return [note["event"] for note in notes]


@pytest.mark.parametrize("crm", CRMS)
def test_the_story_of_a_decision(crm: str, tmp_path: Path) -> None:
    rules, wall = tmp_path / "policy.yaml", Wall()
    rules.write_text(policy("company").read_text() + "\nwaiting: {remind-after: 2, escalate-after: 4}\n")
    with (
        sides(EMPTY, (crm,), clock=wall) as [side],
        on_stage([side], rules, tmp_path, mailer=Silent(), clock=wall) as stage,
    ):
        story, desk, office = Story(stage, wall()), stage.desk(side), side.office
        today = wall().date()
        away = Absence("anna-bos", today - timedelta(days=1), today + timedelta(days=60), "eva-lang")
        desk.store.absences.set(desk.account, away, "anna-bos", wall())

        # Asked near the gate; Anna is away, so Eva is asked in her name and says: 15 %.
        story.opens(LENA, DEAL, 18)
        assert stage.settle()
        deal = story.deals[DEAL][side.account]
        assert office.page(deal).waiting_on == "Eva Lang (Operations)"
        answers(office, deal, EVA, "eva.lang@example.com", "yes-up-to", "15")
        assert stage.settle()
        assert "At 15 % Eva Lang says yes" in office.page(deal).reason

        # The rep takes it and moves on; nothing re-opens.
        office.discount(LENA, deal, 15)
        assert stage.settle()
        assert office.page(deal).readiness == "ready"
        office.move(LENA, deal, "contract")
        assert stage.settle()
        assert (office.page(deal).stage, office.page(deal).readiness) == ("contract", "ready")
        assert told(desk, deal) == ["asked", "yes"]

        # Raised an hour later: only the discount is asked about again.
        wall.advance(3600)
        office.discount(LENA, deal, 17)
        assert stage.settle()
        assert office.page(deal).readiness == "needs-sign-off"
        assert office.page(deal).reason.startswith("Contract: waiting for Eva Lang (Operations)")
        assert "17 % discount" in office.page(deal).reason

        # Nobody answers for a week: the founder is asked as well, and says yes.
        wall.advance(7 * 86_400)
        until(lambda: "Ruth Klein" in office.page(deal).waiting_on)
        assert stage.settle()
        answers(office, deal, RUTH, "ruth.klein@example.com", "yes")
        assert stage.settle()
        assert not [one for one in office.tasks(deal) if not one.closed and one.title.startswith("Decide")]
        office.move(LENA, deal, "closedwon")
        assert stage.settle()
        assert office.page(deal).stage == "closedwon"

        # The record tells it in order, and by which right each of them answered.
        assert told(desk, deal) == ["asked", "yes", "superseded", "asked", "escalated", "yes"]
        entries = [one for one in desk.store.ledger.entries(desk.account, deal) if one.kind == "sign-off"]
        first, last = (json.loads(entries[place].body) for place in (1, -1))
        beside = desk.store.ledger.personal(desk.account, entries[1].seq)
        assert (first["role"], first["right"]) == ("operations", "delegate")
        assert (beside["person"], beside["holder"]) == ("eva-lang", "anna-bos")
        assert (last["role"], last["right"]) == ("founder", "holder")
        newest = desk.store.standings.of(desk.account, [deal])[deal].signoffs[-1]
        assert newest.state is SignoffState.APPROVED
        assert desk.store.ledger.verify(desk.account).first_bad is None
