"""What happens in the CRM while workers die: deals made, discounted, corrected and moved, in fixed order."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from sandbox.hubspot.sandbox import HubSpotSandbox

REPS = ("9101", "9102", "9103", "9104")
DISCOUNTS = (0, 5, 9, 12, 15, 18, 20, 25, 35)
_TURNS = 5  # that the price is talked about
_EVERY_MOVE = 4  # one deal in so many is moved to Contract, ready or not

Act = Callable[[], None]


@dataclass
class Sales:
    """The acts of one run. The same seed gives the same acts in the same order; `ids` are the CRM's ids."""

    crm: HubSpotSandbox
    deals: int
    seed: int = 1
    ids: dict[int, str] = field(default_factory=dict)

    def acts(self) -> Iterator[Act]:
        """Yield every act; those of one deal stay in their order, the deals are mixed."""
        chance = random.Random(self.seed)
        steps = [number for number in range(self.deals) for _ in self._steps(number)]
        chance.shuffle(steps)
        waiting = {number: iter(self._steps(number)) for number in range(self.deals)}
        return (next(waiting[number]) for number in steps)

    def _steps(self, number: int) -> tuple[Act, ...]:
        chance = random.Random(f"{self.seed}:{number}")
        first, last = chance.choice(DISCOUNTS), chance.choice(DISCOUNTS)
        users, address = str(chance.randrange(5, 90)), chance.choice(("", "Keizersgracht 1"))
        steps: list[Act] = [
            lambda: self._create(number, first),
            *(partial(self._haggle, number, turn) for turn in range(_TURNS)),
            lambda: self._update(number, number_of_users=users),
            lambda: self._update(number, delivery_address=address or "Herengracht 2"),
            lambda: self._discount(number, last),
            lambda: self._update(number, amount=f"{240 * (100 - last)}", delivery_address=address),
        ]
        if number % _EVERY_MOVE == 0:
            steps.append(lambda: self._update(number, dealstage="contract"))
        return tuple(steps)

    def _create(self, number: int, discount: int) -> None:
        rep = REPS[number % len(REPS)]
        values = {
            "dealname": f"Deal {number}",
            "pipeline": "default",
            "dealstage": "proposal",
            "hubspot_owner_id": rep[1:],
            "deal_currency_code": "EUR",
            "amount": "24000",
            "start_date": "2031-03-01",
        }
        line = {"hs_product_id": self.crm.seeded.products["DP-CORE"], "quantity": "1"}
        off = {"hs_discount_percentage": str(discount)} if discount else {}
        self.ids[number] = self.crm.act_as(rep).create_deal(values, [{**line, **off}])

    def _haggle(self, number: int, turn: int) -> None:
        """Change what no gate reads."""
        self._update(number, amount=str(24_000 - turn), closedate=f"2031-02-{turn + 1:02d}")

    def _update(self, number: int, **values: str) -> None:
        self.crm.act_as(REPS[number % len(REPS)]).update(self.ids[number], values)

    def _discount(self, number: int, percent: int) -> None:
        (line,) = self.crm.lines_of(self.ids[number])
        values = {"hs_discount_percentage": str(percent)}
        self.crm.act_as(REPS[number % len(REPS)]).update_line(line, values)
