"""Fifty approvers answer at the same moment, from several machines, while two workers count: one outcome, one
answer counted a person, and everybody else is told why his is not it."""

import json
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.support import without_brakes
from connector.app import App
from connector.settings import read_settings
from connector.standing import Answer, AnswerKind, SignoffState
from connector.store import Store
from connector.worker.drain import drain
from sandbox.brightline import EMPTY
from sandbox.company import Employee
from tests.worker.play import PATIENT, Letters, Play, environment, impatient, rehearsed

CROWD = tuple(f"ops-{number}" for number in range(50))
COMPANY = replace(
    EMPTY,
    employees=(
        *EMPTY.employees,
        *(Employee(f"5{n:02}", f"95{n:02}", name, f"{name}@example.com") for n, name in enumerate(CROWD)),
    ),
)
MACHINES, WORKERS = 5, 2
ONE, FIVE = 18, 25  # percent of discount, by which one of them signs, or five


@dataclass(frozen=True)
class Crowd:
    """The company, the stores through which its people answer, and the workers."""

    play: Play
    machines: Sequence[Store]
    workers: Sequence[App]

    def answer_at_once(self, answers: Sequence[Answer]) -> None:
        """Let everybody press at the same moment, each twice, as impatient people do."""
        together = threading.Barrier(len(answers))

        def press(place: int, answer: Answer) -> None:
            together.wait()
            for _ in range(2):
                store = self.machines[place % len(self.machines)]
                store.answers.add(self.play.desk.account, [answer], self.play.desk.now())

        people = [threading.Thread(target=press, args=one) for one in enumerate(answers)]
        stopped = threading.Event()
        working = [threading.Thread(target=self._work, args=(app, stopped)) for app in self.workers]
        for thread in (*working, *people):
            thread.start()
        for thread in people:
            thread.join()
        stopped.set()
        for thread in working:
            thread.join()
        assert self.play.settle()

    def _work(self, app: App, stopped: threading.Event) -> None:
        while not stopped.is_set():
            drain(app.desk())


@contextmanager
def crowd(folder: Path, database_url: str) -> Iterator[Crowd]:
    rules = folder / "crowd.yaml"
    rules.write_text(_policy(without_brakes("company", folder).read_text()))
    with rehearsed(folder, database_url, rules=rules, company=COMPANY) as play, ExitStack() as stack:
        environ = {**environment(play.crm, database_url, rules), **PATIENT}
        workers = [stack.enter_context(App.build(read_settings(environ, folder))) for _ in range(WORKERS)]
        for app in workers:
            app.mailer, app.make_crm = Letters(), impatient
            app.start()
        machines = [Store.open(database_url) for _ in range(MACHINES)]
        yield Crowd(play, machines, workers)
        for store in machines:
            store.close()


def _policy(text: str) -> str:
    """Let fifty people hold Operations, and five of them sign what is the founder's."""
    names = ", ".join(CROWD)
    people = "".join(f"  {name}: {{name: {name}, email: {name}@example.com}}\n" for name in CROWD)
    text = text.replace("\nroles:", f"\n{people}\nroles:").replace("[anna-bos, jan-smit]", f"[{names}]")
    return text.replace("holders: [ruth-klein]", f"needs: 5, holders: [{names}]")


@pytest.mark.parametrize(
    "rounds", [2, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
def test_fifty_answers_at_once_have_one_outcome(tmp_path: Path, database_url: str, rounds: int) -> None:
    dice = random.Random(rounds)
    with crowd(tmp_path, database_url) as found:
        for number in range(rounds):
            _one_round(found, number, dice)
        ledger = found.play.desk.store.ledger
        assert ledger.verify(found.play.desk.account).first_bad is None


def _one_round(found: Crowd, number: int, dice: random.Random) -> None:
    play, discount = found.play, FIVE if number % 2 else ONE
    deal = play.sell(discount, dealname=f"Round {number}")
    play.look(deal)
    at = play.desk.now()
    answers = [
        Answer(
            f"{number}:{name}",
            deal,
            AnswerKind(dice.choice(("yes", "yes", "no"))),
            at,
            note="So.",
            person=name,
        )
        for name in CROWD
    ]
    dice.shuffle(answers)
    found.answer_at_once(answers)

    (signoff,) = play.signoffs(deal)
    assert signoff.state in {SignoffState.APPROVED, SignoffState.REJECTED}
    ledger = play.desk.store.ledger
    heard = [
        (json.loads(entry.body), ledger.personal(play.desk.account, entry.seq))
        for entry in ledger.entries(play.desk.account, deal)
        if entry.kind == "decision"
    ]
    assert sorted(body["answer"] for body, _ in heard) == sorted(one.id for one in answers)
    counted = [beside["person"] for body, beside in heard if body["counted"]]
    assert len(counted) == len(set(counted)) <= (5 if discount == FIVE else 1)
    assert counted[-1] == signoff.decided_by
    told = [beside["sentence"] for body, beside in heard if not body["counted"]]
    assert len(told) == len(CROWD) - len(counted)
    assert all("does not count" in sentence for sentence in told)
    refused = [
        task for task in play.crm.tasks_of(deal).values() if "does not count" in task["hs_task_subject"]
    ]
    assert len(refused) == len(told)
