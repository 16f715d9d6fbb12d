"""What the demo prints of one deal in two CRMs."""

from connector.demo.show import Shown, alike
from connector.verdicts import Readiness

WHY = "Contract: waiting for Anna Bos (Operations) until Thu {}, because 12 % discount is over your 10 %."


def page(why: str) -> Shown:
    return Shown("Harbour", "Proposal", Readiness.NEEDS_SIGN_OFF, why, 2)


def test_two_crms_that_ask_over_the_turn_of_a_minute_are_shown_as_one() -> None:
    first = page(WHY.format("14:57"))
    assert alike(page(WHY.format("14:58")), first) == first
    other = page("Contract: needs sign-off by Operations, because 12 % discount is over your 10 %.")
    assert alike(other, first) == other
