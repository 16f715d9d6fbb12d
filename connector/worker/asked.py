"""What is asked, as an approver reads it, from the record: no CRM is called."""

from collections.abc import Callable
from datetime import datetime

from connector.plan.case import Case
from connector.plan.facts import in_short
from connector.recall import Recall
from connector.standing import Signoff


def asked(recall: Recall, now: datetime) -> Callable[[str, Signoff], str]:
    """Return what says of a deal's question what there is to decide: "18 % discount (rep's limit 10 %)".

    The reason on the sign-off itself is addressed to the rep; it stands in where the deal is not on record.
    """
    house = recall.house()

    def say(deal: str, signoff: Signoff) -> str:
        known = recall.deal(deal, house, now) if house else None
        return in_short(signoff, Case(known.ground, known.verdict)) if known else signoff.why

    return say
