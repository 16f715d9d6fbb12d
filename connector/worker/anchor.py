"""Keep the head of the ledger outside the database: a chain whose end was cut off, or that was rewritten
from the start, is a whole chain again and only an old head can tell."""

import structlog

from connector import texts
from connector.desk import Desk
from connector.mail import Mail, MailRefused, MailUnavailable
from connector.store.chain import Head

log = structlog.get_logger()


def anchor(desk: Desk) -> bool:
    """Log the head, and mail it where an address is set; False where the mail has to be tried again."""
    head = desk.store.ledger.head(desk.account)
    log.info("ledger.head", account=desk.account, head=written(head))
    if desk.settings.anchor_mail is None:
        return True
    subject = texts.anchor_subject(desk.account, head.seq)
    body = texts.anchor_body(desk.account, written(head))
    try:
        desk.mailer.send(Mail(desk.settings.anchor_mail, subject, body, f"anchor:{desk.account}:{head.hash}"))
    except MailUnavailable:
        return False
    except MailRefused as error:
        desk.alarm(error.reason, "anchor")
    return True


def written(head: Head) -> str:
    """Write a head as `dealgate ledger verify --anchor` takes it."""
    return f"{head.seq}:{head.hash}"
