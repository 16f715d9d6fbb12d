"""Validation rules: what a save must not do."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.drafts import Draft
from sandbox.salesforce.errors import SalesforceError, bad_request


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `refuses` says of a draft whether it must not be saved."""

    name: str
    sobject: str
    message: str
    refuses: Callable[[Draft], bool]
    field: str = ""

    def check(self, draft: Draft) -> None:
        """Refuse the draft where the rule does."""
        if self.refuses(draft):
            raise self.refusal()

    def refusal(self) -> SalesforceError:
        fields = (self.field,) if self.field else ()
        return bad_request("FIELD_CUSTOM_VALIDATION_EXCEPTION", self.message, *fields)
