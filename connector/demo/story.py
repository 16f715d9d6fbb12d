"""The story: reps move deals as reps do, the connector answers, Operations decides. In every CRM at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from connector.demo.delivery import FULL_FOR, SKU, import_plan
from connector.demo.exceptions import exceptions
from connector.demo.sides import Side
from connector.demo.stage import Stage
from connector.worker.backfill import back_fill
from connector.worker.clock import SWEEP
from connector.worker.sweep import sweep
from sandbox.brightline import PRODUCTS, SALES
from sandbox.clock import ms_of
from sandbox.company import Deal, Line, Step, net
from sandbox.office import Office, Refused

MIA, TOM, LENA, OMAR = "9101", "9102", "9103", "9104"
ANNA = "9120"
_IMPORTED = 500
_SOON = timedelta(days=60)
_SOLD = MappingProxyType({"DP-CORE": 1, "DP-SEAT": 10})
_PROJECT = MappingProxyType({"DP-CORE": 1, SKU: 20})
_TOO_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: what a person does, told in a line; `play` does it and returns the deals it is about."""

    title: str
    play: Callable[["Story"], tuple[str, ...]]


@dataclass(slots=True)
class Story:
    """The deals of the story by name, each with its id in every CRM, and the acts that move them."""

    stage: Stage
    now: datetime
    deals: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)  # by deal and account, of this scene

    def opens(  # noqa: PLR0917  one deal
        self,
        user: str,
        name: str,
        discount: int = 0,
        stage: str = "proposal",
        without: Iterable[str] = (),
        sold: Mapping[str, int] = _SOLD,
        starts: timedelta = 2 * _SOON,
    ) -> str:
        """Let a rep create a deal: one Data Platform and ten seats, data complete but for `without`."""
        values = {
            "delivery_address": "Keizersgracht 1, Amsterdam",
            "number_of_users": "10",
            "start_date": f"{self.now + starts:%Y-%m-%d}",
            "region": "EMEA",
        }
        lines = _lines(Decimal(discount) / 100, sold)
        deal = Deal(
            name,
            name,
            SALES.id,
            owner=user[1:],
            path=(Step(stage, ms_of(self.now), user[1:]),),
            amount=net(lines),
            close_date=(self.now + _SOON).date(),
            lines=lines,
            values={key: value for key, value in values.items() if key not in set(without)},
        )
        self.deals[name] = {side.account: side.office.create(user, deal) for side in self.stage.sides}
        return name

    def acts(self, name: str, act: Callable[[Office, str], None]) -> None:
        """Do the same with a deal in every CRM; keep what one of them refuses."""
        for side in self.stage.sides:
            try:
                act(side.office, self.deals[name][side.account])
            except Refused as told:
                self.refused[name, side.account] = str(told)

    def moves(self, user: str, name: str, stage: str) -> None:
        """Let somebody move a deal."""
        self.acts(name, lambda office, deal: office.move(user, deal, stage))

    def decides(self, name: str, decision: str, limit: str | None = None, note: str = "") -> None:
        """Let Anna answer the task that asks about a deal."""
        self.acts(
            name, lambda office, deal: office.decide(ANNA, _asking(office, deal), decision, limit, note)
        )

    def settle(self) -> bool:
        """Wait until everything that was done is answered; return whether that came to be."""
        return self.stage.settle()

    def sweeps(self) -> None:
        """Take the sweep of every account out of turn."""
        for side in self.stage.sides:
            desk = self.stage.desk(side)
            lease = desk.store.jobs.seize(desk.account, SWEEP, 60, desk.now())
            if lease is not None:
                swept = sweep(desk, lease)
                next_at = desk.now() + timedelta(hours=1)
                desk.store.jobs.finish(swept.lease, swept.cursor, next_at, desk.now())


def _lines(discount: Decimal, sold: Mapping[str, int]) -> tuple[Line, ...]:
    return tuple(
        Line(one.name, Decimal(sold[one.sku]), one.list_price, one.sku, discount)
        for one in PRODUCTS
        if one.sku in sold
    )


def _asking(office: Office, deal: str) -> str:
    """Return the open task that asks for a decision."""
    tasks = office.tasks(deal)
    return next(one.id for one in tasks if not one.closed and one.title.startswith("Decide"))


def _fine(story: Story) -> tuple[str, ...]:
    deal = story.opens(MIA, "Aurora", 8)
    story.settle()
    story.moves(MIA, deal, "contract")
    return (deal,)


def _missing(story: Story) -> tuple[str, ...]:
    deal = story.opens(TOM, "Borealis", without=("delivery_address", "number_of_users"))
    story.settle()
    story.moves(TOM, deal, "contract")
    return (deal,)


def _discounted(story: Story) -> tuple[str, ...]:
    deals = (story.opens(LENA, "Cascade", 18), story.opens(OMAR, "Delta", 19), story.opens(MIA, "Ember", 17))
    story.settle()
    for user, deal in zip((LENA, OMAR, MIA), deals, strict=True):
        story.moves(user, deal, "contract")
    return deals


def _never(story: Story) -> tuple[str, ...]:
    return (story.opens(TOM, "Fjord", 35),)


def _jump(story: Story) -> tuple[str, ...]:
    deal = story.opens(OMAR, "Granite", 15, "discovery")
    story.settle()
    story.moves(OMAR, deal, "closedwon")
    return (deal,)


def _straight_to_won(story: Story) -> tuple[str, ...]:
    return (story.opens(LENA, "Harbour", 12, "closedwon", without=("start_date",)),)


def _lost_and_won(story: Story) -> tuple[str, ...]:
    deal = story.opens(TOM, "Island", 16)
    story.settle()
    story.moves(TOM, deal, "closedlost")
    story.settle()
    story.moves(TOM, deal, "closedwon")
    return (deal,)


def _while_down(story: Story) -> tuple[str, ...]:
    deal = story.opens(MIA, "Juniper", 14)
    story.settle()
    story.stage.connector_down()
    story.moves(MIA, deal, "contract")
    story.stage.connector_up()
    story.sweeps()
    return (deal,)


def _imports(story: Story) -> tuple[str, ...]:
    step = Step("contract", ms_of(story.now), "104")
    rows = [
        Deal(f"imported-{number}", f"Imported {number}", SALES.id, "104", (step,), Decimal(20_000))
        for number in range(_IMPORTED)
    ]
    first = {side.account: side.office.bring_in(rows)[0] for side in story.stage.sides}
    story.deals["Imported 0"] = first
    return ("Imported 0",)


def _full(story: Story) -> tuple[str, ...]:
    deals = (
        story.opens(LENA, "Kestrel", sold=_PROJECT, starts=_TOO_SOON),
        story.opens(MIA, "Lagoon", sold=_PROJECT, starts=_TOO_SOON),
    )
    story.settle()
    return deals


def _starts_later(story: Story) -> tuple[str, ...]:
    later = story.now + FULL_FOR + 2 * _TOO_SOON
    story.acts("Lagoon", lambda office, deal: office.update(MIA, deal, {"start_date": f"{later:%Y-%m-%d}"}))
    story.settle()
    story.moves(MIA, "Lagoon", "contract")
    return ("Lagoon",)


def _approves(story: Story) -> tuple[str, ...]:
    story.decides("Cascade", "yes", note="Fine, a reference customer.")
    story.settle()
    story.moves(LENA, "Cascade", "contract")
    return ("Cascade",)


def _counter_offers(story: Story) -> tuple[str, ...]:
    story.decides("Delta", "yes-up-to", limit="15", note="No more than 15.")
    return ("Delta",)


def _takes_it(story: Story) -> tuple[str, ...]:
    story.acts("Delta", lambda office, deal: office.discount(OMAR, deal, 15))
    story.settle()
    story.moves(OMAR, "Delta", "contract")
    return ("Delta",)


def _rejects(story: Story) -> tuple[str, ...]:
    story.decides("Ember", "no", note="We lost money on the last one.")
    return ("Ember",)


SCENES = (
    Scene("Mia moves Aurora to Contract: 8 % discount, nothing missing.", _fine),
    Scene("Tom moves Borealis to Contract: no address, no number of users.", _missing),
    Scene("Lena, Omar and Mia move three deals to Contract with 17 to 19 % discount.", _discounted),
    Scene("Tom writes a deal with 35 % discount.", _never),
    Scene("Omar jumps over the gate: Granite from Discovery straight to Closed Won.", _jump),
    Scene("Lena creates Harbour directly in Closed Won.", _straight_to_won),
    Scene("Tom loses Island, then wins it again.", _lost_and_won),
    Scene("The connector is down while Mia moves Juniper; one sweep finds it.", _while_down),
    Scene(f"Somebody imports {_IMPORTED} deals into Contract: badges, and nobody is disturbed.", _imports),
    Scene(
        "Lena and Mia sell a project that begins in two weeks: 20 days of consultants, who are full.", _full
    ),
    Scene("Mia lets Lagoon begin when consultants are free, and moves it.", _starts_later),
    Scene("Anna approves Cascade; Lena moves it.", _approves),
    Scene("Anna says yes to Delta, up to 15 %.", _counter_offers),
    Scene("Omar takes the 15 % and moves Delta himself.", _takes_it),
    Scene("Anna says no to Ember.", _rejects),
)


def what_was_there(stage: Stage, side: Side) -> int:
    """Import the capacity plan, and assess what was there before Dealgate came; return how many deals."""
    desk = stage.desk(side)
    import_plan(desk, desk.now().date())
    ids = [deal for page in desk.crm.open_deals() for deal in page]
    back_fill(desk, ids)
    back_fill(desk, exceptions(desk, ids))
    return len(ids)
