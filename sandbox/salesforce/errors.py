"""Refusals, in the shapes Salesforce has for them: a call's, a collection's, and those of a page."""

from collections.abc import Iterable

JsonObject = dict[str, object]


class SalesforceError(Exception):
    """A refused call or record. `fields` names the fields to blame."""

    def __init__(self, status: int, code: str, message: str, fields: Iterable[str] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.fields = tuple(fields)

    def body(self) -> list[JsonObject] | JsonObject:
        """Return the body of a refused call."""
        told: JsonObject = {"message": self.message, "errorCode": self.code}
        if self.fields:
            told["fields"] = list(self.fields)
        return [told]

    def row(self) -> JsonObject:
        """Return the result of a refused record of a collection."""
        error: JsonObject = {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}
        return {"success": False, "errors": [error]}


class RecordError(SalesforceError):
    """A save that a page asked for and did not get: what was wrong, by field."""

    def __init__(self, refused: SalesforceError) -> None:
        super().__init__(refused.status, refused.code, refused.message, refused.fields)

    def body(self) -> JsonObject:
        """Return the Error with Output of the UI API."""
        told: JsonObject = {"errorCode": self.code, "message": self.message}
        by_field = {one: [{**told, "field": one, "constituentField": None}] for one in self.fields}
        message = "An error occurred while trying to update the record. Please try again."
        output = {"errors": [] if by_field else [told], "fieldErrors": by_field}
        return {"message": message, "statusCode": self.status, "errorCode": self.code, "output": output}


def bad_request(code: str, message: str, *fields: str) -> SalesforceError:
    return SalesforceError(400, code, message, fields)


def invalid_session() -> SalesforceError:
    return SalesforceError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def not_found(message: str = "The requested resource does not exist") -> SalesforceError:
    return SalesforceError(404, "NOT_FOUND", message)


def deleted() -> SalesforceError:
    return SalesforceError(404, "ENTITY_IS_DELETED", "entity is deleted")


def locked_row() -> SalesforceError:
    return bad_request("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")


def locked_entity() -> SalesforceError:
    return bad_request("ENTITY_IS_LOCKED", "the entity is locked for editing")


def limit_exceeded(what: str = "TotalRequests") -> SalesforceError:
    return SalesforceError(403, "REQUEST_LIMIT_EXCEEDED", f"{what} Limit exceeded.")


def unknown_type(name: str) -> SalesforceError:
    message = (
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to "
        "append the '__c' after the entity name. Please reference your WSDL or the describe call for the "
        "appropriate names."
    )
    return bad_request("INVALID_TYPE", message)


def no_such_column(name: str, kind: str, where: str = "") -> SalesforceError:
    """Refuse a field that is not there, or that this user may not see: nobody is told which."""
    if not where:
        return bad_request("INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}")
    message = (
        f"{where}No such column '{name}' on entity '{kind}'. If you are attempting to use a custom field, be "
        "sure to append the '__c' after the custom field name. Please reference your WSDL or the describe "
        "call for the appropriate names."
    )
    return bad_request("INVALID_FIELD", message)
