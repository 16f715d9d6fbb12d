"""What goes wrong at the CRM, in the mail and in the worker itself, and how it comes right again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.desk import Desk
from connector.mail import Mail, MailUnavailable
from connector.store.claims import Claim
from connector.worker.drain import DEALS
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.kinds import DEAL
from tests.worker.play import ANNA, LENA, SHORT, Letters, Play, rehearsed, with_brakes, work

TASKS, NOTES = "POST objects/tasks/batch/create", "POST objects/notes/batch/create"
BADGES, READS = "POST objects/deals/batch/update", "POST objects/deals/batch/read"


@pytest.fixture
def hasty(tmp_path: Path, sqlite_url: str) -> Iterator[Play]:
    """The product that soon takes a call for lost."""
    with rehearsed(tmp_path, sqlite_url, **SHORT) as found:
        yield found


def spoil(play: Play, *faults: Fault) -> None:
    play.crm.faults.set(faults)


def again(play: Play, seconds: float = 400) -> None:
    """Let the longest pause pass, and work."""
    play.later(seconds=seconds)
    assert play.settle()


def alarms(play: Play) -> set[str]:
    return {alarm.reason for alarm in play.alarms()}


def test_while_the_crm_is_down_bells_wait_and_nothing_is_parked(bench: Play) -> None:
    deal = bench.sell(18)
    spoil(bench, Fault(FaultKind.RESET))
    bench.ring(deal)
    for _ in range(12):
        again(bench)
    assert bench.badge(deal) is None
    assert not bench.parked()
    assert alarms(bench) == {"hubspot-no-answer"}
    spoil(bench)
    again(bench)
    assert bench.badge(deal) == "needs-sign-off"
    assert len(bench.tasks(deal)) == 1


def test_an_expired_token_raises_an_alarm_and_the_work_waits_for_the_new_one(bench: Play) -> None:
    deal = bench.sell(18)
    spoil(bench, Fault(FaultKind.EXPIRED_TOKEN))
    bench.ring(deal)
    for _ in range(12):
        again(bench)
    assert alarms(bench) == {"hubspot-token-refused"}
    assert not bench.parked()
    spoil(bench)
    again(bench)
    assert bench.badge(deal) == "needs-sign-off"


def test_writes_that_fail_for_hours_are_made_in_the_end(bench: Play) -> None:
    deals = [bench.sell(18) for _ in range(3)]
    spoil(bench, Fault(FaultKind.UNAVAILABLE, BADGES), Fault(FaultKind.RATE_LIMIT, TASKS))
    bench.ring(*deals)
    for _ in range(12):
        again(bench)
    assert not bench.desk.store.outbox.refused(bench.desk.account)
    spoil(bench)
    again(bench)
    assert {bench.badge(deal) for deal in deals} == {"needs-sign-off"}
    assert [len(bench.tasks(deal)) for deal in deals] == [1, 1, 1]


def test_rows_that_fail_are_tried_again_and_the_others_are_done_at_once(bench: Play) -> None:
    deals = [bench.sell(18) for _ in range(40)]
    spoil(bench, Fault(FaultKind.PARTIAL, BADGES, times=1), Fault(FaultKind.PARTIAL, TASKS, times=1))
    bench.look(*deals)
    badged = [deal for deal in deals if bench.badge(deal)]
    assert 0 < len(badged) < 40
    for _ in range(3):
        again(bench, 90)
    assert {bench.badge(deal) for deal in deals} == {"needs-sign-off"}
    assert {len(bench.tasks(deal)) for deal in deals} == {1}


def test_a_row_that_keeps_failing_raises_an_alarm_and_is_never_given_up(bench: Play) -> None:
    deals = [bench.sell(18) for _ in range(12)]
    spoil(bench, Fault(FaultKind.PARTIAL, BADGES))
    bench.ring(*deals)
    for _ in range(40):
        again(bench)
    assert {bench.badge(deal) for deal in deals} == {"needs-sign-off"}


def test_what_the_crm_refuses_for_good_is_kept_aside_and_shown(bench: Play) -> None:
    fine, bad = bench.sell(0), bench.sell(18)
    forget_option(bench, "ops_readiness", "needs-sign-off")
    bench.look(fine, bad)
    assert bench.badge(fine) == "ready"
    (refused,) = bench.desk.store.outbox.refused(bench.desk.account)
    assert (refused.deal, refused.reason) == (bad, "hubspot-invalid-option")
    assert "hubspot-invalid-option" in alarms(bench)
    before = bench.writes()
    again(bench)
    assert bench.writes() == before


def test_a_task_whose_answer_was_lost_is_found_and_not_made_twice(hasty: Play) -> None:
    deal = hasty.sell(18)
    spoil(hasty, Fault(FaultKind.TIMEOUT, TASKS, after=True, times=1))
    hasty.look(deal)
    assert len(hasty.tasks(deal)) == 1
    again(hasty, 5)
    assert len(hasty.tasks(deal)) == 1
    hasty.by(ANNA).decide(hasty.question(deal), "yes")
    hasty.sweep()
    assert hasty.badge(deal) == "ready"
    assert not hasty.tasks(deal, "120")


def test_a_task_that_never_arrived_is_made_when_the_call_is_surely_over(hasty: Play) -> None:
    deal = hasty.sell(18)
    spoil(hasty, Fault(FaultKind.TIMEOUT, TASKS, times=1))
    hasty.look(deal)
    assert not hasty.tasks(deal)
    hasty.look(deal)
    assert not hasty.tasks(deal)  # it may still be under way
    again(hasty, 5)
    assert len(hasty.tasks(deal)) == 1


def test_a_note_whose_answer_was_lost_is_not_put_twice(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    spoil(bench, Fault(FaultKind.RESET, NOTES, after=True, times=1))
    bench.by(LENA).move(deal, "contract")
    bench.look(deal)
    again(bench, 90)
    bench.look(deal)
    notes = [note for note in bench.crm.notes_of(deal).values() if "Back in" in note["hs_note_body"]]
    assert len(notes) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_move_back_with_a_lost_answer_is_made_once_and_told_once(bench: Play, *, after: bool) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    spoil(bench, Fault(FaultKind.RESET, BADGES, after=after, times=1))
    bench.by(LENA).move(deal, "contract")
    bench.look(deal)
    for _ in range(3):
        again(bench, 90)
        bench.look(deal)
    assert bench.place(deal) == "proposal"
    assert len(bench.crm.notes_of(deal)) == 1
    assert bench.subjects(deal, "103") == ["Acme: back in Proposal"]


def test_a_rep_who_was_quicker_is_not_told_that_his_deal_was_moved(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    spoil(bench, Fault(FaultKind.RATE_LIMIT, BADGES))
    bench.by(LENA).move(deal, "contract")
    bench.look(deal)
    spoil(bench)
    bench.by(LENA).move(deal, "proposal")
    again(bench)
    bench.look(deal)
    assert bench.place(deal) == "proposal"
    assert not bench.crm.notes_of(deal)
    assert not bench.subjects(deal, "103")


def test_a_worker_killed_between_mark_and_call_asks_nobody_twice(bench: Play) -> None:
    deal = bench.sell(18)
    bench.ring(deal)
    died(bench.desk, "create_tasks")
    assert not bench.tasks(deal)
    again(bench, 90)
    assert len(bench.tasks(deal)) == 1


def test_a_worker_killed_after_the_call_asks_nobody_twice(bench: Play) -> None:
    deal = bench.sell(18)
    bench.ring(deal)
    died(bench.desk, "create_tasks", after=True)
    assert len(bench.tasks(deal)) == 1
    again(bench, 90)
    assert len(bench.tasks(deal)) == 1


def test_a_record_that_cannot_be_read_is_parked_with_a_reason_and_the_others_go_on(bench: Play) -> None:
    bad, *others = [bench.sell(18) for _ in range(7)]
    bench.look(bad)
    with bench.desk.store.database.write() as transaction:
        transaction.execute(text("UPDATE signoffs SET body = '{' WHERE deal = :deal"), {"deal": bad})
    bench.ring(bad, *others)
    for _ in range(8):
        again(bench)
    assert {bench.badge(deal) for deal in others} == {"needs-sign-off"}
    (parked,) = bench.desk.store.bells.parked(bench.desk.account)
    assert (parked.id, parked.reason) == (bad, "cannot-be-handled")
    assert parked.message
    assert "parked" in alarms(bench)


def test_a_worker_killed_while_it_reads_is_taken_over_when_its_lease_ends(bench: Play) -> None:
    deal = bench.sell(18)
    bench.ring(deal)
    died(bench.desk, "read_deals")
    assert not bench.settle()
    again(bench, 90)
    assert bench.badge(deal) == "needs-sign-off"


def test_a_slow_crm_does_not_cost_the_lease(hasty: Play) -> None:
    """A batch may take longer than a lease; somebody else must not be able to take it over meanwhile."""
    deal = hasty.sell(18)
    hasty.ring(deal)
    taken: list[Claim | None] = []

    def slow(_: object) -> None:
        for _ in range(5):
            time.sleep(0.6)
            taken.append(hasty.desk.claim(DEALS))

    hasty.desk.crm = Watched(hasty.desk.crm, "read_deals", before=slow)
    assert hasty.settle()
    assert taken == [None] * 5
    assert hasty.badge(deal) == "needs-sign-off"


def test_mails_wait_while_the_mail_server_is_away(bench: Play) -> None:
    class Shut(Letters):
        tries = 0

        def send(self, mail: Mail) -> None:
            self.tries += 1
            raise MailUnavailable("The server is away.")

    bench.desk.mailer = shut = Shut()
    began = bench.desk.now()
    bench.desk.now = lambda: began  # on a busy machine the pause would be over before all were looked at
    deals = [bench.sell(18) for _ in range(10)]
    bench.look(*deals)
    assert shut.tries == 3  # the rest is not tried: each try may last as long as its timeout
    for _ in range(12):
        again(bench)
    bench.desk.mailer = bench.letters
    again(bench)
    assert len(bench.letters.sent) == 10


def test_too_many_tasks_trip_the_brake_to_flag_with_an_alarm(tmp_path: Path, sqlite_url: str) -> None:
    rules = with_brakes(tmp_path, tasks=3, mails=500, moves=100)
    with rehearsed(tmp_path, sqlite_url, rules=rules) as play:
        deals = [play.sell(18) for _ in range(5)]
        play.look(*deals)
        assert sum(len(play.tasks(deal)) for deal in deals) == 3
        assert "brake-tripped" in alarms(play)
        play.by(LENA).move(deals[0], "contract")
        play.look(*deals)
        assert play.place(deals[0]) == "contract"
        assert {play.crm.deal(deal).get("ops_blocked_stages", "") for deal in deals} == {""}
        again(play, 3700)
        play.look(*deals)
        assert sum(len(play.tasks(deal)) for deal in deals) >= 5
        assert play.crm.deal(deals[1])["ops_blocked_stages"]


class Killed(BaseException):
    """The process ends here."""


class Watched:
    """A CRM with something that happens just before or after one of its methods."""

    def __init__(
        self,
        crm: object,
        method: str,
        before: Callable[[object], None] = id,
        after: Callable[[object], None] = id,
    ) -> None:
        self._crm, self._method, self._before, self._after = crm, method, before, after

    def __getattr__(self, name: str) -> object:
        found = getattr(self._crm, name)
        if name != self._method:
            return found

        def call(*given: object) -> object:
            self._before(given)
            answer = found(*given)
            self._after(given)
            return answer

        return call


def died(desk: Desk, method: str, *, after: bool = False) -> None:
    """Work as a process that ends at this call: its claim is neither finished nor given back."""

    def kill(_: object) -> None:
        raise Killed

    alive = desk.crm
    desk.crm = Watched(alive, method, after=kill) if after else Watched(alive, method, before=kill)
    with pytest.raises(Killed):
        work(desk)
    desk.crm = alive


def forget_option(play: Play, name: str, option: str) -> None:
    """Let an admin take an option away from a field of ours."""
    schema = play.crm.account.schema
    found = schema.get(DEAL, name)
    schema.replace(DEAL, replace(found, options=tuple(one for one in found.options if one.value != option)))
