"""The crm_sales teaching set (8,800 opportunities of a hardware seller) as a company.

What its dirt becomes:
- `GTXPro`: the product GTX Pro (names are compared without spaces and case).
- `technolgy`, `Philipines`: spelled right.
- 1,425 deals without account: deals without a company; they are named after product and opportunity id.
- 500 deals without engage date: they never left Prospecting, and are made before everything else.
- dates m/d/Y: ISO; created at 8:00, engaged at 9:00, closed at 17:00 UTC of their day.
- close value 0 of a lost deal: no amount (nothing was sold), not an amount of zero.
- agents without a deal: employees like the others.
Each deal has one line item: its product, once, at list price. A won deal's amount is its close value.
"""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sandbox.brightline import EMPLOYEES
from sandbox.clock import ms_of
from sandbox.company import (
    Company,
    Customer,
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
)

PIPELINE = Pipeline(
    "default",
    "CRM Sales",
    (
        Stage("prospecting", "Prospecting", probability=Decimal("0.1")),
        Stage("engaging", "Engaging", probability=Decimal("0.4")),
        Stage("won", "Won", StageKind.WON, Decimal("1.0")),
        Stage("lost", "Lost", StageKind.LOST, Decimal("0.0")),
    ),
)
FIELDS = (
    DealField("opportunity_id", "Opportunity id", FieldKind.TEXT),
    DealField("engage_date", "Engage date", FieldKind.DATE),
    DealField("region", "Region", FieldKind.CHOICE, ("Central", "East", "West")),
)
_SPELLING = {"technolgy": "technology", "Philipines": "Philippines"}
_OPERATIONS = EMPLOYEES[5:]  # Anna Bos, Jan Smit, Ruth Klein: the set itself has only Sales

Row = Mapping[str, str]


def recognises(folder: Path) -> bool:
    """Say whether the folder holds this data set."""
    return (folder / "sales_pipeline.csv").is_file()


def load(folder: Path) -> Company:
    """Return the company; raises OSError or KeyError where a file or column is missing."""
    products = {_key(row["product"]): _product(row) for row in _rows(folder / "products.csv")}
    agents, offices = _agents(_rows(folder / "sales_teams.csv"))
    rows = _rows(folder / "sales_pipeline.csv")
    first = min(_day(row["engage_date"]) for row in rows if row["engage_date"])
    by_name = {employee.name: employee.id for employee in agents}
    return Company(
        currency="USD",
        employees=(*agents, *_OPERATIONS),
        pipelines=(PIPELINE,),
        products=tuple(products.values()),
        fields=FIELDS,
        customers=tuple(_customer(row) for row in _rows(folder / "accounts.csv")),
        deals=tuple(
            _deal(row, products[_key(row["product"])], by_name[row["sales_agent"]], offices, first)
            for row in rows
        ),
    )


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _key(product: str) -> str:
    return product.replace(" ", "").casefold()


def _product(row: Row) -> Product:
    name = row["product"]
    return Product(name.upper().replace(" ", "-"), name, Decimal(row["sales_price"]))


def _agents(rows: list[Row]) -> tuple[tuple[Employee, ...], Mapping[str, str]]:
    managers = {
        name: str(901 + place) for place, name in enumerate(dict.fromkeys(r["manager"] for r in rows))
    }
    people = [_employee(id_, name, "130") for name, id_ in managers.items()]
    people += [
        _employee(str(1001 + place), row["sales_agent"], managers[row["manager"]])
        for place, row in enumerate(rows)
    ]
    return tuple(people), {row["sales_agent"]: row["regional_office"] for row in rows}


def _employee(id_: str, name: str, manager: str) -> Employee:
    return Employee(id_, f"9{id_}", name, f"{name.lower().replace(' ', '.')}@example.com", manager)


def _customer(row: Row) -> Customer:
    return Customer(
        key=row["account"],
        name=row["account"],
        country=_spelled(row["office_location"]),
        industry=_spelled(row["sector"]),
        employees=int(row["employees"]),
    )


def _spelled(word: str) -> str:
    return _SPELLING.get(word, word)


def _deal(row: Row, product: Product, agent: str, offices: Mapping[str, str], first: date) -> Deal:
    won = row["deal_stage"] == "Won"
    values = {"opportunity_id": row["opportunity_id"], "region": offices[row["sales_agent"]]}
    if row["engage_date"]:
        values["engage_date"] = _day(row["engage_date"]).isoformat()
    return Deal(
        key=row["opportunity_id"],
        name=f"{row['account'] or product.name} {row['opportunity_id']}",
        pipeline=PIPELINE.id,
        owner=agent,
        path=_path(row, agent, first),
        amount=Decimal(row["close_value"]) if won else None,
        close_date=_day(row["close_date"]) if row["close_date"] else None,
        customer=row["account"] or None,
        lines=(Line(product.name, Decimal(1), product.list_price, product.sku),),
        values=values,
    )


def _path(row: Row, agent: str, first: date) -> tuple[Step, ...]:
    if not row["engage_date"]:
        return (Step("prospecting", _ms(first, 7), agent),)
    engaged = _day(row["engage_date"])
    path = (Step("prospecting", _ms(engaged, 8), agent), Step("engaging", _ms(engaged, 9), agent))
    if not row["close_date"]:
        return path
    return (*path, Step(row["deal_stage"].lower(), _ms(_day(row["close_date"]), 17), agent))


def _day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def _ms(day: date, hour: int) -> int:
    return ms_of(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
