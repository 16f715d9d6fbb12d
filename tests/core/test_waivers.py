"""Waivers: one function says whether one holds; unneeded ones close; what rests on one falls with it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connector import gates
from connector.backtest.crossing import Crossing, World
from connector.backtest.trial import Trial
from connector.deals import OurField, Value
from connector.effects import CloseTask, CreateTask
from connector.inputs import inputs_of
from connector.policy.model import Bound, Waivers
from connector.signoffs.ground import Ground
from connector.signoffs.waivers import Holding, holding, in_force, right_to_grant
from connector.standing import Standing, Waiver
from connector.verdicts import Readiness
from connector.versions.answer import Kind
from tests.core.test_laws import QUICK
from tests.core.world import DIRECTORY, NOW, PIPELINES, Life, context, deal, gate, moved, policy

GRANT = Waivers({"discounts": ("founder",), "any": ("operations",)}, ("pilot",), 90, ("sales-manager",))
UNTIL = date(2026, 12, 31)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def waiver(rule: str = "discounts", **changes: object) -> Waiver:
    made = Waiver("w1", rule, UNTIL, "pilot", "ruth", NOW - timedelta(hours=1), "founder")
    return replace(made, **changes)  # type: ignore[arg-type]


def life(discount: int, *waivers: Waiver, stage: str = "proposal") -> Life:
    made = Life(deal(stage, discount), policy(gate(), waivers=GRANT), Standing(waivers=waivers))
    made.history = moved("discovery", "proposal")
    return made


def test_a_forbidden_deal_is_ready_with_exception_and_the_rep_reads_why() -> None:
    acme = life(35, waiver())

    acme.step()

    assert acme.show(OurField.READINESS) == Readiness.EXCEPTION
    assert acme.sentence == (
        "Ready for Contract. Exception by Ruth Klein until 31 December: 35 % discount is over your 10 %."
    )


def test_exceptions_that_are_too_many_for_one_sentence_are_cut_not_left_out() -> None:
    acme = life(35, waiver(), waiver("required-data", id="w2"))
    acme.fill(
        delivery_address=f"unknown, because {'their new office is not let yet, ' * 6}", number_of_users=None
    )
    acme.step()

    assert acme.sentence.startswith("Ready for Contract. Exception by Ruth Klein until 31 December: ")
    assert acme.sentence.endswith("...")
    assert len(acme.sentence) <= 255


def test_missing_data_can_be_waived_by_field_and_the_rest_is_still_asked_for() -> None:
    acme = life(5, waiver("required-data/delivery_address"))
    acme.fill(delivery_address=None)
    acme.step()
    assert acme.show(OurField.READINESS) == Readiness.EXCEPTION

    acme.fill(number_of_users=None)
    acme.step()

    assert acme.sentence.startswith("Contract: your turn. Missing: number of users.")


def test_outside_its_bound_it_waives_nothing() -> None:
    acme = life(35, waiver(bounds=(Bound("discount", high=Decimal(35)),)))
    acme.step()
    assert acme.show(OurField.READINESS) == Readiness.EXCEPTION

    acme.price(36)
    acme.step()

    assert acme.show(OurField.READINESS) == Readiness.BLOCKED


def test_a_gate_that_was_passed_by_a_waiver_is_owed_again_when_it_ends() -> None:
    acme = life(35, waiver())
    acme.step()
    acme.move("contract")
    acme.step()
    assert acme.standing.clearances["contract"].waived == ("w1",)
    acme.now = datetime(2027, 1, 1, tzinfo=AMSTERDAM)

    acme.step()

    assert acme.verdict is not None
    assert acme.verdict.gates[0].owed
    assert acme.show(OurField.READINESS) == Readiness.BLOCKED


def test_the_clock_looks_again_when_its_last_day_is_over() -> None:
    acme = life(35, waiver())

    acme.step()

    assert acme.verdict is not None
    assert acme.verdict.valid_until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_what_nobody_needs_for_a_day_closes_itself_and_a_price_that_is_tried_out_closes_nothing() -> None:
    acme = life(35, waiver())
    acme.step()
    acme.price(5)
    acme.step()
    assert acme.standing.waivers[0].unneeded_since == acme.now
    acme.price(35)
    acme.step()
    assert acme.standing.waivers == (waiver(),)
    acme.price(5)
    acme.step()
    acme.now += timedelta(days=1)

    acme.step()

    assert (acme.standing.waivers[0].ended_at, acme.standing.waivers[0].ended_by) == (
        acme.now,
        "dealgate:engine",
    )
    acme.price(35)
    acme.step()
    assert acme.show(OurField.READINESS) == Readiness.BLOCKED


def test_a_waiver_that_a_passed_gate_rests_on_is_needed_and_stays() -> None:
    acme = life(35, waiver())
    acme.step()
    acme.move("contract")
    for _ in range(3):
        acme.step()
        acme.now += timedelta(days=1)

    assert acme.standing.waivers == (waiver(),)


@pytest.mark.parametrize(
    ("person", "rule", "break_glass", "role"),
    [
        ("ruth", "discounts", False, "founder"),
        ("ruth", "discounts/huge", False, "founder"),
        ("anna", "discounts", False, None),
        ("anna", "strangers", False, "operations"),
        ("anna", "required-data", False, "operations"),
        ("eva", "discounts", False, None),
        ("eva", "discounts", True, "sales-manager"),
        ("mia", "discounts", True, None),
    ],
)
def test_only_the_roles_that_the_policy_names_may_grant(
    person: str, rule: str, break_glass: bool, role: str | None
) -> None:
    acme = life(35)
    assert right_to_grant(person, rule, acme.ground, break_glass=break_glass) == role


def test_nobody_waives_anything_for_the_own_deal() -> None:
    acme = life(35)
    acme.deal = replace(acme.deal, owner="130")  # Ruth's

    assert right_to_grant("ruth", "discounts", acme.ground) is None


def test_breaking_the_glass_is_reviewed_by_somebody_else_once() -> None:
    broken = waiver(by="eva", role="sales-manager", break_glass=True)
    acme = life(35, broken)

    effects = acme.step()

    [task] = [one for one in effects if isinstance(one, CreateTask)]
    assert (task.owner, task.title) == ("130", "Acme: review the emergency exception of Eva Lang")
    assert acme.step() == ()
    done = replace(broken, reviewed_at=acme.now, reviewed_by="ruth")
    acme.standing = replace(acme.standing, waivers=(done,))
    assert [one.key for one in acme.step() if isinstance(one, CloseTask)] == [task.key]


CLOCKS = some.datetimes(datetime(2026, 11, 20), datetime(2027, 2, 10)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
ENDS = some.none() | CLOCKS
DISCOUNTS = some.integers(0, 60)


@QUICK
@given(CLOCKS, ENDS, some.dates(date(2026, 11, 20), date(2027, 1, 31)), DISCOUNTS, some.integers(10, 60))
def test_one_function_decides_for_everybody(
    now: datetime, ended: datetime | None, until: date, discount: int, high: int
) -> None:
    """Live and sweep, the verdict made again and the preview of a draft, the backtest and the command line all
    say of every moment what `in_force` says."""
    held = waiver(ended_at=ended, until=until, bounds=(Bound("discount", high=Decimal(high)),))
    acme, rules = deal("proposal", discount), policy(gate(), waivers=GRANT)
    standing = Standing(waivers=(held,))
    around = context(standing=standing)
    facts: dict[str, Value] = {"discount": Decimal(discount)}
    there = held.at <= now and not (ended is not None and ended <= now)
    expected = there and now.astimezone(AMSTERDAM).date() <= until and discount <= high

    assert in_force(held, facts, rules, now) is expected
    ground = Ground(acme, facts, PIPELINES[acme.pipeline], rules, around, now)
    assert (holding(held, ground) is Holding.IN_FORCE) is expected
    if discount <= 10:
        return
    inputs = inputs_of(acme, around, now)
    live = gates.assess(acme, rules, around, now)
    again = gates.again(inputs, rules, DIRECTORY)
    previewed = gates.under(inputs, standing, rules, DIRECTORY, now)
    assert [bool(one.gates[0].waived) for one in (live, again, previewed)] == [expected] * 3
    crossed = Crossing(deal("contract", discount), now, before=1, waivers=(held,))
    (ruled,) = Trial(rules, World(PIPELINES, DIRECTORY)).rulings(crossed)
    assert (ruled.answer.kind is Kind.CLEAR) is expected


@pytest.mark.parametrize(
    ("changes", "discount", "read"),
    [
        ({}, 35, Holding.IN_FORCE),
        ({"bounds": (Bound("discount", high=Decimal(40)),)}, 40, Holding.IN_FORCE),
        ({"bounds": (Bound("discount", high=Decimal(40)),)}, 41, Holding.OUTSIDE),
        ({"until": NOW.date()}, 35, Holding.IN_FORCE),
        ({"until": NOW.date() - timedelta(days=1)}, 35, Holding.OVER),
        ({"ended_at": NOW - timedelta(minutes=1)}, 35, Holding.OVER),
        ({"until": NOW.date() - timedelta(days=1), "bounds": (Bound("discount", high=Decimal(40)),)}, 41,
         Holding.OVER),
    ],
)  # fmt: skip
def test_of_a_waiver_is_read_whether_it_holds_and_if_not_why(
    changes: dict[str, object], discount: int, read: Holding
) -> None:
    held = waiver(**changes)
    assert holding(held, life(discount, held).ground) is read


def test_a_waiver_holds_from_its_grant_on_until_it_is_ended() -> None:
    held = waiver(at=NOW, ended_at=NOW + timedelta(hours=1))
    acme = life(35, held)

    def stands(**ago: int) -> bool:
        return in_force(held, acme.ground.facts, acme.policy, NOW + timedelta(**ago))

    assert [stands(seconds=-1), stands(), stands(minutes=59), stands(hours=1)] == [False, True, True, False]
