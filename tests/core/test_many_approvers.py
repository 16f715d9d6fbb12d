"""Fifty approvers at once: one outcome, one answer counted a person, the rest told why theirs is not it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.directory import CrmUser, Directory
from connector.policy.model import Person, Policy
from connector.signoffs import Hearing
from connector.standing import SignoffState
from tests.core.world import PEOPLE, ROLES, USERS, Life, answer, deal, gate, moved, policy

CROWD = tuple(f"ops-{number}" for number in range(50))
EVERYBODY = {**PEOPLE, **{name: Person(name, name, f"{name}@example.com") for name in CROWD}}
SEATS = (
    *USERS,
    *(CrmUser(f"5{n:03}", f"95{n:03}", f"{name}@example.com", name) for n, name in enumerate(CROWD)),
)
DIRECTORY = Directory.join(EVERYBODY, SEATS)


def rules(needs: int) -> Policy:
    operations = replace(ROLES["operations"], holders=CROWD, needs=needs)
    return policy(gate(), people=EVERYBODY, roles={**ROLES, "operations": operations})


@pytest.mark.parametrize("seed", range(6))
def test_fifty_answers_at_once_have_one_outcome(seed: int) -> None:
    _one_round(seed)


@pytest.mark.slow
def test_fifty_answers_at_once_have_one_outcome_two_hundred_times() -> None:
    for seed in range(200):
        _one_round(seed)


def _one_round(seed: int) -> None:
    dice = random.Random(seed)
    needs = dice.choice((1, 1, 2, 5))
    life = Life(deal("proposal", 18), rules(needs), history=moved("discovery", "proposal"))
    life.context = {"directory": DIRECTORY}
    life.step()
    start = life.now
    answers = [
        answer(
            dice.choice(("yes", "yes", "no")),
            by=name,
            at=start + timedelta(seconds=dice.randrange(60)),
            note="so",
        )
        for name in CROWD
    ]
    dice.shuffle(answers)
    life.now = start + timedelta(minutes=2)
    heard = []
    while answers:  # in as many looks as it takes, in any order
        batch = [answers.pop() for _ in range(min(len(answers), dice.randint(1, 50)))]
        life.step(*batch)
        heard += life.heard

    [signoff] = life.standing.signoffs
    counted = [one for one in heard if one.hearing is Hearing.COUNTED]
    assert signoff.state in {SignoffState.APPROVED, SignoffState.REJECTED}
    assert len({one.person for one in counted}) == len(counted)
    assert len(counted) <= needs
    assert counted[-1].person == signoff.decided_by
    told = [one for one in heard if one.hearing is Hearing.REFUSED]
    assert len(told) + len(counted) == len(CROWD)
    assert all("does not count" in one.sentence for one in told)
    assert life.step() == ()
