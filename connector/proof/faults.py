"""What can be wrong with a matrix, each with the deals that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connector.deals import Value
from connector.policy.model import Matrix, Row


class Kind(StrEnum):
    """NOT_PROVED is no fault: the matrix has more combinations than may be looked at."""

    NOBODY = "nobody-decides"
    NO_RATE = "no-exchange-rate"
    CONTRADICTION = "rows-contradict"
    UNREACHABLE = "row-never-matches"
    SILENT = "row-never-counts"
    LESS = "worse-needs-less"
    FEW_HOLDERS = "too-few-holders"
    FEW_TOGETHER = "too-few-holders-together"
    NOBODY_ABOVE = "nobody-above"
    NOT_PROVED = "not-proved"


@dataclass(frozen=True, slots=True)
class Witness:
    """A deal that shows a fault. `told` are the fields that matter, in words; the others may be anything.
    `values` holds every input of the matrix, one of many where it does not matter."""

    values: Mapping[str, Value]
    currency: str | None
    told: str = ""
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `rows` are those at fault, the first is where to look; `witness` the deal that shows it,
    `milder` the better deal of which more is asked; `said` finishes the sentence where the kind alone does
    not; `checked` how many combinations were looked at; `path` its place in the file."""

    kind: Kind
    matrix: Matrix
    rows: tuple[Row, ...] = ()
    witness: Witness | None = None
    milder: Witness | None = None
    said: str = ""
    checked: int = 0
    path: str = ""
