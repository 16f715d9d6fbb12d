"""Outbound messages as XML, and the answer to them (reference 1.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from sandbox.salesforce.values import Value, shown

CONTENT_TYPE = "text/xml; charset=utf-8"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_OUTBOUND = "http://soap.sforce.com/2005/09/outbound"
_ENTERPRISE = "urn:sobject.enterprise.soap.sforce.com"


@dataclass(frozen=True, slots=True)
class Notification:
    """One record as it is when the message leaves; `values` holds the fields the message selects."""

    id: str
    sobject: str
    values: Mapping[str, Value]


def envelope(organization: str, action: str, instance: str, notifications: Iterable[Notification]) -> bytes:
    """Return the body of a message. Elements stand in the order the vendor's schema fixes."""
    told = "".join(_notification(one) for one in notifications)
    soap = f"{instance}/services/Soap"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_ENVELOPE}" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        f'<notifications xmlns="{_OUTBOUND}"><OrganizationId>{organization}</OrganizationId>'
        f'<ActionId>{action}</ActionId><SessionId xsi:nil="true"/>'
        f"<EnterpriseUrl>{soap}/c/66.0/{organization[:15]}</EnterpriseUrl>"
        f"<PartnerUrl>{soap}/u/66.0/{organization[:15]}</PartnerUrl>{told}"
        "</notifications></soapenv:Body></soapenv:Envelope>"
    ).encode()


def acknowledged(body: bytes) -> bool:
    """Say whether an answer is an Ack that says true; anything else is none."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - the answer of our own receiver
    except ElementTree.ParseError:
        return False
    path = f"{{{_ENVELOPE}}}Body/{{{_OUTBOUND}}}notificationsResponse/{{{_OUTBOUND}}}Ack"
    return root.tag == f"{{{_ENVELOPE}}}Envelope" and (root.findtext(path) or "").strip() == "true"


def _notification(one: Notification) -> str:
    fields = "".join(_element(name, value) for name, value in one.values.items())
    return (
        f'<Notification><Id>{one.id}</Id><sObject xsi:type="sf:{one.sobject}" xmlns:sf="{_ENTERPRISE}">'
        f"{fields}</sObject></Notification>"
    )


def _element(name: str, value: Value) -> str:
    if value is None:
        return f'<sf:{name} xsi:nil="true"/>'
    told = shown(value)
    if isinstance(value, bool):
        return f"<sf:{name}>{'true' if value else 'false'}</sf:{name}>"
    text = str(told).replace("+0000", "Z") if isinstance(value, datetime) else str(told)
    return f"<sf:{name}>{escape(text)}</sf:{name}>"
