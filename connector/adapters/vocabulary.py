"""The words that every deal has, whatever the policy names; which of them stand on the deal itself."""

from collections.abc import Iterable

from connector.policy.model import Field, FieldType, Home

_ALWAYS = (
    Field("name", "Deal name", FieldType.TEXT),
    Field("amount", "Amount", FieldType.MONEY),
    Field("close-date", "Close date", FieldType.DATE),
    Field("owner", "Owner", FieldType.PERSON),
)


def on_deal(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the words on the deal itself: the policy's, and those that every deal has."""
    named = [field for field in fields if field.home is Home.DEAL]
    taken = {field.name for field in named}
    return (*named, *(field for field in _ALWAYS if field.name not in taken))


def alarm(word: str, source: str, *, known: bool) -> str | None:
    """Return what an admin must hear of: a word that cannot be read at all. `source`: the vendor's field,
    empty where the policy names none; `known`: the account has it."""
    if not source:
        return f"field-unmapped {word}"
    return None if known else f"field-vanished {word}"
