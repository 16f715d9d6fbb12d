"""What people do with the task that asks them, in each CRM: close it, delete it, pass it on, say no without
a reason. A question is never lost, never doubled, and whoever is not heard reads why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.support import without_brakes
from connector.demo.cast import CRMS, sides
from connector.demo.sides import Side
from connector.demo.stage import Stage, on_stage
from connector.desk import Desk
from connector.explain.story import Names, sentence
from connector.recall import told
from connector.signoffs.hours import after, calendar_of
from connector.standing import Signoff, SignoffState
from connector.worker.people import look_for_tasks
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.office import Task
from tests.story.test_signoffs import Wall, until
from tests.worker.play import Letters

LENA, ANNA, JAN, RUTH = "9103", "9120", "9121", "9130"
LENAS = "lena.fischer@example.com"
Decision = tuple[str, str | None]


@dataclass(frozen=True)
class Shop:
    """One CRM with the product at work for it."""

    stage: Stage
    side: Side
    wall: Wall
    post: Letters

    @property
    def desk(self) -> Desk:
        return self.stage.desk(self.side)

    def asked(self, name: str) -> str:
        """Let Lena sell at 18 %: Operations is asked."""
        deal = self.side.office.create(LENA, sale(18, name=name, **COMPLETE))
        self.settle()
        return deal

    def badge(self, deal: str) -> str:
        return self.side.office.page(deal).readiness

    def question(self, deal: str) -> Task:
        """Return the one open task that asks for a decision."""
        (task,) = [one for one in self.open(deal) if one.title.startswith("Decide")]
        return task

    def settle(self) -> None:
        """Let everything be answered, then a minute pass: Salesforce's stamps know whole seconds."""
        assert self.stage.settle()
        self.wall.advance(60)

    def open(self, deal: str) -> list[Task]:
        return [one for one in self.side.office.tasks(deal) if not one.closed]

    def told(self, deal: str, owner: str) -> str:
        """Return what somebody reads about answers that did not count."""
        tasks = (one for one in self.side.office.tasks(deal) if one.key.startswith("refused:"))
        return " ".join(one.body for one in tasks if one.owner == owner)

    def signoffs(self, deal: str) -> tuple[Signoff, ...]:
        return self.desk.store.standings.of(self.desk.account, [deal])[deal].signoffs


@pytest.fixture(scope="module", params=CRMS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    wall, post = Wall(), Letters()
    with (
        sides(EMPTY, (request.param,), clock=wall) as (side,),
        on_stage([side], without_brakes("company", folder), folder, mailer=post, clock=wall) as stage,
    ):
        side.lift_limits()
        yield Shop(stage, side, wall, post)


def test_closed_without_a_decision_it_is_asked_once_more_and_then_those_above(shop: Shop) -> None:
    deal = shop.asked("Closed")
    first = shop.question(deal)
    shop.side.office.complete(ANNA, first.id)
    shop.settle()
    assert shop.badge(deal) == "needs-sign-off"
    again = shop.question(deal)
    assert (again.owner, again.id != first.id) == ("anna.bos@example.com", True)
    shop.side.office.complete(ANNA, again.id)
    shop.settle()
    assert shop.question(deal).owner == "ruth.klein@example.com"
    assert [one.state for one in shop.signoffs(deal)] == [SignoffState.REQUESTED]


def test_deleted_it_is_asked_once_more(shop: Shop) -> None:
    deal = shop.asked("Deleted")
    first = shop.question(deal)
    shop.side.office.remove(ANNA, first.id)
    shop.settle()
    look_for_tasks(shop.desk)  # the daily look: not every CRM tells of a deletion
    shop.settle()
    assert shop.question(deal).id != first.id
    assert [one.again for one in shop.signoffs(deal)] == [1]


def test_passed_on_the_colleague_decides_and_the_deals_owner_reads_why_not(shop: Shop) -> None:
    deal = shop.asked("Passed on")
    shop.side.office.pass_on(ANNA, shop.question(deal).id, JAN)
    shop.settle()
    assert shop.question(deal).owner == "jan.smit@example.com"
    shop.side.office.pass_on(JAN, shop.question(deal).id, LENA)
    shop.settle()
    assert shop.question(deal).owner == "jan.smit@example.com"
    assert "you own this deal" in shop.told(deal, "lena.fischer@example.com")
    shop.side.office.decide(JAN, shop.question(deal).id, "yes")
    shop.settle()
    assert shop.badge(deal) == "ready"
    assert [(one.state, one.decided_by) for one in shop.signoffs(deal)] == [
        (SignoffState.APPROVED, "jan-smit")
    ]


def test_settled_by_somebody_else_it_is_closed(shop: Shop) -> None:
    deal = shop.asked("Settled")
    task = shop.question(deal)
    shop.side.office.decide(RUTH, task.id, "yes")  # she stands above
    shop.settle()
    assert shop.badge(deal) == "ready"
    assert task.id not in [one.id for one in shop.open(deal)]


def test_a_no_without_a_reason_does_not_count_and_the_approver_reads_why(shop: Shop) -> None:
    deal = shop.asked("No")
    shop.side.office.decide(ANNA, shop.question(deal).id, "no", note=" ")
    shop.settle()
    assert shop.badge(deal) == "needs-sign-off"
    assert "does not say why" in shop.told(deal, "anna.bos@example.com")
    shop.side.office.decide(ANNA, shop.question(deal).id, "no", note="Our team is full.")
    shop.settle()
    assert shop.badge(deal) == "blocked"
    assert "Our team is full" in shop.side.office.page(deal).reason


@pytest.mark.parametrize(
    ("first", "then", "badge", "says"),
    [
        (("yes", None), ("no", None), "blocked", "Our team is full"),
        (("no", None), ("yes", None), "ready", "Anna Bos agreed"),
        (("yes-up-to", "12"), ("yes-up-to", "15"), "needs-info", "At 15 % Anna Bos says yes"),
    ],
)
def test_of_two_decisions_in_one_second_the_later_holds(
    shop: Shop, first: Decision, then: Decision, badge: str, says: str
) -> None:
    deal = shop.asked("Changed her mind")
    task = shop.question(deal).id
    with shop.wall.stands_still():
        for decision, limit in (first, then):
            shop.side.office.decide(ANNA, task, decision, limit, "Our team is full.")
            assert shop.stage.settle()
    assert shop.badge(deal) == badge
    assert says in shop.side.office.page(deal).reason
    shop.wall.advance(60)
    assert shop.told(deal, "anna.bos@example.com") == ""


def test_a_rep_who_never_answers_is_reminded_then_his_manager_hears_then_the_request_lapses(
    shop: Shop,
) -> None:
    deal = shop.asked("Silent")
    asked = shop.question(deal)
    shop.side.office.decide(ANNA, asked.id, "question", note="Who migrates the data?")
    shop.settle()
    assert [one.title for one in shop.open(deal) if one.owner == LENAS] == [
        "Silent: Anna Bos (Operations) asks you something"
    ]
    until_due(shop, deal, 1)
    assert "Silent: Anna Bos (Operations) still waits for your answer" in [
        one.title for one in shop.open(deal) if one.owner == LENAS
    ]
    assert shop.badge(deal) == "needs-info"
    until_due(shop, deal, 2)
    assert [one.title for one in shop.open(deal)] == ["Silent: the request has lapsed"]
    assert [one.state for one in shop.signoffs(deal)] == [SignoffState.EXPIRED]
    mails = [(mail.to, mail.subject) for mail in shop.post.sent if "Silent" in mail.subject]
    assert ("eva.lang@example.com", "Silent: Lena Fischer has not answered Anna Bos (Operations)") in mails
    assert mails[-1] == ("anna.bos@example.com", "Silent: no answer to your question")
    shop.side.office.update(LENA, deal, {"ops_request": "yes", "ops_request_note": "We do."})
    shop.settle()
    assert "The rep writes: We do." in shop.question(deal).body


def until_due(shop: Shop, deal: str, times: int) -> None:
    """Let so many times the rep's hours pass, and the clock notice."""
    [asked] = shop.signoffs(deal)
    assert asked.asked_at is not None
    hours = times * shop.desk.pictures.policy(shop.desk.now()).waiting.question_within
    due = after(
        asked.asked_at, hours * 60, calendar_of("lena-fischer", shop.desk.pictures.policy(shop.desk.now()))
    )
    shop.wall.advance((due - shop.desk.now()).total_seconds() + 61)
    tasks = len(shop.side.office.tasks(deal))
    until(lambda: len(shop.side.office.tasks(deal)) > tasks)
    assert shop.stage.settle()


def test_the_record_tells_what_was_done_with_a_task_and_by_whom(shop: Shop) -> None:
    deal = shop.asked("Told")
    shop.side.office.decide(ANNA, shop.question(deal).id, "question", note="Who migrates the data?")
    shop.settle()
    shop.side.office.update(LENA, deal, {"ops_request": "yes", "ops_request_note": "We do."})
    shop.settle()
    shop.side.office.complete(ANNA, shop.question(deal).id)
    shop.settle()
    shop.side.office.pass_on(ANNA, shop.question(deal).id, RUTH)
    shop.settle()
    names = Names.of(shop.desk.pictures.policy(shop.desk.now()))
    story = [sentence(told(*one), names) for one in shop.desk.store.ledger.told(shop.desk.account, deal)]
    in_order = (
        "Anna Bos asked for Operations at Contract.",
        "Anna Bos asks the rep. Who migrates the data?",
        "Lena Fischer replied. We do.",
        "The task was closed or deleted without an answer.",
        "Asked once more for Operations at Contract, since nobody answered on the task.",
        "The task was given to Ruth Klein.",
        "Passed on: Ruth Klein asked for Operations at Contract.",
    )
    places = [next((n for n, line in enumerate(story) if line.startswith(said)), -1) for said in in_order]
    assert -1 not in places, (places, story)
    assert places == sorted(places), story
    assert not [line for line in story if "erased" in line]


def test_somebody_who_left_the_company_is_noticed_within_a_day_and_the_next_is_asked(shop: Shop) -> None:
    deal = shop.asked("Left")
    assert shop.question(deal).owner == "anna.bos@example.com"
    shop.side.office.leaves(ANNA)
    shop.wall.advance(25 * 3600)
    until(lambda: [one.owner for one in shop.open(deal)] == ["jan.smit@example.com"])
    until(lambda: "anna-bos" in absent(shop))


def absent(shop: Shop) -> list[str]:
    """Return whom an alarm tells to be gone."""
    told = shop.desk.store.alarms.recent(shop.desk.account, shop.desk.now(), timedelta(days=2))
    return [one.about for one in told if one.reason == "holder-inactive"]
