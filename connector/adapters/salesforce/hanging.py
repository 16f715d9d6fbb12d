"""What hangs on each deal besides its lines: contacts by role, files by name.

They come along in the same query as the deals, as subqueries, so they cost no call of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase

from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import children
from connector.deals import Value
from connector.policy.model import Field, Home

ROLE = "OpportunityContactRole"
FILE = "ContentDocumentLink"
ANY = "*"
_ROLES = "OpportunityContactRoles"
_FILES = "ContentDocumentLinks"


def subqueries(fields: Sequence[Field]) -> tuple[str, ...]:
    """Return the parts of a query that bring along what the policy names."""
    homes = {field.home for field in fields}
    return (
        *((children(("Id", "ContactId", "Role"), _ROLES),) if Home.CONTACT in homes else ()),
        *((children(("Id", *_DOCUMENT), _FILES),) if Home.FILE in homes else ()),
    )


_DOCUMENT = ("ContentDocument.Title", "ContentDocument.FileExtension")


def read_hanging(client: Client, row: Row, fields: Sequence[Field]) -> Mapping[str, Value]:
    """Count the deal's contacts with each role, each person once, and its files with each name."""
    values: dict[str, Value] = {}
    contacts = [one for one in fields if one.home is Home.CONTACT]
    files = [one for one in fields if one.home is Home.FILE]
    if contacts:
        rows = list(_all(client, row, _ROLES, ROLE))
        values |= {one.name: Decimal(_holding(rows, one.match)) for one in contacts}
    if files:
        names = [_name(one.get("ContentDocument") or {}) for one in _all(client, row, _FILES, FILE)]
        values |= {one.name: Decimal(_matching(names, one.match)) for one in files}
    return values


def _all(client: Client, row: Row, relation: str, kind: str) -> Iterable[Row]:
    page = row.get(relation)
    while page:
        yield from page["records"]
        page = None if page["done"] else client.more(page["nextRecordsUrl"], kind)


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
