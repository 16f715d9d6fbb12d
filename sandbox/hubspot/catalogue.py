"""The properties HubSpot brings along, as far as the product can meet them (reference 4.3, 4.5, 4.6)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, KINDS, LINE_ITEM, NOTE, PRODUCT, TASK, Kind
from sandbox.hubspot.properties import Option, Property, Type

# One property a line: name, type, then `!` read-only, `@` options kept elsewhere, `a|b` options.
_COMMON = """
hs_object_id number !
hs_createdate datetime !
hs_lastmodifieddate datetime !
hs_merged_object_ids enumeration !@
hs_object_source string !
hs_object_source_id string !
hs_created_by_user_id number !
hs_updated_by_user_id number !
hubspot_owner_id enumeration @
hubspot_team_id enumeration @
"""

_OWN: Mapping[str, str] = MappingProxyType(
    {
        DEAL.name: """
dealname string
pipeline enumeration @
dealstage enumeration @
amount number
deal_currency_code enumeration EUR|USD|GBP|CHF
closedate datetime
createdate datetime
dealtype enumeration newbusiness|existingbusiness
hs_priority enumeration low|medium|high
hs_next_step string
description string
closed_lost_reason string
closed_won_reason string
amount_in_home_currency number !
hs_is_closed bool !
hs_is_closed_won bool !
hs_is_closed_lost bool !
hs_deal_stage_probability number !
hs_projected_amount number !
hs_v2_date_entered_current_stage datetime !
hs_num_of_associated_line_items number !
num_associated_contacts number !
num_notes number !
notes_last_updated datetime !
hs_primary_associated_company number !
hs_latest_approval_status string !
hs_latest_approval_status_approval_id string !
hs_tag_ids enumeration !@
hs_has_empty_conditional_stage_properties bool !
""",
        LINE_ITEM.name: """
name string
quantity number
price number
hs_product_id number
hs_sku string
discount number
hs_discount_percentage number
amount number !
hs_cost_of_goods_sold number
hs_margin number !
recurringbillingfrequency enumeration monthly|quarterly|annually
hs_recurring_billing_period string
hs_line_item_currency_code enumeration EUR|USD|GBP|CHF
description string
createdate datetime
""",
        PRODUCT.name: """
name string
price number
hs_sku string
hs_cost_of_goods_sold number
description string
hs_product_type enumeration inventory|non-inventory|service
createdate datetime
""",
        COMPANY.name: """
name string
domain string
country string
city string
industry string
numberofemployees number
annualrevenue number
founded_year string
hs_parent_company_id number
createdate datetime
""",
        CONTACT.name: """
email string
firstname string
lastname string
jobtitle string
phone string
company string
createdate datetime
lastmodifieddate datetime !
""",
        TASK.name: """
hs_timestamp datetime
hs_task_subject string
hs_task_body string
hs_task_status enumeration NOT_STARTED|IN_PROGRESS|WAITING|DEFERRED|COMPLETED
hs_task_priority enumeration NONE|LOW|MEDIUM|HIGH
hs_task_type enumeration TODO|CALL|EMAIL
hs_task_reminders string
hs_queue_membership_ids enumeration @
hs_task_completion_date datetime !
""",
        NOTE.name: """
hs_timestamp datetime
hs_note_body string
hs_attachment_ids string
""",
    }
)

_FIELD_TYPE = MappingProxyType(
    {
        Type.STRING: "text",
        Type.NUMBER: "number",
        Type.DATE: "date",
        Type.DATETIME: "date",
        Type.ENUMERATION: "select",
        Type.BOOL: "booleancheckbox",
    }
)
_UNIQUE = frozenset({(CONTACT.name, "email")})


def standard_properties() -> Iterator[tuple[Kind, Property]]:
    """Yield every property of every object type of a fresh account."""
    for kind in KINDS:
        for line in (_COMMON + _OWN[kind.name]).split("\n"):
            if line:
                yield kind, _property(kind, line)


def _property(kind: Kind, line: str) -> Property:
    name, type_name, *rest = line.split()
    flags = rest[0] if rest else ""
    marks = flags if "|" not in flags else ""
    values = flags.split("|") if "|" in flags else []
    return Property(
        name=name,
        label=name.removeprefix("hs_").replace("_", " ").capitalize(),
        type=Type(type_name),
        field_type=_FIELD_TYPE[Type(type_name)],
        group=f"{kind.name.replace('_', '')}information",
        options=tuple(Option(value, value, place) for place, value in enumerate(values)),
        read_only="!" in marks,
        external="@" in marks,
        unique=(kind.name, name) in _UNIQUE,
        defined_by_hubspot=True,
    )
