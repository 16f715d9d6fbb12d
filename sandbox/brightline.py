"""The company that demo, policies and tests share: its people, products and pipelines, without deals."""

from decimal import Decimal

from sandbox.company import (
    Company,
    Deal,
    DealField,
    Employee,
    FieldKind,
    Line,
    Pipeline,
    Product,
    Stage,
    StageKind,
    Step,
    net,
)

PORTAL_ID = 4242001
APP_ID = "77001"

_MANAGER = "110"


def _employee(id_: str, name: str, manager: str | None) -> Employee:
    email = f"{name.lower().replace('de ', 'de').replace(' ', '.')}@example.com"
    return Employee(id_, f"9{id_}", name, email, manager)


EMPLOYEES = (
    _employee("101", "Mia de Vries", _MANAGER),
    _employee("102", "Tom Baker", _MANAGER),
    _employee("103", "Lena Fischer", _MANAGER),
    _employee("104", "Omar Haddad", _MANAGER),
    _employee(_MANAGER, "Eva Lang", "130"),
    _employee("120", "Anna Bos", "130"),
    _employee("121", "Jan Smit", "130"),
    _employee("130", "Ruth Klein", None),
)

PRODUCTS = (
    Product("DP-CORE", "Data Platform Core", Decimal(24_000), Decimal(9_000)),
    Product("DP-SEAT", "Platform Seat", Decimal(480), Decimal(60)),
    Product("IM-BASE", "Implementation Base", Decimal(9_600), Decimal(6_400)),
    Product("IM-DAY", "Implementation Day", Decimal(1_200), Decimal(780)),
    Product("TR-CLASS", "Training Class", Decimal(2_400), Decimal(1_100)),
    Product("SUP-PREM", "Premium Support", Decimal(6_000)),
)

SALES = Pipeline(
    "default",
    "Sales Pipeline",
    (
        Stage("discovery", "Discovery", probability=Decimal("0.2")),
        Stage("proposal", "Proposal", probability=Decimal("0.5")),
        Stage("contract", "Contract", probability=Decimal("0.8")),
        Stage("closedwon", "Closed Won", StageKind.WON, Decimal("1.0")),
        Stage("closedlost", "Closed Lost", StageKind.LOST, Decimal("0.0")),
    ),
)

RENEWALS = Pipeline(
    "renewals",
    "Renewals",
    (
        Stage("renewal_open", "Open", probability=Decimal("0.4")),
        Stage("renewal_offer", "Offer", probability=Decimal("0.7")),
        Stage("renewal_won", "Renewed", StageKind.WON, Decimal("1.0")),
        Stage("renewal_lost", "Lost", StageKind.LOST, Decimal("0.0")),
    ),
)

FIELDS = (
    DealField("delivery_address", "Delivery address", FieldKind.TEXT),
    DealField("number_of_users", "Number of users", FieldKind.NUMBER),
    DealField("start_date", "Start date", FieldKind.DATE),
    DealField("region", "Region", FieldKind.CHOICE, ("EMEA", "APAC", "AMER")),
    DealField("service_level", "Service level", FieldKind.CHOICE, ("standard", "premium")),
)

EMPTY = Company("EUR", EMPLOYEES, (SALES, RENEWALS), PRODUCTS, FIELDS)

COMPLETE = {"delivery_address": "Keizersgracht 1", "number_of_users": "10", "start_date": "2031-03-01"}


def sale(discount: int, *, name: str = "Acme", rep: str = "103", **values: str) -> Deal:
    """Return a deal in Proposal: one product at this discount in percent. `rep` is an employee's id."""
    sold = PRODUCTS[0]
    line = Line(sold.name, Decimal(1), sold.list_price, sold.sku, Decimal(discount) / 100)
    step = Step("proposal", 0, rep)
    return Deal(name, name, SALES.id, rep, (step,), net((line,)), lines=(line,), values=values)
