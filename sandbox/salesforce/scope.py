"""What a formula sees of a save: the record, and the globals it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sandbox.salesforce.errors import bad_request
from sandbox.salesforce.formula import Formula, FormulaError, Save, Value
from sandbox.salesforce.org import Org

_ZONE = ZoneInfo("Europe/Amsterdam")  # the zone of everybody here; TODAY() is a day of it


def holds(
    org: Org, formula: Formula, after: Mapping[str, Value], before: Mapping[str, Value] | None, user: str
) -> bool:
    """Return the answer of a condition; a formula that gives none refuses the save."""
    try:
        return formula.holds(save_of(org, formula, after, before, user))
    except FormulaError as error:
        raise bad_request("FIELD_INTEGRITY_EXCEPTION", f"The formula gives no answer: {error}") from error


def save_of(
    org: Org, formula: Formula, after: Mapping[str, Value], before: Mapping[str, Value] | None, user: str
) -> Save:
    """Return one save as a formula reads it."""
    return Save(after, before, org.now().astimezone(_ZONE), _Globals(org, formula, user))


@dataclass(frozen=True, slots=True)
class _Globals(Mapping[str, Value]):
    """Looks a global up when the formula comes to it."""

    org: Org
    formula: Formula
    user: str

    def __getitem__(self, name: str) -> Value:
        if not name.startswith(("$User.", "$Permission.", "$Setup.", "$Profile.", "$Organization.")):
            raise KeyError(name)
        return _global(self.org, name, self.user)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.formula.names if name.startswith("$"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _global(org: Org, name: str, user: str) -> Value:
    area, _, rest = name[1:].partition(".")
    if area == "Permission":
        return org.access.holds(user, rest)
    if area == "Setup":
        sobject, _, field = rest.partition(".")
        return _setting(org, sobject, field, user)
    if area == "Organization":
        return _cut(next(org.records.all("Organization")).values.get(rest), rest)
    record = org.records.find(user)
    if area == "Profile" and record is not None:
        record = org.records.find(record.text("ProfileId"))
    return _cut(record.values.get(rest), rest) if record else None


def _cut(value: Value, name: str) -> Value:
    """Formulas see ids of 15 characters."""
    return value[:15] if isinstance(value, str) and name.endswith("Id") else value


def _setting(org: Org, sobject: str, field: str, user: str) -> Value:
    """Return a hierarchy setting: the user's own, else the profile's, else the org's."""
    record = org.records.find(user)
    profile = record.text("ProfileId") if record else ""
    organization = next(org.records.all("Organization")).id
    for owner in (user, profile, organization):
        for one in org.records.children(sobject, "SetupOwnerId", owner):
            if not one.deleted and one.values.get(field) is not None:
                return one.values.get(field)
    return None
