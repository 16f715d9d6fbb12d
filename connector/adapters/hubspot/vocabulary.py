"""The policy's words as HubSpot's properties: which property each word reads, and its value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from connector.adapters.hubspot.fields import BUILT_IN
from connector.adapters.hubspot.library import Definitions
from connector.adapters.hubspot.parsing import parse
from connector.adapters.vocabulary import alarm, on_deal
from connector.deals import Unreadable, Value
from connector.policy.model import Field, FieldType, Home


@dataclass(frozen=True, slots=True)
class Word:
    """How one word is read. `known`: the account has the property; `mapped`: the policy names one at all."""

    name: str
    prop: str
    type: FieldType
    known: bool
    several: bool = False
    fraction: bool = False

    @property
    def mapped(self) -> bool:
        return bool(self.prop)

    def read(self, properties: Mapping[str, Any]) -> Value:
        """Return the word's value of one record. HubSpot leaves out properties that it does not know."""
        if self.prop in properties:
            return parse(properties[self.prop], self.type, several=self.several, fraction=self.fraction)
        if not self.mapped:
            return Unreadable("the policy names no HubSpot property for it", ours=True)
        if not self.known:
            return Unreadable(f"HubSpot has no property {self.prop} any more", ours=True)
        return None

    @property
    def alarm(self) -> str | None:
        """Return what an admin must hear of: a word that cannot be read at all."""
        return alarm(self.name, self.prop, known=self.known)


def property_of(field: Field) -> str:
    """Return the property that a word reads; empty where none is named."""
    return field.hubspot or (BUILT_IN.get(field.name, "") if field.home is Home.DEAL else "")


def words(fields: Iterable[Field], definitions: Definitions) -> tuple[Word, ...]:
    """Join words with the account's definitions."""
    return tuple(_word(field, definitions) for field in fields)


def readers(fields: Iterable[Field], definitions: Definitions) -> Mapping[str, Callable[[str | None], Value]]:
    """Return how the history of each word on the deal is read: HubSpot keeps it of every property."""
    known = (word for word in words(on_deal(fields), definitions) if word.known)
    return {word.name: partial(_entry, word) for word in known}


def _entry(word: Word, text: str | None) -> Value:
    return word.read({word.prop: text})


def _word(field: Field, definitions: Definitions) -> Word:
    name = property_of(field)
    known = definitions.get(name)
    if known is None:
        return Word(field.name, name, field.type, known=False)
    fraction = field.type is FieldType.PERCENT and known.fraction
    return Word(field.name, name, field.type, known=True, several=known.several, fraction=fraction)
