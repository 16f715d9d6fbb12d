"""What a client sends, field by field: is it there, may this user write it, does it fit."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.salesforce import ids
from sandbox.salesforce.access import Access
from sandbox.salesforce.errors import bad_request, no_such_column
from sandbox.salesforce.records import Records
from sandbox.salesforce.schema import Field, SObject
from sandbox.salesforce.values import Value


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes fields in for one org."""

    records: Records
    access: Access

    def accept(
        self, sobject: SObject, raw: Mapping[str, object], user: str, *, new: bool
    ) -> dict[str, Value]:
        """Return the values as they would be stored, or refuse the first that cannot be."""
        found: dict[str, Value] = {}
        for name, value in raw.items():
            field = self.field(sobject, name, user)
            self._check_writable(sobject, field, user, new=new)
            accepted = field.accept(value)
            found[field.name] = self._referred(field, accepted) if field.refers else accepted
        return found

    def field(self, sobject: SObject, name: str, user: str) -> Field:
        """Return the field of that name; INVALID_FIELD where this user sees none."""
        field = sobject.find(name)
        if field is None or not self.access.sees(user, sobject, field):
            raise no_such_column(name, sobject.name)
        return field

    def _check_writable(self, sobject: SObject, field: Field, user: str, *, new: bool) -> None:
        allowed = not field.formula and (field.creatable if new else field.updatable)
        if allowed and self.access.edits(user, sobject, field):
            return
        message = (
            f"Unable to create/update fields: {field.name}. Please check the security settings of "
            "this field and verify that it is read/write for your profile or permission set."
        )
        raise bad_request("INVALID_FIELD_FOR_INSERT_UPDATE", message, field.name)

    def _referred(self, field: Field, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        full = ids.whole(value)
        if full is None:
            message = f"{field.label or field.name}: id value of incorrect type: {value}"
            raise bad_request("MALFORMED_ID", message, field.name)
        target = self.records.find(full)
        if target is None or target.sobject.name not in field.refers:
            raise bad_request("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name)
        if target.deleted:
            raise bad_request("ENTITY_IS_DELETED", "entity is deleted", field.name)
        return full
