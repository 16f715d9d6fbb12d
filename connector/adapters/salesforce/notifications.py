"""Outbound messages as bells: bytes in, ids out. What else one says is not believed: anybody may post it.

Shape: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_wsdl.htm
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from connector.adapters.base import Rung
from connector.adapters.salesforce.ids import full
from connector.deals import ObjectType
from connector.errors import DealgateError

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OUTBOUND = "http://soap.sforce.com/2005/09/outbound"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_MOST = 100  # notifications in one message

# Of these objects the id alone rings a bell; the first three characters tell which object an id is of.
OBJECTS: Mapping[str, tuple[str, ObjectType]] = {
    "Opportunity": ("006", ObjectType.DEAL),
    "Task": ("00T", ObjectType.TASK),
    "OpportunityLineItem": ("00k", ObjectType.LINE_ITEM),
    "Account": ("001", ObjectType.COMPANY),
    "Contact": ("003", ObjectType.CONTACT),
}
_DOCTYPE = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
# A hundred notifications of fifty fields have 10,000 tags and 5,200 attributes. More is not looked at: one
# tag with 100,000 attributes costs libxml2 a quarter of a second.
_MOST_TAGS = _MOST_ATTRIBUTES = 20_000


@dataclass(slots=True, eq=False)
class NotNotifications(DealgateError):
    """The body is not an outbound message."""

    reason: str = "not-notifications"


@dataclass(frozen=True, slots=True)
class Message:
    """What one message says: whose it is, which records to look at, and how many more we do not know."""

    organization: str
    rungs: tuple[Rung, ...]
    unknown: int = 0


def parse(body: bytes) -> Message:
    """Read one message; NotNotifications where it is none.

    UTF-8 only, and no DOCTYPE, so no entity is ever declared; libxml2 refuses more than 256 levels by itself.
    """
    if body.startswith(_WIDE) or _DOCTYPE.search(body):
        raise NotNotifications("Only UTF-8 without a DOCTYPE is read here.")
    if body.count(b"<") > _MOST_TAGS or body.count(b"=") > _MOST_ATTRIBUTES:
        raise NotNotifications("It has more tags or attributes than any message of ours.")
    root = _root(body)
    if root.tag != f"{{{SOAP}}}Envelope":
        raise NotNotifications("The root is not a SOAP envelope.")
    notes = root.find(f"{{{SOAP}}}Body/{{{OUTBOUND}}}notifications")
    if notes is None:
        raise NotNotifications("The envelope holds no notifications.")
    organization = full((notes.findtext(f"{{{OUTBOUND}}}OrganizationId") or "").strip())
    found = notes.findall(f"{{{OUTBOUND}}}Notification/{{{OUTBOUND}}}sObject")
    if organization is None or len(found) > _MOST:
        raise NotNotifications("It names no organisation, or more than 100 records.")
    return _message(organization, found)


def _root(body: bytes) -> etree._Element:
    # A parser is not shared between threads, and one costs less than the smallest message.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotNotifications("The body is not well-formed XML.") from error


def _message(organization: str, objects: Sequence[etree._Element]) -> Message:
    rungs = [_rung(one) for one in objects]
    known = tuple(dict.fromkeys(rung for rung in rungs if rung is not None))
    return Message(organization, known, sum(rung is None for rung in rungs))


def _rung(record: etree._Element) -> Rung | None:
    """Return the bell of one record; fields are known by their local name, whatever namespace they are in."""
    name = (record.get(_TYPE) or "").rpartition(":")[2]
    prefix, kind = OBJECTS.get(name, ("", None))
    told = next((one.text for one in record if etree.QName(one).localname == "Id"), None)
    known = full((told or "").strip())
    if kind is None or known is None or not known.startswith(prefix):
        return None
    return Rung(kind, known)
