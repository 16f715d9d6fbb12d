"""The policy of the tests: one field of each sort that the gate's rule can watch."""

from connector.adapters.salesforce.package import Org, render
from connector.policy.model import Field, FieldType, Home, Weight, Worse

USERS = Field(
    "number-of-users",
    "number of users",
    FieldType.NUMBER,
    salesforce="Number_Of_Users__c",
    worse=Worse.HIGHER,
)
START = Field(
    "start-date",
    "start date",
    FieldType.DATE,
    salesforce="Start_Date__c",
    worse=Worse.LOWER,
    weight=Weight.NOTIFY,
)
ADDRESS = Field("delivery-address", "delivery address", FieldType.TEXT, salesforce="Delivery_Address__c")
REGION = Field("region", "region", FieldType.ENUM, salesforce="Region__c")
LEFT_OUT = (
    Field("amount", "amount", FieldType.MONEY, salesforce="Amount", worse=Worse.HIGHER),
    Field("owner", "owner", FieldType.PERSON, salesforce="OwnerId"),
    Field("discount", "discount", FieldType.PERCENT, Home.DERIVED),
    Field("industry", "industry", FieldType.TEXT, Home.COMPANY, salesforce="Industry"),
    Field("next-step", "next step", FieldType.TEXT, salesforce="NextStep", weight=Weight.IGNORE),
    Field("hubspot-only", "hubspot only", FieldType.TEXT, hubspot="only_there"),
)
FIELDS = (USERS, START, ADDRESS, REGION, *LEFT_OUT)
EVERYTHING_ON = Org(multi_currency=True, record_types=True)


def package(org: Org | None = None) -> dict[str, str]:
    """Render the package of this policy."""
    return dict(render(FIELDS, org=org))
