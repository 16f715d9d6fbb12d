"""The same deals, the same acts, both CRMs over HTTP and the whole product: the same verdict, word for word."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.differences import BY_DESIGN, Pair, apart, explained
from tests.conformance.house import House, open_house
from tests.conformance.seen import see
from tests.conformance.year import generated, play, rep


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


def test_a_deal_made_in_the_second_in_which_the_gate_went_live_owes_it_in_both(
    tmp_path: Path, sqlite_url: str
) -> None:
    company = generated(60)
    deal = next(one for one in company.deals if one.stage == "contract")
    with open_house(tmp_path, sqlite_url, replace(company, deals=())) as house:
        house.creates_at_once(rep(deal), replace(deal, path=deal.path[-1:], values={}))
        house.settle()
        for seen in (see(house, side)[deal.key] for side in house.sides):
            assert "Contract" in seen.sentence
            assert seen.badge == "needs-info"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_300_deals_end_with_the_same_verdict_sentence_levers_and_tasks(
    tmp_path: Path, sqlite_url: str
) -> None:
    check(tmp_path, sqlite_url, 300)
