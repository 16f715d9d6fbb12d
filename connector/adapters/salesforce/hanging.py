"""What hangs on each deal besides its lines: contacts by role, files by name.

They come along in the same query as the deals, as subqueries, so they cost no call of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.library import Described
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import children
from connector.deals import Unreadable, Value
from connector.policy.model import Field, Home

ROLE = "OpportunityContactRole"
FILE = "ContentDocumentLink"
ANY = "*"
_ROLES = "OpportunityContactRoles"
_FILES = "ContentDocumentLinks"
_HIDDEN = Unreadable(f"Salesforce does not show us {ROLE}", ours=True)


@dataclass(frozen=True, slots=True)
class Hanging:
    """The policy's words that count contacts or files; `hidden`: contact roles are not shown to us."""

    contacts: tuple[Field, ...] = ()
    files: tuple[Field, ...] = ()
    hidden: bool = False

    @property
    def subqueries(self) -> tuple[str, ...]:
        """Return the parts of a query that bring along what the policy names."""
        shown = self.contacts and not self.hidden
        roles = (children(("Id", "ContactId", "Role"), _ROLES),) if shown else ()
        return (*roles, *subqueries(self.files))

    @property
    def lost(self) -> tuple[str, ...]:
        """Return what an admin must hear of."""
        return tuple(f"field-vanished {one.name}" for one in self.contacts) if self.hidden else ()

    def read(self, client: Client, row: Row) -> Mapping[str, Value]:
        """Count the deal's contacts with each role, each person once, and its files with each name."""
        values: dict[str, Value] = {}
        if self.hidden:
            values |= dict.fromkeys((one.name for one in self.contacts), _HIDDEN)
        elif self.contacts:
            rows = list(client.children(row, _ROLES, ROLE))
            values |= {one.name: Decimal(_holding(rows, one.match)) for one in self.contacts}
        if self.files:
            names = [_name(one.get("ContentDocument") or {}) for one in client.children(row, _FILES, FILE)]
            values |= {one.name: Decimal(_matching(names, one.match)) for one in self.files}
        return values


_DOCUMENT = ("ContentDocument.Title", "ContentDocument.FileExtension")


def hanging(look: Callable[[str], Described], fields: Sequence[Field]) -> Hanging:
    """Return what the policy names of it; `look` describes an object."""
    contacts = tuple(one for one in fields if one.home is Home.CONTACT)
    files = tuple(one for one in fields if one.home is Home.FILE)
    return Hanging(contacts, files, hidden=bool(contacts) and not look(ROLE).fields)


def subqueries(files: Sequence[Field]) -> tuple[str, ...]:
    """Return the part of a query that brings files along."""
    return (children(("Id", *_DOCUMENT), _FILES),) if files else ()


def _holding(rows: Iterable[Row], role: str) -> int:
    wanted = role.casefold()
    found = (one for one in rows if role == ANY or str(one.get("Role") or "").casefold() == wanted)
    return len({str(one.get("ContactId")) for one in found})


def _name(document: Row) -> str:
    """Return the title with its extension, which Salesforce keeps apart."""
    title, extension = str(document.get("Title") or ""), str(document.get("FileExtension") or "")
    whole = title if not extension or title.endswith(f".{extension}") else f"{title}.{extension}"
    return whole.casefold()


def _matching(names: Iterable[str], pattern: str) -> int:
    return sum(pattern == ANY or fnmatchcase(name, pattern.casefold()) for name in names)
