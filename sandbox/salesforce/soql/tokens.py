"""A query's text as tokens."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sandbox.salesforce.errors import SalesforceError, bad_request

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<date>\d{4}-\d\d-\d\d)
  | (?P<number>[+-]?\d+(?:\.\d+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_.]*(?::\d+)?)
  | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
  | (?P<end>$)
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Kind(StrEnum):
    STRING = "string"
    DATETIME = "datetime"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is the text in lower case, for keywords; empty for strings."""

    kind: Kind
    text: str
    at: int
    word: str = ""


def read(query: str) -> list[Token]:
    """Return all tokens, the last one an END; refuse what is none."""
    found: list[Token] = []
    place = 0
    while True:
        match = _TOKEN.match(query, place)
        if match is None:
            rest = query[place:].strip()
            raise malformed(f"unexpected token: '{rest.split(maxsplit=1)[0]}'", query, place)
        kind = Kind(str(match.lastgroup))
        text = match.group(kind)
        token = Token(
            kind, _unquoted(text) if kind is Kind.STRING else text, match.start(kind), _word(kind, text)
        )
        found.append(token)
        if kind is Kind.END:
            return found
        place = match.end()


def malformed(problem: str, query: str, at: int) -> SalesforceError:
    return bad_request("MALFORMED_QUERY", where(query, at) + problem)


def where(query: str, at: int) -> str:
    """Return the head of a message that points into the query."""
    near = query[max(0, at - 40) : at + 40]
    return f"\n{near}\n{' ' * min(40, at)}^\nERROR at Row:1:Column:{at + 1}\n"


def _word(kind: Kind, text: str) -> str:
    return "" if kind is Kind.STRING else text.lower()


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1], flags=re.DOTALL)
