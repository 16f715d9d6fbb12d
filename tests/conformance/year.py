"""What people do with generated deals: written, moved on, decided, corrected, moved again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from sandbox.brightline import EMPLOYEES
from sandbox.company import Company, Deal, net
from sandbox.generator import generate
from sandbox.office import Office
from tests.conformance.house import House, open_house

_USERS = {one.id: one.user or "" for one in EMPLOYEES}
_BY_MAIL = {one.email: one.user or "" for one in EMPLOYEES}
_ANSWERS = (("yes", None), ("yes-up-to", "15"), ("no", None), None)
_COMPLETE = {"delivery_address": "Kade 1", "number_of_users": "12", "start_date": "2031-03-02"}
_NEXT = {"discovery": "closedwon", "proposal": "contract", "contract": "closedwon"}
SEED = 7
_AFTER_MOVES_S = 1200  # a move is taken back within fifteen minutes, unless it is our own
_NOW_MS = 1_900_000_000_000


def play(folder: Path, database_url: str, deals: int) -> Iterator[tuple[str, House]]:
    """Let people act wave after wave; yield each wave's name when everything is answered."""
    company = generated(deals)
    with open_house(folder, database_url, replace(company, deals=())) as house:
        for number in range(max(len(deal.path) for deal in company.deals)):
            for deal in company.deals:
                _step(house, deal, number)
            house.settle()
            yield f"step {number + 1}", house
        for wave in (_decide, _correct, _move_on, _change_of_mind):
            house.clock.advance(_AFTER_MOVES_S)
            for number, deal in enumerate(company.deals):
                wave(house, deal, number)
            house.settle()
            yield wave.__name__.strip("_").replace("_", " "), house


def generated(deals: int) -> Company:
    """Return a company with this many deals, each with what both CRMs have of it."""
    made = generate(deals, seed=SEED, now_ms=_NOW_MS)
    return replace(made, deals=tuple(_whole(deal) for deal in made.deals))


def _whole(deal: Deal) -> Deal:
    """Return the deal with what an opportunity always has."""
    return replace(
        deal,
        owner=deal.owner or deal.path[-1].by,
        amount=net(deal.lines),
        close_date=deal.close_date or date(2030, 6, 1),
    )


def rep(deal: Deal) -> str:
    """Return the user who moved the deal last."""
    return _USERS[deal.path[-1].by or ""]


def _step(house: House, deal: Deal, number: int) -> None:
    if number == 0:
        house.creates(rep(deal), replace(deal, path=deal.path[:1]))
    elif number < len(deal.path):
        before, then = deal.path[number - 1].stage, deal.path[number].stage
        house.does(deal.key, lambda office, id_: _follow(office, rep(deal), id_, before, then))


def _follow(office: Office, user: str, deal: str, before: str, then: str) -> None:
    """Move a deal on, unless it was held or sent back meanwhile."""
    if office.page(deal).stage == before:
        office.move(user, deal, then)


def _decide(house: House, deal: Deal, number: int) -> None:
    """Whoever is asked answers: yes, yes up to 15 %, no, or not at all."""
    answer = _ANSWERS[number % len(_ANSWERS)]
    if answer is not None:
        house.does(deal.key, lambda office, id_: _answer(office, id_, *answer))


def _answer(office: Office, deal: str, decision: str, limit: str | None) -> None:
    for task in office.tasks(deal):
        if task.title.startswith("Decide") and not task.closed:
            office.decide(_BY_MAIL[task.owner], task.id, decision, limit, "as discussed")


def _correct(house: House, deal: Deal, number: int) -> None:
    """Reps fill in what is missing, or come down with their discount."""
    user = rep(deal)
    if number % 3 == 0:
        house.does(deal.key, lambda office, id_: office.update(user, id_, _COMPLETE))
    elif number % 3 == 1:
        house.does(deal.key, lambda office, id_: office.discount(user, id_, 10 + number % 5))


def _move_on(house: House, deal: Deal, _number: int) -> None:
    """Each deal goes on by a stage; those in Discovery jump over all gates."""
    user = rep(deal)

    def move(office: Office, id_: str) -> None:
        then = _NEXT.get(office.page(id_).stage)
        if then is not None:
            office.move(user, id_, then)

    house.does(deal.key, move)


def _change_of_mind(house: House, deal: Deal, number: int) -> None:
    """Some discounts go up, some deals are lost."""
    user = rep(deal)
    if number % 4 == 0:
        house.does(deal.key, lambda office, id_: office.discount(user, id_, 19))
    elif number % 4 == 1 and deal.pipeline == "default":
        house.does(deal.key, lambda office, id_: office.move(user, id_, "closedlost"))
