"""Deals in many states, as the engine tells panel and card of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from connector.deals import OurField
from connector.explain.panel import told
from connector.policy.model import Role
from connector.standing import SignoffState
from tests.core.world import CONTRACT, DISCOUNTS, ROLES, STRANGERS, WON, Life, answer, deal, gate, policy

SEED = 11
Act = Callable[[Life, Random], None]

_BOTH = tuple(
    replace(row, roles=("sales-manager", "operations"), in_order=True) if row.id == "middle" else row
    for row in DISCOUNTS.rows
)
_STOPPABLE = tuple(
    replace(row, veto=("legal",), veto_within=8) if row.id in {"small", "middle"} else row
    for row in DISCOUNTS.rows
)
_LEGAL = Role("legal", "Legal", ("jan",), "legal", 1, "Legal")
_POLICIES = (
    policy(),
    policy(matrices={"discounts": replace(DISCOUNTS, rows=_BOTH), "strangers": STRANGERS}),
    policy(
        matrices={"discounts": replace(DISCOUNTS, rows=_STOPPABLE), "strangers": STRANGERS},
        roles={**ROLES, "legal": _LEGAL},
    ),
    policy(CONTRACT, gate("papers", "contract", checklist="won", matrices=("discounts",)), WON),
)


def panels(count: int) -> list[dict[str, object]]:
    """Return `count` deals: readiness, and the one JSON shape (docs/panel.md)."""
    return [_told(life) for life in lives(count)]


def lives(count: int) -> Iterator[Life]:
    """Yield the deals themselves, in a CRM that has a field for the panel."""
    random = Random(SEED)
    yield from (_lived(number, random) for number in range(count))


def _told(life: Life) -> dict[str, object]:
    assert life.verdict is not None
    return {"readiness": life.verdict.readiness.value, "panel": dict(told(life.verdict, life.ground))}


def _lived(number: int, random: Random) -> Life:
    """Live a deal's life: each kind of life in turn, each policy in turn."""
    acts = _LIVES[number % len(_LIVES)]
    discount = random.choice([None, *range(36)]) if number % 5 == 0 else random.randint(11, 25)
    there = deal(random.choice(["discovery", "proposal"]), discount, values=dict(_gaps(random)))
    rules = _POLICIES[number // len(_LIVES) % len(_POLICIES)]
    life = Life(there, rules, context={"shows": frozenset(OurField)})
    life.step()
    for act in acts:
        act(life, random)
    return life


def _gaps(random: Random) -> Iterator[tuple[str, object]]:
    for name in ("delivery_address", "number_of_users", "start_date"):
        if random.random() < 0.1:
            yield name, None


def _moves_on(life: Life, random: Random) -> None:
    life.move("contract")
    life.step()


def _says(kind: str, note: str = "", limit: bool = False) -> Act:
    def act(life: Life, random: Random) -> None:
        asked = (one.asked[0] for one in life.standing.signoffs if one.state is SignoffState.REQUESTED)
        by = next(asked, "anna")
        most = random.choice([12, 15, 25]) if limit else None
        life.step(answer(kind, by, life.now, most, note=note))

    return act


def _replies(life: Life, random: Random) -> None:
    life.step(answer("reply", "mia", life.now, note="The customer installs it."))


def _corrects(life: Life, random: Random) -> None:
    life.price(random.choice([8, 14, 22]))
    life.step()


def _fills(life: Life, random: Random) -> None:
    life.fill(delivery_address="Kade 2", number_of_users=Decimal(12), start_date=date(2027, 4, 5))
    life.step()


_CONDITION = "condition: the customer sends the data by 15 February"
_LIVES: tuple[tuple[Act, ...], ...] = (
    (),
    (_fills,),
    (_moves_on,),
    (_moves_on, _says("yes", "Good margin on the service part.")),
    (_fills, _moves_on, _says("yes")),
    (_fills, _moves_on, _says("yes", _CONDITION)),
    (_moves_on, _says("yes-up-to", "Not more.", limit=True)),
    (_moves_on, _says("no", 'Too little <for "us"> & too late.')),
    (_moves_on, _says("question", "Who installs it, you or the customer?")),
    (_moves_on, _says("question", "Since when?"), _replies),
    (_moves_on, _says("yes"), _corrects),
    (_corrects, _moves_on),
)
