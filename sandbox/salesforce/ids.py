"""Record ids: 15 characters that mind their case, and 3 more that repeat it for those who do not."""

import string
from functools import lru_cache
from itertools import count

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKS = string.ascii_uppercase + "012345"
_POD = "Qy0"


def checksum(short: str) -> str:
    """Return the last three characters: each tells which of five characters are capitals."""
    groups = (short[:5], short[5:10], short[10:15])
    return "".join(
        _CHECKS[sum(1 << place for place, sign in enumerate(group) if "A" <= sign <= "Z")] for group in groups
    )


@lru_cache(maxsize=65_536)
def whole(text: str) -> str | None:
    """Return the 18 characters of an id given in 15 or 18; None for what is no id."""
    if not text.isascii() or not text.isalnum() or len(text) not in {15, 18}:
        return None
    full = text[:15] + checksum(text)
    return full if len(text) == 15 or full == text else None


class Ids:
    """Hands out ids; within a prefix a later one sorts after an earlier one."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, prefix: str) -> str:
        """Return the next id."""
        rest, signs = next(self._numbers), ""
        while rest:
            rest, digit = divmod(rest, 62)
            signs = _DIGITS[digit] + signs
        short = prefix + _POD + signs.rjust(9, "0")
        return short + checksum(short)
