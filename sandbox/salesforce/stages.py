"""Which stages a record type offers: its sales process, which no query shows."""

from decimal import Decimal

from sandbox.salesforce.errors import JsonObject
from sandbox.salesforce.org import Org
from sandbox.salesforce.records import Record


def of_record_type(org: Org, developer_name: str) -> list[Record]:
    """Return the active stages of a record type in their order; all of them for the master one."""
    found = [one for one in org.records.all("OpportunityStage") if one.values["IsActive"]]
    if developer_name in org.processes:
        found = [one for one in found if one.text("ApiName") in org.processes[developer_name]]
    return sorted(found, key=lambda one: Decimal(str(one.values["SortOrder"])))


def shown(stage: Record) -> JsonObject:
    """Return a stage as the UI API does (the spelling of picklistAtributesValueType is the vendor's)."""
    probability = stage.values["DefaultProbability"]
    return {
        "value": stage.text("ApiName"),
        "label": stage.text("MasterLabel"),
        "validFor": [],
        "attributes": {
            "picklistAtributesValueType": "OpportunityStage",
            "closed": stage.values["IsClosed"],
            "won": stage.values["IsWon"],
            "defaultProbability": float(probability) if isinstance(probability, Decimal) else None,
            "forecastCategoryName": stage.text("ForecastCategoryName"),
        },
    }
