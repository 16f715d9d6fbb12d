"""The standard objects, as much of them as a sales team and its add-ons use."""

from collections.abc import Iterable

from sandbox.salesforce.schema import Choice, Field, SObject, Type

_CURRENCY = (
    "Account",
    "Opportunity",
    "OpportunityLineItem",
    "Product2",
    "PricebookEntry",
    "OpportunityHistory",
)


def standard(*, multi_currency: bool) -> tuple[SObject, ...]:
    """Return fresh copies of all standard objects."""
    objects = tuple(_sobject(*one) for one in _OBJECTS)
    if not multi_currency:
        return tuple(one for one in objects if one.name != "CurrencyType")
    for one in objects:
        if one.name in _CURRENCY:
            one.add(_text("CurrencyIsoCode", 3))
    return objects


def system_fields(*, deletable: bool = True) -> tuple[Field, ...]:
    """Return the fields that every record has."""
    own = (
        Field("Id", Type.ID, length=18, creatable=False, updatable=False),
        _at("CreatedDate"),
        _by("CreatedById", "CreatedBy"),
        _at("LastModifiedDate"),
        _by("LastModifiedById", "LastModifiedBy"),
        _at("SystemModstamp"),
    )
    return (*own, _kept(Type.BOOLEAN, "IsDeleted")) if deletable else own


def _sobject(name: str, prefix: str, fields: Iterable[Field], api_writes: bool = True) -> SObject:  # noqa: FBT001, FBT002
    made = SObject(name, prefix, api_writes=api_writes)
    for one in (*system_fields(deletable=name not in _NEVER_DELETED), *fields):
        made.add(one)
    return made


def _text(name: str, length: int = 255, *, required: bool = False) -> Field:
    return Field(name, Type.STRING, length=length, required=required)


def _long(name: str, length: int = 32_000) -> Field:
    return Field(name, Type.TEXTAREA, length=length)


def _of(type_: Type, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, type_) for name in names)


def _kept(type_: Type, name: str, *, length: int = 0) -> Field:
    """Return a field that only the platform writes."""
    return Field(name, type_, length=length, creatable=False, updatable=False)


def _at(name: str) -> Field:
    return _kept(Type.DATETIME, name)


def _by(name: str, relation: str) -> Field:
    return Field(name, Type.REFERENCE, refers=("User",), relation=relation, creatable=False, updatable=False)


def _ref(
    name: str,
    *refers: str,
    relation: str = "",
    inverse: str = "",
    required: bool = False,
    fixed: bool = False,
) -> Field:
    way = relation or name.removesuffix("Id")
    return Field(
        name,
        Type.REFERENCE,
        refers=refers,
        relation=way,
        inverse=inverse,
        required=required,
        updatable=not fixed,
    )


def _pick(name: str, *choices: str, required: bool = False) -> Field:
    options = tuple(Choice(one, one, default=place == 0) for place, one in enumerate(choices))
    return Field(name, Type.PICKLIST, length=255, choices=options, required=required)


_NEVER_DELETED = frozenset({"User", "Profile", "Organization", "OpportunityStage", "TaskStatus", "Group"})
_OPPORTUNITY = (
    _text("Name", 120, required=True),
    _ref("AccountId", "Account", inverse="Opportunities"),
    _ref("OwnerId", "User", required=True),
    _ref("RecordTypeId", "RecordType"),
    _pick("StageName", required=True),
    Field("Amount", Type.CURRENCY),
    Field("CloseDate", Type.DATE, required=True),
    Field("Probability", Type.PERCENT, scale=0),
    _kept(Type.CURRENCY, "ExpectedRevenue"),
    _kept(Type.PICKLIST, "ForecastCategory"),
    _pick("ForecastCategoryName"),
    _pick("Type", "New Business", "Existing Business"),
    _pick("LeadSource"),
    _text("NextStep"),
    _long("Description"),
    _kept(Type.BOOLEAN, "IsClosed"),
    _kept(Type.BOOLEAN, "IsWon"),
    Field("IsPrivate", Type.BOOLEAN),
    _kept(Type.BOOLEAN, "HasOpportunityLineItem"),
    _ref("Pricebook2Id", "Pricebook2"),
    _at("LastStageChangeDate"),
)
_LINE = (
    _ref("OpportunityId", "Opportunity", inverse="OpportunityLineItems", required=True, fixed=True),
    _ref("PricebookEntryId", "PricebookEntry", fixed=True),
    _ref("Product2Id", "Product2", relation="Product2", fixed=True),
    _kept(Type.STRING, "ProductCode", length=255),
    _kept(Type.STRING, "Name", length=376),
    Field("Quantity", Type.DOUBLE, required=True),
    Field("UnitPrice", Type.CURRENCY),
    _kept(Type.CURRENCY, "ListPrice"),
    Field("Discount", Type.PERCENT),
    Field("TotalPrice", Type.CURRENCY),
    _kept(Type.CURRENCY, "Subtotal"),
    Field("ServiceDate", Type.DATE),
    _text("Description"),
    Field("SortOrder", Type.INT, scale=0),
)
_HISTORY = (
    _ref("OpportunityId", "Opportunity", inverse="OpportunityHistories"),
    _text("StageName", 40),
    *_of(Type.CURRENCY, "Amount", "ExpectedRevenue", "PrevAmount"),
    *_of(Type.DATE, "CloseDate", "PrevCloseDate"),
    Field("Probability", Type.PERCENT, scale=0),
    _text("ForecastCategory", 40),
)
_TASK = (
    _text("Subject"),
    _pick("Status", required=True),
    _pick("Priority", "Normal", "High", "Low", required=True),
    Field("ActivityDate", Type.DATE),
    _ref("OwnerId", "User", "Group"),
    _ref("WhoId", "Contact", relation="Who", inverse="Tasks"),
    _ref("WhatId", "Opportunity", "Account", relation="What", inverse="Tasks"),
    Field(
        "AccountId", Type.REFERENCE, refers=("Account",), relation="Account", creatable=False, updatable=False
    ),
    _long("Description"),
    _kept(Type.BOOLEAN, "IsClosed"),
    _kept(Type.BOOLEAN, "IsHighPriority"),
    _kept(Type.BOOLEAN, "IsArchived"),
    _at("CompletedDateTime"),
    Field("IsReminderSet", Type.BOOLEAN),
    Field("ReminderDateTime", Type.DATETIME),
    _pick("TaskSubtype", "Task", "Email", "Call"),
)
_STAGE = (
    _text("ApiName", 40),
    _text("MasterLabel"),
    *_of(Type.BOOLEAN, "IsActive", "IsClosed", "IsWon"),
    Field("DefaultProbability", Type.PERCENT, scale=0),
    _text("ForecastCategory", 40),
    _text("ForecastCategoryName", 40),
    Field("SortOrder", Type.INT, scale=0),
    _text("Description"),
)
_USER = (
    _text("Username", 80, required=True),
    Field("Email", Type.EMAIL, length=128, required=True),
    _text("Name", 121),
    _text("FirstName", 40),
    _text("LastName", 80, required=True),
    Field("IsActive", Type.BOOLEAN),
    _ref("ManagerId", "User", relation="Manager"),
    _ref("ProfileId", "Profile"),
    _ref("UserRoleId", "UserRole"),
    _pick("UserType", "Standard", "AutomatedProcess", "CloudIntegrationUser"),
    _text("FederationIdentifier", 512),
    _text("TimeZoneSidKey", 40),
)
_ACCOUNT = (
    _text("Name", required=True),
    _pick("Industry"),
    _pick("Type"),
    _ref("ParentId", "Account", relation="Parent", inverse="ChildAccounts"),
    _ref("OwnerId", "User"),
    _text("BillingCountry", 80),
    Field("NumberOfEmployees", Type.INT, scale=0),
)
_CONTACT = (
    _text("FirstName", 40),
    _text("LastName", 80, required=True),
    _text("Name", 121),
    Field("Email", Type.EMAIL, length=80),
    _ref("AccountId", "Account", inverse="Contacts"),
    _ref("OwnerId", "User"),
)
_ROLE = (
    _ref("OpportunityId", "Opportunity", inverse="OpportunityContactRoles", required=True, fixed=True),
    _ref("ContactId", "Contact", inverse="OpportunityContactRoles", required=True),
    _pick("Role", "Decision Maker", "Economic Buyer", "Evaluator"),
    Field("IsPrimary", Type.BOOLEAN),
)
_PRODUCT = (
    _text("Name", required=True),
    _text("ProductCode"),
    _long("Description", 4000),
    Field("IsActive", Type.BOOLEAN),
    _pick("Family"),
)
_ENTRY = (
    _ref("Pricebook2Id", "Pricebook2", relation="Pricebook2", required=True, fixed=True),
    _ref(
        "Product2Id", "Product2", relation="Product2", inverse="PricebookEntries", required=True, fixed=True
    ),
    Field("UnitPrice", Type.CURRENCY, required=True),
    Field("IsActive", Type.BOOLEAN),
    _kept(Type.STRING, "Name", length=255),
    _kept(Type.STRING, "ProductCode", length=255),
)
_ORGANIZATION = (
    _text("Name", 80),
    _text("InstanceName", 5),
    Field("IsSandbox", Type.BOOLEAN),
    _text("OrganizationType", 40),
    _text("DefaultLocaleSidKey", 40),
    _text("TimeZoneSidKey", 40),
)
_RECORD_TYPE = (
    _text("Name", 80),
    _text("DeveloperName", 80),
    _text("SobjectType", 40),
    Field("IsActive", Type.BOOLEAN),
    _text("Description"),
)
_GROUP = (
    _text("Name", 40),
    _text("DeveloperName", 80),
    _pick("Type", "Regular", "Queue"),
    Field("Email", Type.EMAIL, length=80),
    _ref("RelatedId", "User", "UserRole", relation="Related"),
)
_OBJECTS: tuple[tuple[str, str, tuple[Field, ...], bool], ...] = (
    ("Opportunity", "006", _OPPORTUNITY, True),
    ("OpportunityLineItem", "00k", _LINE, True),
    ("OpportunityContactRole", "00K", _ROLE, True),
    ("OpportunityHistory", "008", _HISTORY, False),
    ("OpportunityStage", "01J", _STAGE, False),
    ("Account", "001", _ACCOUNT, True),
    ("Contact", "003", _CONTACT, True),
    ("Product2", "01t", _PRODUCT, True),
    ("Pricebook2", "01s", (_text("Name", 80), *_of(Type.BOOLEAN, "IsActive", "IsStandard")), True),
    ("PricebookEntry", "01u", _ENTRY, True),
    ("Task", "00T", _TASK, True),
    (
        "TaskStatus",
        "01T",
        (
            _text("ApiName", 40),
            _text("MasterLabel"),
            *_of(Type.BOOLEAN, "IsClosed", "IsDefault"),
            *_of(Type.INT, "SortOrder"),
        ),
        False,
    ),
    (
        "Note",
        "002",
        (
            _ref("ParentId", "Opportunity", relation="Parent", inverse="Notes", required=True, fixed=True),
            _text("Title", 80, required=True),
            _long("Body"),
            Field("IsPrivate", Type.BOOLEAN),
            _ref("OwnerId", "User"),
        ),
        True,
    ),
    (
        "FeedItem",
        "0D5",
        (
            _ref("ParentId", "Opportunity", relation="Parent", inverse="Feeds", required=True, fixed=True),
            _long("Body", 10_000),
            _text("Title"),
            _pick("Type", "TextPost"),
        ),
        True,
    ),
    ("User", "005", _USER, False),
    ("Profile", "00e", (_text("Name"), _text("Description")), False),
    (
        "UserRole",
        "00E",
        (
            _text("Name", 80),
            _text("DeveloperName", 80),
            _ref("ParentRoleId", "UserRole", relation="ParentRole"),
        ),
        False,
    ),
    ("Group", "00G", _GROUP, False),
    (
        "GroupMember",
        "011",
        (
            _ref("GroupId", "Group", inverse="GroupMembers"),
            _ref("UserOrGroupId", "User", "Group", relation="UserOrGroup"),
        ),
        False,
    ),
    (
        "QueueSobject",
        "03g",
        (_ref("QueueId", "Group", relation="Queue", inverse="QueueSobjects"), _text("SobjectType", 40)),
        False,
    ),
    ("PermissionSet", "0PS", (_text("Name", 80), _text("Label", 80)), False),
    (
        "PermissionSetAssignment",
        "0Pa",
        (
            _ref("PermissionSetId", "PermissionSet", inverse="Assignments"),
            _ref("AssigneeId", "User", relation="Assignee", inverse="PermissionSetAssignments"),
        ),
        False,
    ),
    ("RecordType", "012", _RECORD_TYPE, False),
    ("Organization", "00D", _ORGANIZATION, False),
    (
        "CurrencyType",
        "01L",
        (
            _text("IsoCode", 3),
            Field("ConversionRate", Type.DOUBLE, scale=6),
            *_of(Type.INT, "DecimalPlaces"),
            *_of(Type.BOOLEAN, "IsActive", "IsCorporate"),
        ),
        False,
    ),
)
