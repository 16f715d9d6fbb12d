"""Record ids: 15 characters where case matters, and three more that say which of them are capitals."""

import re
from collections.abc import Iterable, Iterator

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", re.ASCII)
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

OPPORTUNITY = "006"
TASK = "00T"


def full(text: str) -> str | None:
    """Return the 18-character id, None where the text is no id.

    Of an 18-character id the capitals are taken from its last three, so that one whose case was lost on the
    way (a spreadsheet, a URL) is the same id again.
    """
    if not _ID.fullmatch(text):
        return None
    if len(text) == 15:
        return text + _check(text)
    check = text[15:].upper()
    if not set(check) <= set(_CHECK):
        return None
    return "".join(_cased(text[5 * place : 5 * place + 5], check[place]) for place in range(3)) + check


def each_full(ids: Iterable[str]) -> Iterator[str]:
    """Yield the 18-character form of those texts that are ids, each once."""
    yield from dict.fromkeys(known for one in ids if (known := full(one)) is not None)


def parts(ids: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield the ids in parts of `size`, each once; what is no id is left out."""
    known = tuple(each_full(ids))
    for start in range(0, len(known), size):
        yield known[start : start + size]


def _check(text: str) -> str:
    return "".join(_CHECK[_capitals(text[start : start + 5])] for start in (0, 5, 10))


def _capitals(five: str) -> int:
    return sum(1 << place for place, letter in enumerate(five) if letter.isupper())


def _cased(five: str, check: str) -> str:
    place = _CHECK.find(check.upper())
    if place < 0:
        return five
    return "".join(letter.upper() if place >> bit & 1 else letter.lower() for bit, letter in enumerate(five))
