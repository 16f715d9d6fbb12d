"""The grammar: as much of SOQL as add-ons use."""

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql import tokens
from sandbox.salesforce.soql.parts import Column, Compared, Condition, Joined, Negated, Order, Path, Query
from sandbox.salesforce.soql.tokens import Kind, Token

_SIGNS = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
_LITERALS = frozenset({Kind.STRING, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.NAME})
_RESERVED = frozenset(
    {
        "select",
        "from",
        "where",
        "and",
        "or",
        "not",
        "in",
        "like",
        "order",
        "by",
        "limit",
        "asc",
        "desc",
        "nulls",
    }
)


def parse(text: str) -> Query:
    """Return what a query says; anything unexpected is MALFORMED_QUERY."""
    reader = _Reader(text)
    query = reader.query()
    reader.expect_end()
    return query


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens.read(text)
        self._place = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def expect_end(self) -> None:
        if self._next.kind is not Kind.END:
            raise self._unexpected()

    def query(self) -> Query:
        self._word("select")
        columns, subqueries, counts = self._selected()
        self._word("from")
        source = self._name()
        where = self._either() if self._took("where") else None
        order = self._order() if self._took("order") else ()
        limit = self._whole() if self._took("limit") else None
        offset = self._whole() if self._took("offset") else 0
        return Query(source.text, source.at, columns, subqueries, counts, where, order, limit, offset)

    def _selected(self) -> tuple[tuple[Column, ...], tuple[Query, ...], bool]:
        if self._next.word == "count":
            for sign in ("count", "(", ")"):
                self._word(sign)
            return (), (), True
        columns: list[Column] = []
        subqueries: list[Query] = []
        while True:
            if self._took("("):
                subqueries.append(self.query())
                self._word(")")
            else:
                columns.append(self._column())
            if not self._took(","):
                return tuple(columns), tuple(subqueries), False

    def _column(self) -> Column:
        name = self._name()
        return Column(_path(name), name.at)

    def _either(self) -> Condition:
        first = self._negated()
        word = self._next.word
        if word not in {"and", "or"}:
            return first
        parts = [first]
        while self._took(word):
            parts.append(self._negated())
        if self._next.word in {"and", "or"}:  # mixed without parentheses: SOQL wants them
            raise self._unexpected()
        return Joined(word, tuple(parts))

    def _negated(self) -> Condition:
        if self._took("not"):
            return Negated(self._negated())
        if self._took("("):
            inner = self._either()
            self._word(")")
            return inner
        return self._compared()

    def _compared(self) -> Compared:
        name = self._name()
        if self._took("not"):
            self._word("in")
            return self._among(name, "not in")
        if self._took("in"):
            return self._among(name, "in")
        if self._took("like"):
            return Compared(_path(name), name.at, "like", (self._literal(),))
        sign = self._next.word
        if sign not in _SIGNS:
            raise self._unexpected()
        self._place += 1
        return Compared(_path(name), name.at, "!=" if sign == "<>" else sign, (self._literal(),))

    def _among(self, name: Token, sign: str) -> Compared:
        self._word("(")
        if self._next.word == "select":
            inner = self.query()
            self._word(")")
            return Compared(_path(name), name.at, sign, (), inner)
        literals = [self._literal()]
        while self._took(","):
            literals.append(self._literal())
        self._word(")")
        return Compared(_path(name), name.at, sign, tuple(literals))

    def _order(self) -> tuple[Order, ...]:
        self._word("by")
        found = [self._ordered()]
        while self._took(","):
            found.append(self._ordered())
        return tuple(found)

    def _ordered(self) -> Order:
        column = self._column()
        descending = self._took("desc")
        if not descending:
            self._took("asc")
        last = False
        if self._took("nulls"):
            last = self._took("last")
            if not last:
                self._word("first")
        return Order(column, descending, last)

    def _whole(self) -> int:
        token = self._next
        if token.kind is not Kind.NUMBER or not token.text.isdecimal():
            raise self._unexpected()
        self._place += 1
        return int(token.text)

    def _literal(self) -> Token:
        token = self._next
        if token.kind not in _LITERALS or token.word in _RESERVED:
            raise self._unexpected()
        self._place += 1
        return token

    def _name(self) -> Token:
        token = self._next
        if token.kind is not Kind.NAME or token.word in _RESERVED or ":" in token.text:
            raise self._unexpected()
        self._place += 1
        return token

    def _took(self, word: str) -> bool:
        if self._next.word != word:
            return False
        self._place += 1
        return True

    def _word(self, word: str) -> None:
        if not self._took(word):
            raise self._unexpected()

    def _unexpected(self) -> SalesforceError:
        token = self._next
        problem = "unexpected end of query" if token.kind is Kind.END else f"unexpected token: '{token.text}'"
        return tokens.malformed(problem, self._text, token.at)


def _path(name: Token) -> Path:
    return tuple(name.text.split("."))
