"""Deals for the shared company: seeded, realistic, with the gaps and discounts that real ones have."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from sandbox.brightline import EMPLOYEES, EMPTY, PRODUCTS, RENEWALS, SALES
from sandbox.company import Company, Contact, Customer, Deal, Line, Pipeline, Step, net

_FIRST = (
    "Alder",
    "Birch",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Grove",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
)
_SECOND = (
    "Logistics",
    "Foods",
    "Energy",
    "Clinics",
    "Retail",
    "Motors",
    "Insurance",
    "Media",
    "Water",
    "Textiles",
)
_PEOPLE = (
    "Ada Moor",
    "Ben Ito",
    "Cleo Rossi",
    "Dirk Vos",
    "Elif Kaya",
    "Finn Berg",
    "Gala Soto",
    "Hugo Blanc",
)
_COUNTRIES = ("Netherlands", "Germany", "France", "Spain", "Sweden", "Singapore", "United States")
_STREETS = ("Keizersgracht", "Hafenstrasse", "Rue Pasteur", "Calle Mayor", "Storgatan")
_REPS = tuple(employee.id for employee in EMPLOYEES[:4])
_DAY_MS = 86_400_000
_CENT = Decimal("0.01")

T = TypeVar("T")


class Story(StrEnum):
    """Why a deal is as it is."""

    CLEAN = "clean"
    GAPS = "gaps"  # data for the contract is missing
    OVER = "over"  # discount over 10 %, up to 20 %
    DEEP = "deep"  # discount over 20 %, up to 30 %
    FORBIDDEN = "forbidden"  # discount over 30 %
    CUSTOM = "custom"  # a line that is not in the offering
    OVER_WITH_GAPS = "over-with-gaps"


_STORIES = {
    Story.CLEAN: 40,
    Story.GAPS: 17,
    Story.OVER: 13,
    Story.DEEP: 7,
    Story.FORBIDDEN: 8,
    Story.CUSTOM: 8,
    Story.OVER_WITH_GAPS: 7,
}
_DISCOUNTS = {
    Story.OVER: ("0.12", "0.14", "0.15", "0.18", "0.2"),
    Story.OVER_WITH_GAPS: ("0.12", "0.16", "0.19"),
    Story.DEEP: ("0.22", "0.25", "0.28", "0.3"),
    Story.FORBIDDEN: ("0.32", "0.35", "0.4"),
}
_FAIR = ("0", "0", "0", "0.03", "0.05", "0.08", "0.1")
_STAGES = {"discovery": 24, "proposal": 34, "contract": 15, "closedwon": 16, "closedlost": 11}
_RENEWAL_STAGES = {"renewal_open": 40, "renewal_offer": 35, "renewal_won": 20, "renewal_lost": 5}


def generate(deals: int = 400, *, seed: int = 1, now_ms: int) -> Company:
    """Return the shared company with that many deals, at all stages, made in the last 180 days."""
    dice = random.Random(seed)
    customers = _customers(dice, max(1, deals // 3))
    contacts = tuple(_contact(number, customer) for number, customer in enumerate(customers))
    maker = _Maker(dice, now_ms, customers)
    return replace(
        EMPTY,
        customers=customers,
        contacts=contacts,
        deals=tuple(maker.deal(number) for number in range(deals)),
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    dice: random.Random
    now_ms: int
    customers: Sequence[Customer]

    def deal(self, number: int) -> Deal:
        place = self.dice.randrange(len(self.customers))
        story = self._one_of(_STORIES)
        pipeline, stages = (RENEWALS, _RENEWAL_STAGES) if self._chance(0.1) else (SALES, _STAGES)
        rep = self.dice.choice(_REPS)
        path = self._path(pipeline, self._one_of(stages), rep)
        lines = self._lines(story)
        return Deal(
            key=f"deal-{number}",
            name=f"{self.customers[place].name} {lines[0].name}",
            pipeline=pipeline.id,
            owner=None if self._chance(0.02) else rep,
            path=path,
            amount=None if self._chance(0.03) else net(lines).quantize(_CENT),
            close_date=None if self._chance(0.05) else self._day(path[-1].at, 10, 90),
            customer=None if self._chance(0.04) else self.customers[place].key,
            contacts=() if self._chance(0.1) else (f"contact-{place}",),
            lines=lines,
            values=self._values(story, path[-1].at),
        )

    def _path(self, pipeline: Pipeline, last: str, rep: str) -> tuple[Step, ...]:
        ids = [stage.id for stage in pipeline.stages]
        closing = ids[-2:]
        reached = [*ids[: ids.index(last)], last] if last not in closing else [*ids[:-2], last]
        start = self.now_ms - self.dice.randint(10, 180) * _DAY_MS
        gap = (self.now_ms - start) // (len(reached) + 1)
        return tuple(Step(stage, start + place * gap, rep) for place, stage in enumerate(reached))

    def _lines(self, story: Story) -> tuple[Line, ...]:
        discount = Decimal(self.dice.choice(_DISCOUNTS.get(story, _FAIR)))
        core, *others = PRODUCTS
        chosen = [core, *self.dice.sample(others, self.dice.randint(1, 3))]
        lines = [
            Line(
                product.name, Decimal(self._quantity(product.sku)), product.list_price, product.sku, discount
            )
            for product in chosen
        ]
        if story is Story.CUSTOM:
            lines.append(
                Line("Custom connector", Decimal(1), Decimal(self.dice.choice((4_000, 7_500, 12_000))))
            )
        return tuple(lines)

    def _quantity(self, sku: str) -> int:
        many = {"DP-SEAT": (10, 120), "IM-DAY": (2, 20), "TR-CLASS": (1, 4)}
        return self.dice.randint(*many.get(sku, (1, 1)))

    def _values(self, story: Story, since: int) -> dict[str, str]:
        values = {
            "delivery_address": f"{self.dice.choice(_STREETS)} {self.dice.randint(1, 200)}",
            "number_of_users": str(self.dice.randint(5, 400)),
            "start_date": self._day(since, 20, 120).isoformat(),
            "region": self.dice.choice(("EMEA", "EMEA", "APAC", "AMER")),
            "service_level": self.dice.choice(("standard", "standard", "premium")),
        }
        if story in {Story.GAPS, Story.OVER_WITH_GAPS}:
            needed = ("delivery_address", "number_of_users")
            for name in self.dice.sample(needed, self.dice.randint(1, 2)):
                del values[name]
        if self._chance(0.15):
            del values["start_date"]
        return values

    def _day(self, at: int, low: int, high: int) -> date:
        moment = datetime.fromtimestamp(at / 1000, UTC) + timedelta(days=self.dice.randint(low, high))
        return moment.date()

    def _one_of(self, weights: Mapping[T, int]) -> T:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share


def _customers(dice: random.Random, number: int) -> tuple[Customer, ...]:
    return tuple(
        Customer(
            key=f"customer-{place}",
            name=_name(place),
            country=dice.choice(_COUNTRIES),
            industry=_SECOND[place // len(_FIRST) % len(_SECOND)],
            employees=dice.randint(20, 9_000),
        )
        for place in range(number)
    )


def _name(place: int) -> str:
    first, rest = _FIRST[place % len(_FIRST)], place // len(_FIRST)
    again = rest // len(_SECOND)
    return f"{first} {_SECOND[rest % len(_SECOND)]}" + (f" {again + 1}" if again else "")


def _contact(number: int, customer: Customer) -> Contact:
    first, _, last = _PEOPLE[number % len(_PEOPLE)].partition(" ")
    return Contact(
        f"contact-{number}", first, last, f"{first}.{last}.{number}@example.org".lower(), customer.key
    )
