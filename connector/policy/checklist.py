"""The intake checklist as the engine reads it: one record for each kind of check."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from connector.policy.cell import Cell


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that must be filled, all of it matching `pattern`. `may_be_unknown`: see RequiredData.

    `due`: the stage from which on it is held against the deal, None from the first gate on. `otherwise`:
    other fields of which one filled in is as good.
    """

    field: str
    pattern: str | None = None
    may_be_unknown: bool = True
    where: str = ""
    due: str | None = None
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredData:
    """Fields that must be filled. A role may be named that decides on "unknown, because ..." answers."""

    id: str
    fields: tuple[RequiredField, ...]
    where: str = ""
    unknown_goes_to: str | None = None


class Feasible(StrEnum):
    """Can it be delivered as it is sold? From the best answer to the worst."""

    YES = "feasible"
    CHANGED = "feasible-with-changes"
    REVIEW = "needs-review"
    NO = "not-feasible"

    @property
    def severity(self) -> int:
        """Order the answers: of several rows the worst one counts."""
        return tuple(Feasible).index(self)


@dataclass(frozen=True, slots=True)
class Question:
    """A technical question: the field that holds its answer, its wording, and who knows."""

    field: str
    text: str
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class FeasibleRow:
    """One rule of the feasibility table. `product` tests the names of a line's product; `role` decides where
    the answer takes a person; `says` tells what has to change or why it cannot be."""

    id: str
    cells: tuple[Cell, ...]
    answer: Feasible
    product: Cell | None = None
    role: str | None = None
    says: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The decision table, held against each product line where a row names products, else against the deal.
    `otherwise` is the answer where no row matches, None: then it is unknown."""

    id: str
    rows: tuple[FeasibleRow, ...]
    questions: tuple[Question, ...] = ()
    otherwise: Feasible | None = None
    role: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Are the people there when they are needed? `start` is the field that holds the promised start;
    `fallback_days` after today is taken where it is empty, None: then it is asked for. `role` decides where
    the promised start does not fit, None: then the rep has to move it. `fresh_days` is how old the imported
    hours may be. `win_chance` is the field that holds the chance to win, None: as if certain; `hold_days` how
    long a cleared deal keeps its hours before it is won."""

    id: str
    start: str
    fallback_days: int | None = None
    role: str | None = None
    fresh_days: int = 7
    win_chance: str | None = None
    hold_days: int = 30
    where: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A severity of deviations: worth up to `limit` (money in `currency`), None: anything above."""

    name: str
    limit: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Deviations:
    """Measure the distance from the offering: discount, terms, scope, products, options, lead time. `bands`
    from the mildest to the severest."""

    id: str
    where: str = ""
    bands: tuple[Band, ...] = ()


Check = RequiredData | Feasibility | Capacity | Deviations


@dataclass(frozen=True, slots=True)
class Checklist:
    id: str
    checks: tuple[Check, ...]
    where: str = ""
