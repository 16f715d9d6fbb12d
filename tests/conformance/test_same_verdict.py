"""The same deals, the same acts, both CRMs over HTTP and the whole product: the same verdict, word for word."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.differences import BY_DESIGN, Pair, apart, explained
from tests.conformance.house import House
from tests.conformance.seen import see
from tests.conformance.year import play


def compare(house: House, explains: Counter[str], parted: set[str]) -> Counter[str]:
    """Compare every deal field by field; count what is explained, and return the badges."""
    hubspot, salesforce = (see(house, side) for side in house.sides)
    assert hubspot.keys() == salesforce.keys()
    wrong = []
    for key, one in hubspot.items():
        other = salesforce[key]
        pair = Pair(one, other, house.refused.get(("salesforce", key)))
        if apart(pair):
            parted.add(key)
        pair = replace(pair, apart=key in parted)
        for field in one.differs(other):
            reason = explained(field, pair)
            explains[str(reason)] += 1
            if reason is None:
                wrong.append((key, field, getattr(one, field), getattr(other, field)))
        for seen in (one, other):
            assert seen.left == ()
            if seen.verdict != "not-assessed":  # a lost deal keeps the badge it had
                assert (seen.badge, seen.reason) == (seen.verdict, seen.sentence)
    assert wrong == []
    return Counter(one.badge for one in hubspot.values())


def check(folder: Path, database_url: str, deals: int) -> None:
    explains, badges, parted = Counter[str](), Counter[str](), set[str]()
    for _wave, house in play(folder, database_url, deals):
        badges += compare(house, explains, parted)
    assert set(explains) == set(BY_DESIGN), "a difference that never happens is none"
    assert {"ready", "needs-info", "needs-sign-off", "blocked"} <= set(badges)
    assert house.refused
    assert len(parted) < deals / 10
    assert {account for account, _ in house.refused} == {"salesforce"}


def test_60_deals_end_with_the_same_verdict_sentence_levers_and_tasks(
    tmp_path: Path, sqlite_url: str
) -> None:
    check(tmp_path, sqlite_url, 60)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_300_deals_end_with_the_same_verdict_sentence_levers_and_tasks(
    tmp_path: Path, sqlite_url: str
) -> None:
    check(tmp_path, sqlite_url, 300)
