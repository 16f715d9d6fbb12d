"""Paths of a query: which field they end at, and how to walk there from a record."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.errors import SalesforceError, bad_request, no_such_column
from sandbox.salesforce.records import Record, Records
from sandbox.salesforce.schema import Field, Schema, SObject
from sandbox.salesforce.soql import tokens
from sandbox.salesforce.soql.parts import Path
from sandbox.salesforce.values import Value

_MOST_STEPS = 5

Sees = Callable[[SObject, Field], bool]


@dataclass(frozen=True, slots=True)
class Walk:
    """A path looked up: reference fields to follow, with the relation's names, and the field at its end."""

    steps: tuple[tuple[str, str], ...]
    field: Field

    def of(self, record: Record, records: Records) -> Value:
        """Return the value at the end of the walk."""
        here: Record | None = record
        for name, _ in self.steps:
            value = here.values.get(name) if here else None
            here = records.find(value) if isinstance(value, str) else None
        return here.values.get(self.field.name) if here else None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Looks names of one query up, for one user."""

    schema: Schema
    sees: Sees
    text: str

    def walk(self, sobject: SObject, path: Path, at: int) -> Walk:
        """Return the walk of a path from an object; INVALID_FIELD where there is none."""
        if len(path) - 1 > _MOST_STEPS:
            raise self._refused("INVALID_FIELD", "Relationship path is too long", at)
        here: tuple[SObject, ...] = (sobject,)
        steps: list[tuple[str, str]] = []
        for name in path[:-1]:
            way = self._relation(here, name, at)
            steps.append((way.name, way.relation))
            here = tuple(self.schema.get(one) for one in way.refers)
        for one in here:
            field = one.find(path[-1])
            if field is not None and self.sees(one, field):
                return Walk(tuple(steps), field)
        raise no_such_column(path[-1], here[0].name, tokens.where(self.text, at))

    def _relation(self, here: tuple[SObject, ...], name: str, at: int) -> Field:
        for one in here:
            found = one.by_relation(name)
            if found is not None and self.sees(one, found):
                return found
        raise self._refused(
            "INVALID_FIELD",
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom "
            "relationship, be sure to append the '__r' after the custom relationship name. Please reference "
            "your WSDL or the describe call for the appropriate names.",
            at,
        )

    def _refused(self, code: str, problem: str, at: int) -> SalesforceError:
        return bad_request(code, tokens.where(self.text, at) + problem)
