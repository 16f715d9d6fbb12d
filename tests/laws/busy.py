"""Busy lives: beside all that happens to a deal, people answer in their own words, go away and come back, grant
exceptions; the deal changes hands, and the company its rules."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from connector import signoffs
from connector.deals import Change, OurField
from connector.directory import Absence
from connector.standing import OPEN, Answer, AnswerKind, Standing
from connector.verdicts import Verdict
from tests.laws import lives
from tests.laws.deals import Case, a_case, a_waiver, around
from tests.laws.dice import Dice
from tests.laws.language import PEOPLE, loaded

STEPS = 10
_NEXT = 8  # policies that the company may change to
_KINDS = [*AnswerKind, *[AnswerKind.YES] * 4, AnswerKind.NO, AnswerKind.UP_TO]
_NOTES = ["", "so", "How many?", "condition: customer delivers data by 28 November", "valid until 27 November",
          "Condition: data by 1 December\nuntil 9999-12-31"]  # fmt: skip


def a_busy_life(rules: int, seed: int) -> Iterable[tuple[Case, Verdict]]:
    """Yield each moment of it with its verdict. Most have no capacity plan: that is looked at each day anew,
    whatever a verdict says of its time."""
    dice, case = Dice(seed), a_case(rules, seed)
    case = around(case, standing=Standing(waivers=case.context.standing.waivers), history=())
    if dice.often():
        case = around(case, board=None)
    if dice.often():
        desk = {"queue:Deal Desk": "900"}
        case = around(case, directory=replace(case.context.directory, queues=desk))
    for _ in range(STEPS):
        verdict = case.judge()
        yield case, verdict
        case = lives.on_record(case, verdict)
        for happens in dice.sample(_EVENTS, dice.randint(1, 3)):
            case = happens(case, dice)


def says(case: Case, dice: Dice) -> Case:
    """Somebody answers, mostly one who was asked, in any of the ways that there are."""
    standing = case.context.standing
    cards = [(person, one.card) for one in standing.signoffs if one.state in OPEN for person in one.asked]
    person, card = dice.choice(cards) if cards else (PEOPLE[0], "1")
    who = person if ":" not in person and dice.often() else dice.choice(PEOPLE)
    kind = dice.choice(_KINDS)
    by_task = kind in {AnswerKind.CLOSED, AnswerKind.PASSED_ON}
    answer = Answer(
        f"{case.now}:{who}:{kind}", case.deal.id, kind, case.now, person=who,
        note=f"{dice.randint(0, 5)}" if kind is AnswerKind.PASSED_ON else dice.choice(_NOTES),
        limit=dice.number() if kind is AnswerKind.UP_TO else None,
        task=f"main:{case.deal.id}:{person}:{card}" if by_task else None,
        until=(case.now + timedelta(days=dice.randint(0, 6))).date() if dice.seldom() else None,
    )  # fmt: skip
    counted = signoffs.count([answer], standing, case.deal, case.policy, case.context, case.now)
    return around(case, standing=counted.standing)


def requests(case: Case, dice: Dice) -> Case:
    news = Change("request", dice.choice(["", "yes", "yes"]), case.now, lives.MIA)
    deal = replace(case.deal, shown={**case.deal.shown, OurField.REQUEST: news.value or ""})
    return around(replace(case, deal=deal), history=(news, *(case.context.history or ())))


def changes_hands(case: Case, dice: Dice) -> Case:
    return replace(case, deal=replace(case.deal, owner=dice.choice(["0", "1", "2", "3", None])))


def goes_away(case: Case, dice: Dice) -> Case:
    person, other = dice.sample(PEOPLE, 2)
    since = case.now.date() + timedelta(days=dice.randint(-1, 3))
    away = Absence(person, since, since + timedelta(days=dice.randint(0, 3)), dice.choice([None, other]))
    return around(case, absences=(*case.context.absences, away))


def is_excused(case: Case, dice: Dice) -> Case:
    granted = case.context.standing.waivers
    ends = (case.now + timedelta(days=dice.randint(0, 20))).date()
    new = replace(a_waiver(dice, case.policy), id=f"w{len(granted) + 1}", at=case.now, until=ends)
    return around(case, standing=replace(case.context.standing, waivers=(*granted, new)))


def has_other_rules(case: Case, dice: Dice) -> Case:
    policy = loaded(dice.randint(0, _NEXT - 1))
    live = {gate.id: case.context.live_since.get(gate.id, case.now) for gate in policy.gates}
    return around(
        replace(case, policy=policy),
        quiet_until=case.now,
        live_since=live if dice.often() else case.context.live_since,
    )


def loses_a_role(case: Case, dice: Dice) -> Case:
    """The rules name a role, a gate or a person no longer that the record does."""
    was, gone = dice.choice([("role", "abolished"), ("gate", "abolished"), ("asked", ("left",))])
    record = tuple(
        replace(one, **{was: gone}, cycle=100 + place) if dice.seldom() else one
        for place, one in enumerate(case.context.standing.signoffs)
    )
    return around(case, standing=replace(case.context.standing, signoffs=record))


def rests(case: Case, dice: Dice) -> Case:
    return replace(case, now=case.now + timedelta(minutes=dice.randint(1, 300)))


_EVENTS = (
    lives.moves, lives.moves, lives.changes, lives.changes, lives.sells_other_products, lives.is_answered,
    lives.waits, rests, requests, says, says, says, says, changes_hands, goes_away, is_excused, has_other_rules,
    loses_a_role,
)  # fmt: skip
