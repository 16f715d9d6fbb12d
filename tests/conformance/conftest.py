"""Every request while both CRMs are compared is held against the vendors' descriptions."""

from tests.adapters.contract import hubspot_contract
from tests.adapters.salesforce_contract import salesforce_contract

__all__ = ["hubspot_contract", "salesforce_contract"]
