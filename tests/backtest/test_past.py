"""Crossings out of a history: values as they were, and unknown where nobody can know any more."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from connector.backtest.crossing import NO_HISTORY
from connector.backtest.past import Recorded, crossings
from connector.deals import Actor, ActorKind, Change, PastLines
from tests.core.world import NOW, PIPELINE, deal

ME = Actor(ActorKind.PERSON, "1")


def at(days: int, field: str, value: str | None) -> Change:
    return Change(field, value, NOW - timedelta(days=days), ME)


def newest_first(*changes: Change) -> list[Change]:
    return sorted(changes, key=lambda one: one.at, reverse=True)


def kept(*, assume_today: bool = False) -> Recorded:
    def number(text: str | None) -> Decimal | None:
        return Decimal(text) if text else None

    return Recorded({PIPELINE.id: PIPELINE}, {"amount": number}, assume_today)


SOLD = replace(deal(), stage="contract", values={"amount": Decimal(900), "region": "EMEA"})
WAY = (at(10, "stage", "contract"), at(30, "stage", "proposal"), at(40, "stage", "discovery"))


def test_values_are_as_they_were_when_the_stage_was_entered() -> None:
    history = newest_first(*WAY, at(35, "amount", "500"), at(5, "amount", "900"))
    found = list(crossings(SOLD, history, kept(), NOW - timedelta(days=90)))
    assert [(one.deal.stage, one.before, one.deal.values["amount"]) for one in found] == [
        ("discovery", -1, None),
        ("proposal", 0, Decimal(500)),
        ("contract", 1, Decimal(500)),
    ]


def test_a_field_without_history_is_unknown_unless_today_is_assumed() -> None:
    (then,) = crossings(SOLD, WAY, kept(), NOW - timedelta(days=20))
    assert then.deal.values["region"] == NO_HISTORY
    assert then.deal.line_items is None
    (now,) = crossings(SOLD, WAY, kept(assume_today=True), NOW - timedelta(days=20))
    assert now.deal.values["region"] == "EMEA"
    assert now.deal.line_items == SOLD.line_items


def test_product_lines_are_those_of_that_time_where_their_number_proves_them() -> None:
    (item,) = SOLD.line_items or ()
    dear = replace(item, net_price=Decimal(900))
    days = {name: NOW - timedelta(days=name) for name in (12, 11, 9, 5)}
    line = ((days[11], dear), (days[9], item))
    counts = ((days[12], 1), (days[5], 2))
    (then,) = crossings(SOLD, WAY, kept(), NOW - timedelta(days=20), PastLines(counts, (line,)))
    assert then.deal.line_items == (dear,)
    for unknown in (
        PastLines((), (line,)),  # nobody tells how many there were
        PastLines(((days[12], 2),), (line,)),  # one was taken away since then
        PastLines(((days[12], None),), (line,)),
        PastLines(counts, (((days[11], None), (days[9], item)),)),
        PastLines(counts, (((days[9], item),),)),
    ):
        (lost,) = crossings(SOLD, WAY, kept(), NOW - timedelta(days=20), unknown)
        assert lost.deal.line_items is None
        (now,) = crossings(SOLD, WAY, kept(assume_today=True), NOW - timedelta(days=20), unknown)
        assert now.deal.line_items == SOLD.line_items


def test_what_lies_before_the_oldest_of_the_versions_that_are_kept_is_unknown() -> None:
    many = tuple(at(9 - place // 5, "amount", str(place)) for place in range(20))
    (one,) = crossings(SOLD, newest_first(*WAY, *many), kept(), NOW - timedelta(days=20))
    assert one.deal.values["amount"] == NO_HISTORY


def test_another_pipeline_is_entered_from_before_its_first_stage() -> None:
    renewal = (at(30, "pipeline", "renewals"), at(30, "stage", "offer"))
    way = newest_first(*renewal, at(10, "pipeline", PIPELINE.id), WAY[0])
    (one,) = crossings(SOLD, way, kept(), NOW - timedelta(days=90))
    assert one.before == -1


def test_going_to_lost_is_no_crossing() -> None:
    found = crossings(SOLD, newest_first(*WAY, at(3, "stage", "lost")), kept(), NOW - timedelta(days=5))
    assert not list(found)
