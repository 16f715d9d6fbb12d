"""A Company as a HubSpot account: the projection of the vendor-neutral records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sandbox import company as c
from sandbox.hubspot.account import Account, Link
from sandbox.hubspot.associations import direction
from sandbox.hubspot.events import Source, person
from sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, LINE_ITEM, PRODUCT
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.pipelines import Pipeline, Stage
from sandbox.hubspot.properties import Option, Property, Type

_IMPORT = Source("IMPORT", "1")
_TYPES = {
    c.FieldKind.TEXT: (Type.STRING, "text"),
    c.FieldKind.NUMBER: (Type.NUMBER, "number"),
    c.FieldKind.DATE: (Type.DATE, "date"),
    c.FieldKind.CHOICE: (Type.ENUMERATION, "select"),
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """Which record became of which key of the company."""

    products: Mapping[str, str]
    customers: Mapping[str, str]
    contacts: Mapping[str, str]
    deals: Mapping[str, str]


def load(account: Account, company: c.Company) -> Seeded:
    """Fill an account. Tells no listener: what was there before the app came makes no webhook."""
    with account.lock:
        listeners, account.listeners = account.listeners, []
        try:
            return _load(account, company)
        finally:
            account.listeners = listeners


def _load(account: Account, company: c.Company) -> Seeded:
    _settings(account, company)
    now = account.clock.now_ms()
    products = {
        product.sku: account.create(PRODUCT, _product(product), _IMPORT, at=now).id
        for product in company.products
    }
    customers = {
        one.key: account.create(COMPANY, _customer(one), _IMPORT, at=now).id for one in company.customers
    }
    contacts = {one.key: _contact(account, one, customers) for one in company.contacts}
    made = Seeded(products, customers, contacts, {})
    users = {one.id: one.user for one in company.employees}
    deals = {deal.key: _deal(account, deal, made, users) for deal in company.deals}
    return Seeded(products, customers, contacts, deals)


def _settings(account: Account, company: c.Company) -> None:
    for one in company.employees:
        first, _, last = one.name.partition(" ")
        teams = tuple(team.name for team in company.teams if one.id in team.members)
        owner = Owner(one.id, one.user, one.email, first, last, archived=not one.active, teams=teams)
        account.owners.add(owner)
    for team in company.teams:
        if team.queue is not None:
            account.owners.add(Owner(team.queue, None, "", team.name, kind="QUEUE"))
    for order, pipeline in enumerate(company.pipelines):
        account.pipelines.put(Pipeline(pipeline.id, pipeline.label, _stages(pipeline), order))
    for field in company.fields:
        type_, field_type = _TYPES[field.kind]
        options = tuple(Option(choice, choice, place) for place, choice in enumerate(field.choices))
        prop = Property(field.name, field.label, type_, field_type, "dealinformation", options)
        account.schema.create(DEAL, prop)


def _stages(pipeline: c.Pipeline) -> tuple[Stage, ...]:
    return tuple(
        Stage(stage.id, stage.label, str(stage.probability), closed=stage.kind is not c.StageKind.OPEN)
        for stage in pipeline.stages
    )


def _product(product: c.Product) -> dict[str, str]:
    values = {"name": product.name, "hs_sku": product.sku, "price": str(product.list_price)}
    if product.cost is not None:
        values["hs_cost_of_goods_sold"] = str(product.cost)
    return values


def _customer(one: c.Customer) -> dict[str, str]:
    values = {"name": one.name, "country": one.country, "industry": one.industry}
    if one.employees is not None:
        values["numberofemployees"] = str(one.employees)
    return values


def _contact(account: Account, one: c.Contact, customers: Mapping[str, str]) -> str:
    values = {"firstname": one.first_name, "lastname": one.last_name, "email": one.email}
    links = (Link(COMPANY, customers[one.customer]),)
    return account.create(CONTACT, values, _IMPORT, links).id


def _deal(account: Account, deal: c.Deal, made: Seeded, users: Mapping[str, str | None]) -> str:
    first = deal.path[0]
    values = {**deal_values(deal), "dealstage": first.stage}
    source = _source(first.by, users)
    record = account.create(DEAL, values, source, _links(deal, made), at=first.at, id_=deal.crm_id)
    for step in deal.path[1:]:
        account.update(record, {"dealstage": step.stage}, _source(step.by, users), at=step.at)
    for line in deal.lines:
        links = (Link(DEAL, record.id),)
        account.create(LINE_ITEM, line_values(line, made.products), source, links, at=first.at)
    account.records.backdate(record, deal.path[-1].at)
    return record.id


def _source(by: str | None, users: Mapping[str, str | None]) -> Source:
    user = users.get(by) if by else None
    return person(user) if user else _IMPORT


def _links(deal: c.Deal, made: Seeded) -> tuple[Link, ...]:
    primary = direction(DEAL, COMPANY).primary
    customer = (Link(COMPANY, made.customers[deal.customer], primary),) if deal.customer else ()
    return (*customer, *(Link(CONTACT, made.contacts[key]) for key in deal.contacts))


def deal_values(deal: c.Deal) -> dict[str, str]:
    """Return the properties of a deal, without its associations."""
    values = {"dealname": deal.name, "pipeline": deal.pipeline, "dealstage": deal.stage, **deal.values}
    if deal.owner is not None:
        values["hubspot_owner_id"] = deal.owner
    if deal.amount is not None:
        values["amount"] = str(deal.amount)
    if deal.close_date is not None:
        values["closedate"] = day(deal.close_date)
    return values


def line_values(line: c.Line, products: Mapping[str, str]) -> dict[str, str]:
    """Return the properties of a line item; a percentage discount keeps the list price in `price`."""
    values = {"name": line.name, "quantity": str(line.quantity)}
    if line.price is not None:
        values["price"] = str(line.price)
    if line.sku is not None:
        values |= {"hs_product_id": products[line.sku], "hs_sku": line.sku}
    if line.discount:
        values["hs_discount_percentage"] = f"{(line.discount * 100).normalize():f}"
    return values


def day(one: date) -> str:
    """Return a day as HubSpot keeps it in a datetime property: midnight UTC."""
    return f"{one.isoformat()}T00:00:00.000Z"
