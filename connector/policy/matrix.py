"""The decision table that says who may decide what up to which limit (delegation of authority)."""

from dataclasses import dataclass, field
from enum import StrEnum

from connector.policy.cell import Cell
from connector.policy.index import Index


class HitPolicy(StrEnum):
    UNIQUE = "unique"
    COLLECT = "collect"


class Ruling(StrEnum):
    """What a row of the authority matrix says. VETO comes beside it: somebody may stop the deal. UNKNOWN is
    never written: it is a matrix without a safe answer (an input is not known, no row covers the deal, two
    rows of a unique matrix match)."""

    SALES = "sales-decides"
    SIGN_OFF = "sign-off"
    NOTIFY = "notify"
    VETO = "veto"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `cells` are its tests (a cell written `-` is left out), `text` the policy's own words.

    Of `roles` as many must sign as `quorum` says, None is all; `in_order`: each is asked when the one before
    has signed, else all at once. `veto`: roles that are told and may stop it within `veto_within` working
    hours (None: the time of any answer); nobody waits for them. `attest`: the fact that a signature states;
    with `own` the deal's owner may state it. `rises`: after so many working hours those above are asked too,
    0 at once, None as the policy says for all.
    """

    id: str
    cells: tuple[Cell, ...]
    ruling: Ruling
    roles: tuple[str, ...] = ()
    where: str = ""
    text: str = ""
    quorum: int | None = None
    in_order: bool = False
    veto: tuple[str, ...] = ()
    veto_within: int | None = None
    attest: str = ""
    own: bool = False
    rises: int | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A decision table; `index`, how it is read, and all `roles` it names are made from its rows."""

    id: str
    hit: HitPolicy
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]
    where: str = ""
    index: Index = field(init=False, repr=False, compare=False)
    roles: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = (role for row in self.rows for role in (*row.roles, *row.veto))
        object.__setattr__(self, "roles", tuple(dict.fromkeys(named)))
        object.__setattr__(self, "index", Index.of([row.cells for row in self.rows]))
