"""Ids of 15 and 18 characters are the same id; the last three tell whether case was lost."""

import pytest

from sandbox.salesforce.ids import Ids, checksum, whole


@pytest.mark.parametrize(
    ("short", "check"),  # the first two from Salesforce's own documentation of its ids
    [("0016000000IDx9n", "AAD"), ("001A0000006Vm9r", "IAC"), ("006000000000000", "AAA")],
)
def test_the_checksum_is_the_vendors(short: str, check: str) -> None:
    assert checksum(short) == check
    assert whole(short) == whole(short + check) == short + check


@pytest.mark.parametrize(
    "text", ["", "abc", "006000000000000AAB", "006-00000000000", "006000000000000aaa", "é" * 15]
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert whole(text) is None


def test_ids_are_unlike_and_sort_as_they_were_made() -> None:
    ids = Ids()
    made = [ids.new("006") for _ in range(5000)]
    assert len(set(made)) == 5000
    assert sorted(made) == made
    assert all(whole(one) == one for one in made)
