"""What a deal takes, from the first look to the end of its hold, and what is promised when a gate clears."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.capacity.board import Board, board
from connector.capacity.chance import Odds, Rival, exactly
from connector.capacity.records import Claim, Commitment, Estimate, Snapshot, Supply
from connector.capacity.watch import changed
from connector.deals import Unreadable
from connector.policy.model import Capacity, Checklist, Effort, Offering, Policy, Product
from connector.standing import Promise
from tests.core.world import CONTRACT, FIELDS, NOW, Life, deal, gate, policy

TODAY = NOW.date()  # Tuesday 24 November 2026
START = date(2027, 3, 1)
CORE = Product(
    "DP",
    "Data Platform Core",
    frozenset({"dataplatformcore"}),
    effort=(Effort("engineer", Decimal(20), 0, 2),),
)
OFFERING = Offering((CORE,), {"dataplatformcore": CORE})


def rules(**changes: object) -> Policy:
    spec = Capacity("contract.capacity", "start_date", role="operations", **changes)  # type: ignore[arg-type]
    return policy(
        gate(checklist="contract", matrices=()),
        checklists={"contract": Checklist("contract", (spec,))},
        offering=OFFERING,
    )


def plan(*work: Commitment, hours: int = 40, as_of: date = TODAY) -> Snapshot:
    return Snapshot(as_of, (Supply("engineer", "", date(2026, 1, 1), None, hours * 60),), commitments=work)


def at(snapshot: Snapshot | None, *estimates: Estimate, today: date = TODAY) -> Board:
    return board(snapshot, estimates, today)


def life(snapshot: Snapshot | None = None, rules_: Policy | None = None, **values: object) -> Life:
    mine = deal("proposal", values={"start_date": START, **values})
    return Life(mine, rules_ or rules(), context={"board": at(snapshot or plan())})


def taken(one: Life) -> Estimate:
    one.step()
    assert one.verdict is not None
    assert one.verdict.estimate is not None
    return one.verdict.estimate


def test_an_open_deal_takes_what_the_offering_says_by_its_chance() -> None:
    found = taken(life())
    assert (found.claim, found.start, found.fits, found.chance) == (Claim.OPEN, START, True, 1000)
    assert found.demand.by_role() == {"engineer": 40 * 60}  # two platforms of 20 hours
    assert not taken(life(plan(hours=10))).fits


@pytest.mark.parametrize(("points", "chance"), [(25, 250), (250, 1000), (-5, 0), (None, 1000)])
def test_the_chance_to_win_is_the_policy_s_field(points: int | None, chance: int) -> None:
    value = None if points is None else Decimal(points)
    one = life(rules_=rules(win_chance="discount"))
    one.policy = replace(one.policy, fields={**FIELDS, "win": replace(FIELDS["number_of_users"], name="win")}, checklists={
        "contract": Checklist("contract", (Capacity("c", "start_date", win_chance="win"),))})  # fmt: skip
    one.deal = replace(one.deal, values={**one.deal.values, "win": value})
    assert taken(one).chance == chance


def test_without_a_start_it_counts_from_its_close_date_else_from_today() -> None:
    closing = date(2027, 1, 5)
    assert taken(life(start_date=None, **{"close-date": closing})).start == closing
    assert taken(life(start_date=None)).start == TODAY


def test_a_cleared_deal_holds_its_hours_for_so_many_days_and_the_promise_is_kept() -> None:
    one = life(rules_=rules(hold_days=10))
    taken(one)
    one.move("contract")
    held = taken(one)
    assert (held.claim, held.held_until, held.fits) == (Claim.HELD, TODAY + timedelta(days=10), None)
    assert one.standing.clearances["contract"].promise == Promise(
        START, date(2027, 3, 12), {"engineer": Decimal(40)}
    )
    one.now += timedelta(days=11)
    assert taken(one).claim is Claim.OPEN
    one.move("closedwon")
    assert taken(one).claim is Claim.WON


def test_a_lost_deal_takes_nothing() -> None:
    one = life()
    taken(one)
    one.move("closedlost")
    one.step()
    assert one.verdict is not None
    assert one.verdict.estimate is None


def test_when_the_source_is_down_it_goes_on_taking_what_it_took() -> None:
    before = taken(life())
    for broken in ({"line_items": None}, {"values": {"start_date": Unreadable("gone", ours=True)}}):
        one = life()
        one.deal = replace(one.deal, **broken)
        one.context = {"board": at(plan(), before)}
        assert taken(one) == before
        assert one.verdict is not None
        assert one.verdict.keep


def test_a_policy_without_the_check_takes_and_promises_nothing() -> None:
    one = Life(deal("proposal"), policy(CONTRACT))
    one.step()
    one.move("contract")
    one.step()
    assert one.verdict is not None
    assert one.verdict.estimate is None
    assert one.standing.clearances["contract"].promise is None


def test_with_an_old_plan_nothing_is_said_of_the_start() -> None:
    assert taken(life(plan(as_of=TODAY - timedelta(days=30)))).fits is None


def test_the_sentence_is_the_rep_s_way_out_until_somebody_is_asked() -> None:
    full = plan(Commitment("engineer", START, START + timedelta(days=11), 30 * 60, label="Globex"))
    one = life(full)
    one.deal = replace(one.deal, stage="discovery")
    one.step()
    assert one.sentence == (
        "Contract: engineers are full in weeks 9-10. From 15 March 2027 it fits: set Start date to 15 March 2027, or"
        " ask Anna Bos for an earlier slot."
    )
    one.move("proposal")
    one.step()
    assert one.sentence.startswith("Contract: waiting for Anna Bos (Operations) until")
    assert "because engineers are full in weeks 9-10. From 15 March 2027 it fits" in one.sentence


def test_only_open_deals_with_another_answer_are_looked_at_again() -> None:
    fits = taken(life())
    held = replace(fits, deal="8", claim=Claim.HELD, held_until=None)
    assert changed(at(plan(), fits, held)) == ()
    assert changed(at(plan(hours=10), fits, held)) == ("7",)
    assert changed(at(None, fits, held)) == ()


def test_a_planned_deal_is_learned_of_without_being_counted_twice() -> None:
    mine = taken(life())
    there = at(plan(Commitment("engineer", START, START, 60, deal="7")))
    learned = there.with_estimate("7", mine)
    assert (learned.free, learned.estimates) == (there.free, {"7": mine})


def test_a_crowd_of_different_hours_is_sampled_and_always_the_same() -> None:
    cells = {("engineer", 1): 0}
    crowd = [Rival(str(number), 500, {("engineer", 1): 60 * 3**number}) for number in range(12)]
    assert exactly(crowd, dict.fromkeys(cells, 10**6)) is None
    first, again = (Odds(crowd, "s").of_room({("engineer", 1): 60 * 3**11}) for _ in range(2))
    assert first == again
    assert not first.exact
    assert first.value == pytest.approx(0.5, abs=0.06)
