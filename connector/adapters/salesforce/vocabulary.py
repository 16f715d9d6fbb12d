"""The policy's words as Salesforce's fields: which field each word reads, and its value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.adapters.salesforce.fields import BUILT_IN
from connector.adapters.salesforce.library import ACCOUNT, OPPORTUNITY, Described
from connector.adapters.salesforce.parsing import parse
from connector.adapters.vocabulary import alarm
from connector.deals import Unreadable, Value
from connector.policy.model import Field, FieldType, Home

_KINDS = {Home.DEAL: OPPORTUNITY, Home.COMPANY: ACCOUNT}
_OWN = "__c"


@dataclass(frozen=True, slots=True)
class Word:
    """How one word is read. `known`: the org shows us the field; `api`: "" where the policy names none."""

    name: str
    api: str
    type: FieldType
    known: bool
    several: bool = False

    def read(self, row: Mapping[str, Any]) -> Value:
        """Return the word's value of one record."""
        if self.known:
            return parse(row.get(self.api), self.type, several=self.several)
        if not self.api:
            return Unreadable("the policy names no Salesforce field for it", ours=True)
        return Unreadable(f"Salesforce has no field {self.api} any more", ours=True)

    @property
    def alarm(self) -> str | None:
        """Return what an admin must hear of: a word that cannot be read at all."""
        return alarm(self.name, self.api, known=self.known)


def api_name(field: Field) -> str:
    """Return the field that a word reads; empty where none is named."""
    return field.salesforce or (BUILT_IN.get(field.name, "") if field.home is Home.DEAL else "")


def granted(fields: Iterable[Field], look: Callable[[str], Described]) -> Iterator[str]:
    """Yield the customer's own fields that the policy reads, as "Opportunity.Region__c", for a permission set
    to show them to us: of objects that we see, those that not everybody sees anyway."""
    for field in fields:
        kind, name = _KINDS.get(field.home), api_name(field)
        if kind is None or not name.endswith(_OWN) or not look(kind).fields:
            continue
        known = look(kind).field(name)
        if known is None or known.grantable:
            yield f"{kind}.{known.name if known else name}"


def unread(fields: Iterable[Field], opportunity: Described) -> frozenset[str]:
    """Return the API names of texts on the deal that no condition of a flow may name: long ones, and those of
    which we do not know, for one that may not be named refuses the whole package."""
    texts = (api_name(one) for one in fields if one.home is Home.DEAL and one.type is FieldType.TEXT)
    found = ((name, opportunity.field(name)) for name in texts if name)
    return frozenset(name for name, known in found if known is None or known.long)


def on_company(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the words on the account."""
    return tuple(field for field in fields if field.home is Home.COMPANY)


def words(fields: Iterable[Field], described: Described) -> tuple[Word, ...]:
    """Join words with what the org has."""
    return tuple(_word(field, described) for field in fields)


def _word(field: Field, described: Described) -> Word:
    named = api_name(field)
    known = described.field(named)
    if known is None:
        return Word(field.name, named, field.type, known=False)
    return Word(field.name, known.name, field.type, known=True, several=known.several)
