"""What the rules of a checklist may name."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.policy.checklist import Feasible
from connector.policy.company import unread
from connector.policy.sold import Offering
from connector.policy.source import Path, Source
from connector.policy.vocabulary import Field, FieldType

PRODUCT = "product"  # in the feasibility table: the product of the line
ROW_KEYS = ("id", "answer", "goes-to", "says")


@dataclass(frozen=True, slots=True)
class Words:
    """What the rules may name. `stages`: those at which the policy's gates stand."""

    source: Source
    fields: Mapping[str, Field]
    offering: Offering
    currency: str | None
    stages: tuple[str, ...]

    @property
    def unclear_stages(self) -> bool:
        """Say whether it cannot be told at which stages gates stand."""
        gates = self.source.at(("gates",))
        if not isinstance(gates, list):
            return self.source.broken(("gates",))
        return any(self.source.broken(("gates", place, "stage")) for place in range(len(gates)))

    def is_role(self, path: Path, role: str | None) -> None:
        """Note a role that the policy does not have."""
        if role is not None:
            self.source.refers(path, role, sorted(self.source.names("roles")), "role of this policy")

    def field(self, path: Path, name: str) -> Field | None:
        """Return the field of this name; note one that the policy does not have."""
        known = sorted(self.fields.keys() | set(self.source.names("fields")))
        return (
            self.fields.get(name) if self.source.refers(path, name, known, "field of this policy") else None
        )


def check_answer(source: Source, path: Path, answer: Feasible, *, sent: bool, told: bool) -> None:
    """Note an answer of the feasibility table that says neither who decides nor what to tell the rep."""
    if answer is Feasible.REVIEW and not sent:
        source.problem(path, f"found {answer}, but no `goes-to` names who reviews")
    if answer in {Feasible.CHANGED, Feasible.NO} and not told:
        source.problem((*path, "says"), f"is missing; needed: what to tell the rep, for it is {answer}")


def with_product(words: Words) -> Mapping[str, Field]:
    """Return the policy's words with the product of a line."""
    labels = tuple(name for one in words.offering.products for name in dict.fromkeys((one.id, one.label)))
    options = tuple(dict.fromkeys((*labels, *unread(words.source)))) if labels else ()
    return {**words.fields, PRODUCT: Field(PRODUCT, PRODUCT, FieldType.ENUM, options=options)}
