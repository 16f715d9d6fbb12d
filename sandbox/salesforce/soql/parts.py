"""What a query says, before anybody asked whether those fields exist."""

from dataclasses import dataclass

from sandbox.salesforce.soql.tokens import Token

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """`field sign literal`; for `in` and `not in` there are several literals, or a query of its own."""

    path: Path
    at: int
    sign: str
    literals: tuple[Token, ...]
    inner: "Query | None" = None


@dataclass(frozen=True, slots=True)
class Joined:
    """All (`and`) or one (`or`) of the parts hold."""

    word: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Negated:
    part: "Condition"


Condition = Compared | Joined | Negated


@dataclass(frozen=True, slots=True)
class Column:
    path: Path
    at: int


@dataclass(frozen=True, slots=True)
class Order:
    column: Column
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """`source` is an object's name, or a child relationship's in a subquery; `counts` for COUNT()."""

    source: str
    at: int
    columns: tuple[Column, ...]
    subqueries: tuple["Query", ...]
    counts: bool
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
