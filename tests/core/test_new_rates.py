"""A new rate alone re-opens nothing (design 1.12): the first request fixes it, for limits and for list prices."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from connector.policy.model import Offering, Policy, Product, Rates
from connector.standing import AnswerKind
from tests.core.world import Life, answer, deal, line, moved, policy

OFFERED = Product(
    "DP-CORE", "Data Platform Core", frozenset({"dp-core"}), list_price=Decimal(24_000), currency="EUR"
)
OFFERING = Offering((OFFERED,), {"dp-core": OFFERED, "dataplatformcore": OFFERED})


def at_rate(dollar: str) -> Policy:
    return policy(offering=OFFERING, rates=Rates(date(2026, 11, 2), {"USD": Decimal(dollar)}))


def sold_in_dollars() -> Life:
    """EUR 24,000 at list are USD 30,000 at 0.8; sold for USD 24,600: 18 % discount."""
    item = replace(line(), net_price=Decimal(24_600), list_price=None)
    values = {"amount": Decimal(49_200)}
    return Life(
        deal("proposal", currency="USD", line_items=(item,), values=values),
        at_rate("0.8"),
        history=moved("proposal"),
    )


def test_a_deal_that_was_signed_stays_clear_at_a_new_rate() -> None:
    life = sold_in_dollars()
    life.step()
    assert life.verdict is not None
    assert life.verdict.readiness == "needs-sign-off"
    assert life.verdict.signoffs[0].rate == Decimal("0.8")
    life.now += timedelta(hours=1)
    life.step(answer(AnswerKind.YES, at=life.now))
    assert life.verdict.readiness == "ready"
    life.policy = at_rate("0.7")  # the same price would be 28 % under list now
    life.step()
    assert life.verdict.readiness == "ready"
    assert "up to 18 % discount" in life.sentence


def test_a_deal_about_which_nobody_was_asked_follows_the_new_rate() -> None:
    life = sold_in_dollars()
    life.policy = at_rate("0.7")
    life.step()
    assert life.verdict is not None
    (need,) = {one.why for gate in life.verdict.gates for one in gate.waiting}
    assert "28" in need
