"""What stands on a deal in the CRM, where its rep reads it: no margin and no other customer's name, on no task,
note or field; whoever decides reads both in the mail to him."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from benchmarks.support import without_brakes
from connector.adapters.salesforce.fields import TASK_FIGURES
from connector.capacity.records import Commitment, Snapshot, Supply
from connector.demo.cast import CRMS, sides
from connector.demo.sides import Side
from connector.demo.stage import Stage, on_stage
from connector.standing import Waiver
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.office import Refused, Task
from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.worker.play import Letters, now

LENA, ANNA = "9103", "9120"
TODAY = now().date()
START = TODAY + timedelta(days=28 - TODAY.weekday())  # a Monday
SECRET = ("margin", "13.7", "25.5", "37 %", "37%", "Globex")


@dataclass(frozen=True)
class Shop:
    """One CRM with the product at work for it."""

    stage: Stage
    side: Side
    letters: Letters

    def sells(self, name: str, discount: int = 18) -> str:
        """Let Lena sell a deal whose margin is thin, at a time when the engineers are busy for Globex."""
        given = {**COMPLETE, "start_date": START.isoformat()}
        deal = self.side.office.create(LENA, sale(discount, name=name, **given))
        assert self.stage.settle()
        return deal

    def task(self, deal: str) -> Task:
        """Return the task that asks Anna."""
        (task,) = [one for one in self.side.office.tasks(deal) if one.title.startswith("Decide")]
        return task

    def figures(self, task: str) -> str:
        """Return what the task holds in a field that only Operations may read; HubSpot has none."""
        crm = self.side.crm
        return str(crm.record(task)[TASK_FIGURES.name]) if isinstance(crm, SalesforceSandbox) else ""

    def stands_there(self, deal: str) -> str:
        """Return all that we have written on the deal, and on what hangs from it."""
        office = self.side.office
        tasks = [f"{one.title}\n{one.body}" for one in office.tasks(deal)]
        page = office.page(deal)  # without the moment of checking: no figure may be looked for in that
        return "\n".join((page.reason, page.waiting_on, *tasks, *office.notes(deal)))


def rules(folder: Path, **tell: object) -> Path:
    """Write the company's policy with a rule about the margin and a look at the engineers' hours."""
    told = yaml.safe_load(without_brakes("company", folder).read_text(encoding="utf-8"))
    told["fields"]["start-date"] |= {"label": "start date", "worse": "lower"}
    effort = {"data-engineer": {"hours": 120, "weeks": 3}}
    told["offering"]["products"][0] |= {"effort": effort, "cost": "16,992"}
    told["checklists"]["contract"].append({"capacity": {"start": "start-date", "goes-to": "operations"}})
    rows = [{"id": "fine", "margin": ">= 37%", "decides": "sales"}, {"id": "thin", "margin": "< 37%"}]
    rows[1]["sign-off"] = "operations"
    told["authority"]["profit"] = {"hit": "collect", "inputs": ["margin"], "rows": rows}
    told["gates"][0]["authority"] = ["commercial", "profit"]
    told["tell"] |= tell
    path = folder / "thin.yaml"
    path.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    return path


def plan() -> Snapshot:
    supply = Supply("data-engineer", "Sam", TODAY - timedelta(days=90), None, 40 * 60)
    busy = Commitment("data-engineer", START, START + timedelta(days=11), 40 * 60, label="Globex roll-out")
    return Snapshot(TODAY, (supply,), commitments=(busy,))


@contextmanager
def at_work(crm: str, folder: Path, policy: Path) -> Iterator[Shop]:
    letters = Letters()
    with sides(EMPTY, (crm,)) as (side,), on_stage([side], policy, folder, mailer=letters) as stage:
        side.lift_limits()
        desk = stage.desk(side)
        desk.store.capacity.replace(desk.account, plan(), desk.now())
        yield Shop(stage, side, letters)


@pytest.fixture(scope="module", params=CRMS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp(request.param)
    with at_work(request.param, folder, rules(folder)) as shop:
        yield shop


def test_the_task_that_asks_names_no_margin_and_no_other_customer_and_the_mail_does(shop: Shop) -> None:
    deal = shop.sells("Asked")
    task = shop.task(deal)
    assert [word for word in SECRET if word in shop.stands_there(deal)] == []
    for said in (
        "18 % discount",
        "figures that Operations keeps",
        "120 h of data engineers",
        "the mail to you",
    ):
        assert said in f"{task.title} {task.body}"
    figures = shop.figures(task.id)
    assert ("13.7 % margin" in figures, "Globex" in figures) == (shop.side.account == "salesforce",) * 2
    (mail,) = [one for one in shop.letters.sent if "Asked" in one.subject and one.to == task.owner]
    for said in ("13.7 % margin", "Globex"):
        assert said in mail.body


def test_sent_back_the_rep_reads_no_margin_either(shop: Shop) -> None:
    deal = shop.sells("Sent back")
    with suppress(Refused):  # Salesforce's rule refuses the save, HubSpot's deal comes back
        shop.side.office.move(LENA, deal, "contract")
    assert shop.stage.settle()
    assert [word for word in SECRET if word in shop.stands_there(deal)] == []


def test_an_exception_says_no_more_of_what_it_covers(shop: Shop) -> None:
    deal, desk = shop.sells("Let off", 5), shop.stage.desk(shop.side)
    for rule in ("profit", "capacity"):
        until = TODAY + timedelta(days=30)
        granted = Waiver(f"{rule}-{deal}", rule, until, "pilot", "ruth-klein", desk.now(), "founder")
        desk.store.waivers.grant(desk.account, deal, granted, desk.now())
    assert shop.stage.settle()
    reason = shop.side.office.page(deal).reason
    assert "Exception by Ruth Klein" in reason
    assert "data engineers are full in week" in reason
    assert [word for word in SECRET if word in shop.stands_there(deal)] == []


@pytest.mark.parametrize("crm", CRMS)
def test_where_reps_cannot_read_the_tasks_of_others_the_task_names_all_of_it(
    crm: str, tmp_path: Path
) -> None:
    with at_work(crm, tmp_path, rules(tmp_path, **{"private-tasks": True})) as shop:
        task = shop.task(shop.sells("Private"))
        assert "13.7 % margin" in task.body
        assert "Globex" in task.body
        assert "the mail to you" not in task.body
