"""A Company as a Salesforce org: the projection of the vendor-neutral records."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sandbox import company as c
from sandbox.salesforce import seed_deals
from sandbox.salesforce.org import Org
from sandbox.salesforce.schema import SHORT_TEXT, Choice, Field, Type
from sandbox.salesforce.seeded import Seeded
from sandbox.salesforce.values import Value

OPERATIONS = "Operations"
LOADER = "data.loader@example.com"
ADMIN = "admin@example.com"
INTEGRATION = "dealgate.integration@example.com"
OTHER_APP = "other.app@example.com"
_TYPES = {
    c.FieldKind.TEXT: Type.STRING,
    c.FieldKind.NUMBER: Type.DOUBLE,
    c.FieldKind.DATE: Type.DATE,
    c.FieldKind.CHOICE: Type.PICKLIST,
}
CUSTOM = "Custom connector"
_API_ONLY = "Minimum Access - API Only Integrations"
_MACHINE_USERS = (
    ("automatedprocess@example.com", "Automated Process", _API_ONLY, "AutomatedProcess"),
    (ADMIN, "Ada Admin", "System Administrator", "Standard"),
    (INTEGRATION, "Dealgate Integration", _API_ONLY, "Standard"),
    (LOADER, "Data Loader", _API_ONLY, "Standard"),
    (OTHER_APP, "Other App", _API_ONLY, "Standard"),
)
_PROFILES = {
    "Standard User": "Salesforce",
    "System Administrator": "Salesforce",
    _API_ONLY: "Salesforce Integration",
}
_EVER = date(9999, 12, 31)  # where no later rate follows
MACHINES = tuple(username for username, *_ in _MACHINE_USERS)
_CATEGORIES = {
    c.StageKind.OPEN: ("Pipeline", "Pipeline"),
    c.StageKind.WON: ("Closed", "Closed"),
    c.StageKind.LOST: ("Omitted", "Omitted"),
}


def load(org: Org, company: c.Company) -> Seeded:
    """Fill an org. Nobody is told: what was there before the app came rings no bell."""
    with org.lock:
        listeners, org.listeners = org.listeners, []
        try:
            return _load(org, company)
        finally:
            org.listeners = listeners


def _load(org: Org, company: c.Company) -> Seeded:
    organization = _organization(org, company)
    users = _users(org, company)
    record_types = _pipelines(org, company)
    _fields(org, company)
    book = org.add("Pricebook2", {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}).id
    products, entries = _products(org, company, book)
    admin = users[ADMIN]
    customers = {one.key: org.create("Account", _customer(one), admin).id for one in company.customers}
    contacts = {
        one.key: org.create("Contact", _contact(one, customers), admin).id for one in company.contacts
    }
    queue = _queue(org, users)
    made = Seeded(users, products, entries, customers, contacts, record_types, organization, book, queue)
    return replace(made, deals={deal.key: seed_deals.load(org, made, deal) for deal in company.deals})


def _organization(org: Org, company: c.Company) -> str:
    for order, (name, closed) in enumerate(org.setup.task_statuses):
        values: dict[str, Value] = {"ApiName": name, "MasterLabel": name, "IsClosed": closed}
        org.add("TaskStatus", values | {"IsDefault": order == 0, "SortOrder": Decimal(order + 1)})
    if org.setup.multi_currency:
        main: dict[str, Value] = {
            "IsoCode": company.currency,
            "ConversionRate": Decimal(1),
            "IsCorporate": True,
        }
        shared: dict[str, Value] = {"IsActive": True, "DecimalPlaces": Decimal(2)}
        org.add("CurrencyType", {**main, **shared})
        for currency, rate in org.setup.rates.items():
            org.add(
                "CurrencyType",
                {"IsoCode": currency, "ConversionRate": rate, "IsCorporate": False, **shared},
            )
        for currency, dated in (org.setup.dated_rates or {}).items():
            _dated_rates(org, currency, dated)
    return org.add(
        "Organization",
        {
            "Name": "Brightline",
            "InstanceName": "EU99",
            "IsSandbox": False,
            "OrganizationType": "Enterprise Edition",
            "DefaultLocaleSidKey": "en_IE",
            "TimeZoneSidKey": "Europe/Amsterdam",
        },
    ).id


def _dated_rates(org: Org, currency: str, rates: Mapping[date, Decimal]) -> None:
    """Add the rates of one currency, each up to the day of the next."""
    days = sorted(rates)
    for day, following in zip(days, [*days[1:], _EVER], strict=True):
        row: dict[str, Value] = {"IsoCode": currency, "ConversionRate": rates[day]}
        org.add("DatedConversionRate", {**row, "StartDate": day, "NextStartDate": following})


def _users(org: Org, company: c.Company) -> dict[str, str]:
    """Add everybody with a seat, and the users that are no people; return ids by user id and username."""
    found: dict[str, str] = {}
    licences = {
        name: org.add("UserLicense", {"Name": name, "MasterLabel": name}).id
        for name in sorted(set(_PROFILES.values()))
    }
    profiles = {
        name: org.add("Profile", {"Name": name, "UserLicenseId": licences[licence]}).id
        for name, licence in _PROFILES.items()
    }
    for username, name, profile, kind in _MACHINE_USERS:
        found[username] = _user(org, username, name, profiles[profile], kind)
    by_employee: dict[str, str] = {}
    for one in company.employees:
        made = _user(org, one.email, one.name, profiles["Standard User"], "Standard")
        active = one.active and one.user is not None
        org.records.derive(org.get(made), {"IsActive": active})
        by_employee[one.id] = found[one.email] = made
        if one.user is not None:
            found[one.user] = made
    for one in company.employees:
        if one.manager is not None:
            org.records.derive(org.get(by_employee[one.id]), {"ManagerId": by_employee.get(one.manager)})
    for team in company.teams:
        _group(org, team, by_employee)
    return found | {f"employee {key}": value for key, value in by_employee.items()}


def _group(org: Org, team: c.Team, by_employee: Mapping[str, str]) -> None:
    """Add a public group or a queue that may own tasks, with its members."""
    kind = "Regular" if team.queue is None else "Queue"
    name = team.name.replace(" ", "_")
    group = org.add("Group", {"Name": team.name, "DeveloperName": name, "Type": kind}).id
    if team.queue is not None:
        org.add("QueueSobject", {"QueueId": group, "SobjectType": "Task"})
    for member in team.members:
        org.add("GroupMember", {"GroupId": group, "UserOrGroupId": by_employee[member]})


def _user(org: Org, username: str, name: str, profile: str, kind: str) -> str:
    first, _, last = name.partition(" ")
    values: dict[str, Value] = {
        "Username": username,
        "Email": username,
        "Name": name,
        "FirstName": first,
        "LastName": last or first,
        "IsActive": True,
        "ProfileId": profile,
        "UserType": kind,
        "TimeZoneSidKey": "Europe/Amsterdam",
    }
    return org.add("User", values).id


def _pipelines(org: Org, company: c.Company) -> dict[str, str]:
    """Make a record type of each pipeline, and one list of stages for all of them."""
    found: dict[str, str] = {}
    order = 0
    for pipeline in company.pipelines:
        values: dict[str, Value] = {
            "Name": pipeline.label,
            "DeveloperName": pipeline.id,
            "SobjectType": "Opportunity",
            "IsActive": True,
        }
        found[pipeline.id] = org.add("RecordType", values).id
        org.processes[pipeline.id] = tuple(stage.id for stage in pipeline.stages)
        for stage in pipeline.stages:
            order += 1
            org.add("OpportunityStage", _stage(stage, order))
    return found


def _stage(stage: c.Stage, order: int) -> dict[str, Value]:
    category, name = _CATEGORIES[stage.kind]
    return {
        "ApiName": stage.id,
        "MasterLabel": stage.label,
        "IsActive": True,
        "IsClosed": stage.kind is not c.StageKind.OPEN,
        "IsWon": stage.kind is c.StageKind.WON,
        "DefaultProbability": stage.probability * 100,
        "ForecastCategory": category,
        "ForecastCategoryName": name,
        "SortOrder": Decimal(order),
    }


def _fields(org: Org, company: c.Company) -> None:
    """Add the company's own fields to opportunities, as `name__c`."""
    for one in company.fields:
        choices = tuple(Choice(choice, choice) for choice in one.choices)
        length = SHORT_TEXT if one.kind in {c.FieldKind.TEXT, c.FieldKind.CHOICE} else 0
        made = Field(
            f"{one.name}__c", _TYPES[one.kind], one.label, length, choices=choices, restricted=bool(choices)
        )
        org.schema.get("Opportunity").add(made)


def _products(org: Org, company: c.Company, book: str) -> tuple[dict[str, str], dict[str, str]]:
    """Add products with their prices; a line without a product gets one without code and price."""
    products, entries = dict[str, str](), dict[str, str]()
    custom = {line.name for deal in company.deals for line in deal.lines if line.sku is None}
    listed = [(one.sku, one.name, one.sku, one.list_price) for one in company.products]
    listed += [(name, name, "", Decimal(0)) for name in sorted(custom | {CUSTOM})]
    for key, name, code, price in listed:
        values: dict[str, Value] = {"Name": name, "ProductCode": code or None, "IsActive": True}
        products[key] = org.create("Product2", values, "").id
        entry: dict[str, Value] = {"Pricebook2Id": book, "Product2Id": products[key], "UnitPrice": price}
        entries[key] = org.create("PricebookEntry", entry | {"IsActive": True}, "").id
    return products, entries


def _customer(one: c.Customer) -> dict[str, object]:
    return {
        "Name": one.name,
        "Industry": one.industry,
        "BillingCountry": one.country,
        "NumberOfEmployees": one.employees,
    }


def _contact(one: c.Contact, customers: Mapping[str, str]) -> dict[str, object]:
    return {
        "FirstName": one.first_name,
        "LastName": one.last_name,
        "Name": f"{one.first_name} {one.last_name}",
        "Email": one.email,
        "AccountId": customers[one.customer],
    }


def _queue(org: Org, users: Mapping[str, str]) -> str:
    """Add the queue of Operations, which takes tasks; its members are who is there of the two holders."""
    name: dict[str, Value] = {"Name": OPERATIONS, "DeveloperName": OPERATIONS, "Type": "Queue"}
    queue = org.add("Group", name).id
    org.add("QueueSobject", {"QueueId": queue, "SobjectType": "Task"})
    for holder in ("anna.bos@example.com", "jan.smit@example.com"):
        if holder in users:
            org.add("GroupMember", {"GroupId": queue, "UserOrGroupId": users[holder]})
    return queue
