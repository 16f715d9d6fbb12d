"""The story: reps move deals as reps do, the connector answers, Operations decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.demo.stage import Stage
from connector.worker.backfill import back_fill
from connector.worker.clock import SWEEP
from connector.worker.sweep import sweep
from sandbox.hubspot.acts import Acts

MIA, TOM, LENA, OMAR = "9101", "9102", "9103", "9104"
ANNA = "9120"
_IMPORTED = 500
_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: what a person does, told in a line; `play` does it and returns the deals it is about."""

    title: str
    play: Callable[["Story"], tuple[str, ...]]


class Story:
    """The deals of the story by name, and the acts that move them."""

    def __init__(self, stage: Stage, now: datetime) -> None:
        self.stage = stage
        self.now = now
        self.deals: dict[str, str] = {}

    def rep(self, user: str) -> Acts:
        """Return the acts of a user at the CRM's screen."""
        return self.stage.crm.act_as(user)

    def opens(self, user: str, name: str, discount: int = 0, **values: str) -> str:
        """Let a rep create a deal in Proposal: one Data Platform and ten seats, data complete."""
        owner = user[1:]
        complete = {
            "dealname": name,
            "pipeline": "default",
            "dealstage": "proposal",
            "hubspot_owner_id": owner,
            "deal_currency_code": "EUR",
            "closedate": _day(self.now + _SOON),
            "delivery_address": "Keizersgracht 1, Amsterdam",
            "number_of_users": "10",
            "start_date": _day(self.now + 2 * _SOON),
            "region": "EMEA",
        }
        wanted = {key: value for key, value in {**complete, **values}.items() if value}
        price = (24_000 + 4_800) * (100 - discount) / 100
        deal = self.rep(user).create_deal({**wanted, "amount": f"{price:.0f}"}, self._lines(discount))
        self.deals[name] = deal
        return deal

    def task(self, name: str) -> str:
        """Return the open task that asks for a decision about a deal."""
        tasks = self.stage.crm.tasks_of(self.deals[name])
        return next(id_ for id_, one in tasks.items() if _asks(one))

    def settle(self) -> bool:
        """Wait until everything that was done is answered; return whether that came to be."""
        return self.stage.settle()

    def _lines(self, discount: int) -> list[Mapping[str, str]]:
        products = self.stage.crm.seeded.products
        off = {"hs_discount_percentage": str(discount)} if discount else {}
        return [
            {"hs_product_id": products["DP-CORE"], "quantity": "1", **off},
            {"hs_product_id": products["DP-SEAT"], "quantity": "10", **off},
        ]


def _asks(task: Mapping[str, str]) -> bool:
    return task.get("hs_task_status") != "COMPLETED" and task.get("hs_task_subject", "").startswith("Decide")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _fine(story: Story) -> tuple[str, ...]:
    deal = story.opens(MIA, "Aurora", 8)
    story.settle()
    story.rep(MIA).move(deal, "contract")
    return (deal,)


def _missing(story: Story) -> tuple[str, ...]:
    deal = story.opens(TOM, "Borealis", delivery_address="", number_of_users="")
    story.settle()
    story.rep(TOM).move(deal, "contract")
    return (deal,)


def _discounted(story: Story) -> tuple[str, ...]:
    deals = (story.opens(LENA, "Cascade", 18), story.opens(OMAR, "Delta", 19), story.opens(MIA, "Ember", 17))
    story.settle()
    for user, deal in zip((LENA, OMAR, MIA), deals, strict=True):
        story.rep(user).move(deal, "contract")
    return deals


def _never(story: Story) -> tuple[str, ...]:
    return (story.opens(TOM, "Fjord", 35),)


def _jump(story: Story) -> tuple[str, ...]:
    deal = story.opens(OMAR, "Granite", 15, dealstage="discovery")
    story.settle()
    story.rep(OMAR).move(deal, "closedwon")
    return (deal,)


def _straight_to_won(story: Story) -> tuple[str, ...]:
    return (story.opens(LENA, "Harbour", 12, dealstage="closedwon", start_date=""),)


def _lost_and_won(story: Story) -> tuple[str, ...]:
    deal = story.opens(TOM, "Island", 16)
    story.settle()
    story.rep(TOM).move(deal, "closedlost")
    story.settle()
    story.rep(TOM).move(deal, "closedwon")
    return (deal,)


def _while_down(story: Story) -> tuple[str, ...]:
    deal = story.opens(MIA, "Juniper", 14)
    story.settle()
    story.stage.connector_down()
    story.rep(MIA).move(deal, "contract")
    story.stage.connector_up()
    desk = story.stage.desk
    lease = desk.store.jobs.seize(desk.account, SWEEP, 60, desk.now())
    if lease is not None:
        swept = sweep(desk, lease)
        next_at = desk.now() + timedelta(hours=1)
        desk.store.jobs.finish(swept.lease, swept.cursor, next_at, desk.now())
    return (deal,)


def _imports(story: Story) -> tuple[str, ...]:
    rows = [
        {"dealname": f"Imported {number}", "pipeline": "default", "dealstage": "contract",
         "amount": "20000", "hubspot_owner_id": "104", "deal_currency_code": "EUR"}
        for number in range(_IMPORTED)
    ]  # fmt: skip
    return tuple(story.stage.crm.import_deals(rows)[:1])


def _approves(story: Story) -> tuple[str, ...]:
    story.rep(ANNA).decide(story.task("Cascade"), "yes", note="Fine, a reference customer.")
    story.settle()
    story.rep(LENA).move(story.deals["Cascade"], "contract")
    return (story.deals["Cascade"],)


def _counter_offers(story: Story) -> tuple[str, ...]:
    story.rep(ANNA).decide(story.task("Delta"), "yes-up-to", limit="15", note="No more than 15.")
    return (story.deals["Delta"],)


def _takes_it(story: Story) -> tuple[str, ...]:
    deal, acts = story.deals["Delta"], story.rep(OMAR)
    for line in story.stage.crm.lines_of(deal):
        acts.update_line(line, {"hs_discount_percentage": "15"})
    story.settle()
    acts.move(deal, "contract")
    return (deal,)


def _rejects(story: Story) -> tuple[str, ...]:
    story.rep(ANNA).decide(story.task("Ember"), "no", note="We lost money on the last one.")
    return (story.deals["Ember"],)


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
    Scene("Anna approves Cascade; Lena moves it.", _approves),
    Scene("Anna says yes to Delta, up to 15 %.", _counter_offers),
    Scene("Omar takes the 15 % and moves Delta himself.", _takes_it),
    Scene("Anna says no to Ember.", _rejects),
)


def what_was_there(story: Story) -> int:
    """Assess what was there before Dealgate came; return how many deals."""
    desk = story.stage.desk
    ids = [deal for page in desk.crm.open_deals() for deal in page]
    back_fill(desk, ids)
    return len(ids)
