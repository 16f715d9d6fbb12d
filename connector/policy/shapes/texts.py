"""Words and texts of a policy file."""

import re
from collections.abc import Iterable
from typing import Any

from connector.policy.problems import one_of
from connector.policy.shapes.said import PLAIN, Loaded, Said

SPELLING = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")  # of the policy's own names


class Text(Said):
    """Some words."""

    allowed = "a text"
    longest = 255

    def read(self, value: Any) -> str:
        """Return the text without the spaces around it."""
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(value)
        if len(value) > self.longest:
            raise self.refuse(value, f"at most {self.longest} characters")
        return value.strip()


class Like(Text):
    """A text of one form."""

    def __init__(self, pattern: str, allowed: str, key: str | None = None, *, required: bool = False) -> None:
        self.pattern, self.allowed = pattern, allowed
        super().__init__(key, required=required)

    def read(self, value: Any) -> str:
        """Return the text if it has the form."""
        text = super().read(value)
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise self.refuse(value)
        return text

    def described(self) -> Loaded:
        """Return the form, which the file's own reading holds in whole."""
        return {"type": PLAIN, "pattern": f"^{self.pattern}$", "description": self.allowed}


class Pattern(Text):
    """A regular expression."""

    allowed = "a regular expression"

    def read(self, value: Any) -> str:
        """Return the expression if it compiles."""
        text = super().read(value)
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.refuse(value, f"a regular expression ({error})") from None
        return text


class Choice(Said):
    """One of a few words."""

    def __init__(self, words: Iterable[str], key: str | None = None, *, required: bool = False) -> None:
        self.words = tuple(str(word) for word in words)
        self.allowed = one_of(None, self.words)
        super().__init__(key, required=required)

    def read(self, value: Any) -> str:
        """Return the word as the policy's language spells it."""
        if isinstance(value, str) and value.strip().casefold() in self.words:
            return value.strip().casefold()
        raise self.refuse(value, one_of(value, self.words))

    def described(self) -> Loaded:
        """Return the words."""
        return {"enum": list(self.words)}


class Currency(Like):
    """A currency code."""

    def __init__(self, key: str | None = None, *, required: bool = False) -> None:
        super().__init__(r"[A-Z]{3}", "a currency code as EUR", key, required=required)


class Identity(Like):
    """The id of something in a list, as it stands in the ledger."""

    def __init__(self) -> None:
        super().__init__(SPELLING.pattern, "small letters, digits and hyphens", required=True)


class Words(Said):
    """One test of a decision table; the builder compiles it for its field."""

    allowed = "one test as <= 30, or names separated by commas"

    def read(self, value: Any) -> str | list[str]:
        """Return the test as written."""
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and all(isinstance(one, str) and one.strip() for one in value):
            return value
        raise self.refuse(value)

    def described(self) -> Loaded:
        """Return a test, or a list of names."""
        return {"type": [*PLAIN, "array"], "description": self.allowed}
