"""Any one of 10,000 entries, tampered with in any way: found each time, at the right place."""

import random
from collections.abc import Iterable

import pytest

from connector.store.chain import Head, LedgerEntry, Note, problem_of, seal
from tests.store.deals import after

Chain = list[LedgerEntry]


def chain(entries: int) -> Chain:
    head, made = Head("a"), []
    for number in range(entries):
        note = Note("decision", str(number % 97), {"number": number})
        made.append(seal(head, after(number), note, {}))
        head = Head("a", made[-1].seq, made[-1].hash)
    return made


def first_bad(entries: Iterable[LedgerEntry], end: Head) -> int | None:
    """Walk as `Ledger.verify` does, which tests/store/test_ledger.py holds to the same answers."""
    head = Head("a")
    for entry in entries:
        if problem_of(entry, head):
            return head.seq + 1
        head = Head("a", entry.seq, entry.hash)
    return head.seq + 1 if head.seq < end.seq else None


def change(entries: Chain, at: int, rng: random.Random) -> tuple[Chain, int]:
    old = entries[at]
    fields = [old.seq, old.at, old.kind, old.deal, old.body, old.prev, old.hash]
    which = rng.randrange(1, 7)
    fields[which] = after(10**6) if which == 1 else f"{fields[which]}x"
    return [*entries[:at], LedgerEntry(*fields), *entries[at + 1 :]], at + 1


def delete(entries: Chain, at: int, rng: random.Random) -> tuple[Chain, int]:
    return [*entries[:at], *entries[at + 1 :]], at + 1


def insert(entries: Chain, at: int, rng: random.Random) -> tuple[Chain, int]:
    before = entries[at - 1] if at else None
    head = Head("a", before.seq, before.hash) if before else Head("a")
    forged = seal(head, after(0), Note("decision", "1", {"number": -1}), {})
    return [*entries[:at], forged, *entries[at:]], at + 2  # it is whole itself: what follows it is not


def swap(entries: Chain, at: int, rng: random.Random) -> tuple[Chain, int]:
    other = rng.choice([one for one in range(len(entries)) if one != at])
    swapped = entries[:]
    swapped[at], swapped[other] = entries[other], entries[at]
    return swapped, min(at, other) + 1


def truncate(entries: Chain, at: int, rng: random.Random) -> tuple[Chain, int]:
    return entries[:at], at + 1


def trials(entries: int, count: int) -> None:
    whole = chain(entries)
    end = Head("a", whole[-1].seq, whole[-1].hash)
    assert first_bad(whole, end) is None
    rng = random.Random(7)
    kinds = (change, delete, insert, swap, truncate)
    for number in range(count):
        tampered, expected = kinds[number % 5](whole, rng.randrange(entries), rng)
        assert first_bad(tampered, end) == min(expected, entries + 1), (number, expected)


def test_tampering_with_any_of_1000_entries_is_found_at_the_right_place() -> None:
    trials(1000, 200)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_tampering_with_any_of_10000_entries_is_found_at_the_right_place_1000_times() -> None:
    trials(10_000, 1000)
