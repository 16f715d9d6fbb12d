"""Every record sent to Salesforce in a test run, held against the vendor's own description as it leaves.

The description knows the standard objects (v59.0); our own fields come from our table, and the few that it was
cut without are named here. Where it is not at hand nothing is checked, and test_salesforce_contract.py says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
import urllib3
from openapi_schema_validator import OAS30Validator

from connector.adapters.salesforce.fields import (
    ACTIVITY_FIELDS,
    OPPORTUNITY_FIELDS,
    SETTING,
    SETTING_FIELDS,
    CustomField,
    Kind,
)

DESCRIPTION = Path(__file__).parents[3] / "shared" / "contracts" / "salesforce-sobjects-openapi.json"
MOST = 200
_COLLECTION = re.compile(r"^/services/data/v[\d.]+/composite/sobjects$")
_NUMBER = {"type": "number", "nullable": True}
_TEXT = {"type": "string", "nullable": True}
_TYPES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.TEXT: _TEXT,
    Kind.TEXT_AREA: _TEXT,
    Kind.LONG_TEXT: _TEXT,
    Kind.PICKLIST: _TEXT,
    Kind.CURRENCY: _NUMBER,
    Kind.NUMBER: _NUMBER,
    Kind.PERCENT: _NUMBER,
    Kind.CHECKBOX: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date", "nullable": True},
    Kind.MOMENT: {"type": "string", "format": "date-time", "nullable": True},
}
CUT = {"Opportunity": {"RecordTypeId": _TEXT}}
"""Standard fields that the description was cut without."""


@dataclass(slots=True)
class Contract:
    """What was checked, by kind, and what it broke."""

    checked: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def take(self, method: str, url: str, body: Any) -> None:
        """Check one request as it leaves."""
        if method not in {"POST", "PATCH"} or not _COLLECTION.match(url.partition("?")[0]):
            return
        sent = orjson.loads(body)
        records = sent.get("records", ())
        if sent.get("allOrNone") is not False or len(records) > MOST:
            self.broken.append(f"{method}: {len(records)} records, allOrNone {sent.get('allOrNone')}")
        for record in records:
            kind = record["attributes"]["type"]
            self.checked[kind] = self.checked.get(kind, 0) + 1
            self.broken.extend(problems(method, kind, record))


def problems(method: str, kind: str, record: Mapping[str, Any]) -> list[str]:
    """Return what the description has against one record."""
    values = {name: value for name, value in record.items() if name not in {"attributes", "id"}}
    told = [f"{kind}: {one.message}" for one in OAS30Validator(schema(kind)).iter_errors(values)]
    if (method == "PATCH") is not ("id" in record):
        told.append(f"{kind}: {method} with{'' if 'id' in record else 'out'} an id")
    return told


@cache
def schema(kind: str) -> Mapping[str, Any]:
    """Return the schema of one object: the vendor's, with our own fields."""
    ours = {"Opportunity": OPPORTUNITY_FIELDS, "Task": ACTIVITY_FIELDS, SETTING: SETTING_FIELDS}
    custom = {one.name: _own(one) for one in ours.get(kind, ()) if not one.formula}
    if kind == SETTING:
        standard: Mapping[str, Any] = {"SetupOwnerId": {"type": "string"}}
    else:
        standard = _described()["components"]["schemas"][f"{kind}SObject"]["properties"]
    return {
        "type": "object",
        "properties": {**standard, **CUT.get(kind, {}), **custom},
        "patternProperties": {r"^Ops_Range_\w+_(Min|Max)__c$": {"nullable": True}},
        "additionalProperties": False,
    }


def _own(one: CustomField) -> Mapping[str, Any]:
    longest = {"maxLength": one.length} if one.length else {}
    return {**_TYPES[one.kind], **longest}


@cache
def _described() -> Mapping[str, Any]:
    return orjson.loads(DESCRIPTION.read_bytes())


@pytest.fixture(autouse=True)
def salesforce_contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[Contract]:
    """Fail the test that sent Salesforce a record that its description does not allow."""
    contract = Contract()
    if DESCRIPTION.exists():
        send = urllib3.HTTPConnectionPool.urlopen

        def taken(pool: Any, method: str, url: str, body: Any = None, **rest: Any) -> Any:
            contract.take(method, url, body)
            return send(pool, method, url, body=body, **rest)

        monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", taken)
    yield contract
    assert not contract.broken, "\n".join(contract.broken)
