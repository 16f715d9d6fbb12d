"""What the clock does beside the bells: long sweeps hold nobody up, failed ones are told."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from connector.adapters.base import Rung
from connector.worker.backfill import back_fill
from connector.worker.clock import SWEEP, tick
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.kinds import DEAL
from tests.worker.play import ANNA, Play

Pages = Iterator[tuple[Rung, ...]]


def watched(play: Play, between: Callable[[int], None]) -> None:
    """Let something happen after each page that the CRM's search gives, the reading taking a while."""
    changed_since = play.desk.crm.changed_since

    def pages(since: datetime, until: datetime) -> Pages:
        for number, page in enumerate(changed_since(since, until)):
            yield page
            play.later(seconds=2)
            between(number)

    play.desk.crm.changed_since = pages  # type: ignore[method-assign]


def test_a_deal_rung_by_a_webhook_is_served_while_a_sweep_is_under_way(bench: Play) -> None:
    bench.sell(5)
    new: list[str] = []
    badges: list[str | None] = []

    def between(number: int) -> None:
        if number == 0:
            new.append(bench.sell(18))
            bench.ring(*new)
        badges.append(bench.badge(new[0]))

    watched(bench, between)
    tick(bench.desk)

    assert badges[0] is None
    assert badges[-1] == "needs-sign-off"  # the sweep was still reading
    assert bench.desk.store.jobs.ended(bench.desk.account, SWEEP).finished_at is not None


def test_a_sweep_keeps_its_place_though_deals_change_under_its_hands(bench: Play) -> None:
    deals = [bench.sell(18) for _ in range(5)]
    watched(bench, lambda _: None)
    tick(bench.desk)
    assert bench.settle()
    assert {bench.badge(deal) for deal in deals} == {"needs-sign-off"}


def test_a_deal_rung_by_a_webhook_waits_behind_one_page_of_a_back_fill_and_not_behind_all(
    bench: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(bench.desk.crm), "batch", 4)
    old = [bench.sell(5) for _ in range(12)]
    new: list[str] = []
    left_when_served: list[int] = []

    def progress(left: int) -> None:
        if not new:
            new.append(bench.sell(18))
            bench.ring(*new)
        elif not left_when_served and bench.badge(new[0]):
            left_when_served.append(left)

    waiting = back_fill(bench.desk, old, progress)

    assert (waiting.due, waiting.later) == (0, 0)
    assert {bench.badge(deal) for deal in old} == {"ready"}
    assert left_when_served[0] > 0


def test_a_failed_sweep_is_on_record_and_the_last_good_one_still_known(bench: Play) -> None:
    desk = bench.desk
    tick(desk)
    good = desk.store.jobs.ended(desk.account, SWEEP).finished_at
    bench.later(hours=2)
    bench.crm.faults.set([Fault(FaultKind.EXPIRED_TOKEN)])
    tick(desk)

    ended = desk.store.jobs.ended(desk.account, SWEEP)

    assert ended.finished_at == good
    assert ended.failed_at is not None
    assert ended.reason == "hubspot-token-refused"


def test_once_a_day_what_is_past_its_time_goes_and_an_old_decision_is_not_heard_twice(bench: Play) -> None:
    desk, deal = bench.desk, bench.sell(18)
    bench.look(deal)
    task = bench.question(deal)
    bench.by(ANNA).decide(task, "yes")
    bench.ring_task(task)
    assert bench.settle()
    assert bench.badge(deal) == "ready"
    tick(desk)
    told = bench.standing(deal).done
    assert told
    letters = len(bench.letters.sent)
    bench.later(days=desk.settings.keep_days + 1)

    tick(desk)
    assert bench.settle()  # what the sweep rings
    forgotten = bench.standing(deal).done
    bench.ring_task(task)
    assert bench.settle()

    assert forgotten == {}
    assert len(bench.letters.sent) == letters
    assert not [subject for subject in bench.subjects(deal, ANNA[1:]) if "does not count" in subject]
    before = desk.store.bells.backlog(desk.account, desk.now())
    tick(desk)
    assert desk.store.bells.backlog(desk.account, desk.now()) == before


def test_a_word_of_which_no_change_is_ever_told_rings_the_alarm_after_a_week(bench: Play) -> None:
    desk = bench.desk
    told = [("deal", name) for name in ("amount", "hubspot_owner_id", "closedate", "delivery_address")]
    tick(desk)
    desk.store.changes.note(desk.account, told, bench.desk.now())

    def silent() -> set[str]:
        return {one.about for one in bench.alarms() if one.reason == "field-unheard"}

    assert silent() == set()
    bench.later(days=8)
    tick(desk)
    assert "number-of-users" in silent()
    assert "delivery-address" not in silent()


def test_a_word_whose_property_vanished_rings_the_alarm_once_a_day(bench: Play) -> None:
    with bench.crm.account.lock:
        bench.crm.account.schema.archive(DEAL, "delivery_address")
    tick(bench.desk)
    assert [one.about for one in bench.alarms() if one.reason == "field-missing"] == ["delivery-address"]
    tick(bench.desk)
    assert [one.times for one in bench.alarms() if one.reason == "field-missing"] == [1]
