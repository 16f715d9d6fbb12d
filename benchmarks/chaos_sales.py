"""What happens in a CRM while workers die: deals made, discounted, corrected and moved, in fixed order."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from sandbox.brightline import sale
from sandbox.office import Office, Refused

REPS = ("9101", "9102", "9103", "9104")
DISCOUNTS = (0, 5, 9, 12, 15, 18, 20, 25, 35)
_REGIONS, _LEVELS = ("EMEA", "APAC", "AMER"), ("standard", "premium")
_TURNS = 5  # that the deal is talked about
_EVERY_MOVE = 4  # one deal in so many is moved to Contract, ready or not

Act = Callable[[], None]


@dataclass
class Sales:
    """The acts of one run. The same seed gives the same acts in the same order; `ids` are the CRM's ids,
    `refused` the deals whose move a rule of the CRM refused."""

    office: Office
    deals: int
    seed: int = 1
    ids: dict[int, str] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)

    def acts(self) -> Iterator[Act]:
        """Yield every act; those of one deal stay in their order, the deals are mixed."""
        chance = random.Random(self.seed)
        steps = [number for number in range(self.deals) for _ in self._steps(number)]
        chance.shuffle(steps)
        waiting = {number: iter(self._steps(number)) for number in range(self.deals)}
        return (next(waiting[number]) for number in steps)

    def try_again(self) -> None:
        """Let reps whose move was refused move once more, now that the badge had time to change."""
        for number in sorted(self.refused):
            self._move(number)

    def _steps(self, number: int) -> tuple[Act, ...]:
        chance = random.Random(f"{self.seed}:{number}")
        first, last = chance.choice(DISCOUNTS), chance.choice(DISCOUNTS)
        users, address = str(chance.randrange(5, 90)), chance.choice(("", "Keizersgracht 1"))
        steps: list[Act] = [
            lambda: self._create(number, first),
            *(partial(self._haggle, number, turn) for turn in range(_TURNS)),
            lambda: self._update(number, number_of_users=users),
            lambda: self._update(number, delivery_address=address or "Herengracht 2"),
            lambda: self.office.discount(self._rep(number), self.ids[number], last),
            lambda: self._update(number, delivery_address=address),
        ]
        if number % _EVERY_MOVE == 0:
            steps.append(lambda: self._move(number))
        return tuple(steps)

    def _rep(self, number: int) -> str:
        return REPS[number % len(REPS)]

    def _create(self, number: int, discount: int) -> None:
        rep = self._rep(number)
        deal = sale(discount, name=f"Deal {number}", rep=rep[1:], start_date="2031-03-01")
        self.ids[number] = self.office.create(rep, deal)

    def _haggle(self, number: int, turn: int) -> None:
        """Change what no gate reads."""
        values = {"region": _REGIONS[turn % len(_REGIONS)], "service_level": _LEVELS[turn % len(_LEVELS)]}
        self._update(number, **values)

    def _update(self, number: int, **values: str) -> None:
        self.office.update(self._rep(number), self.ids[number], values)

    def _move(self, number: int) -> None:
        try:
            self.office.move(self._rep(number), self.ids[number], "contract")
        except Refused:
            self.refused.add(number)
