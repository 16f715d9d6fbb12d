"""Take what is there of one account and bring the CRM in line with it.

The life of a stage change in four lines: claim the deals that were rung, read and assess them, keep what
was decided in one transaction, deliver what the CRM does not show yet. One lease spans all four.
"""

from connector.deals import ObjectType
from connector.desk import Desk
from connector.store.claims import Claim
from connector.worker.deliver import deliver
from connector.worker.hand import in_hand
from connector.worker.look import Looked, look
from connector.worker.resolve import CHILDREN, resolve

DEALS = frozenset({ObjectType.DEAL})


def drain(desk: Desk) -> int:
    """Answer one batch of children and one batch of deals; return how many bells were answered."""
    return in_hand(desk, desk.claim(CHILDREN), resolve) + in_hand(desk, desk.claim(DEALS), handle)


def handle(desk: Desk, claim: Claim) -> None:
    """Assess and deliver one batch of deals."""
    looked = look(desk, claim.deals)
    desk.store.records.commit(claim, looked.records, desk.now())
    desk.counted(looked.records)
    desk.alarms(line for record in looked.records for line in record.verdict.alarms)
    deliver(desk, claim, looked.policy)
    _give_back(desk, claim, looked)


def _give_back(desk: Desk, claim: Claim, looked: Looked) -> None:
    fine = [bell for bell in claim.bells if bell.id not in looked.failed]
    rings = [(desk.account, ObjectType.DEAL, deal) for deal in looked.survivors | looked.absorbed]
    desk.store.claims.finish(claim, fine, desk.now(), ring=rings)
    for bell in claim.bells:
        if bell.id in looked.failed:
            desk.retry_or_park(claim, bell, "assessment-failed", looked.failed[bell.id])
