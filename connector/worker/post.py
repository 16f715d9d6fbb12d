"""Send the mails of one batch, each settled by itself."""

from collections.abc import Sequence

from connector.adapters.base import Delivery, Fate
from connector.desk import Desk
from connector.effects import SendMail
from connector.mail import Mail, MailRefused, MailUnavailable


def post(desk: Desk, mails: Sequence[SendMail]) -> tuple[Delivery, ...]:
    """Return the fate of each mail; a person without an address in the policy is a refusal."""
    people = desk.picture().policy.people
    return tuple(
        _one(desk, mail, people[mail.person].email if mail.person in people else None) for mail in mails
    )


def _one(desk: Desk, mail: SendMail, address: str | None) -> Delivery:
    if address is None:
        return Delivery(Fate.REFUSED, reason="person-unknown", message=f"{mail.person} is not in the policy.")
    try:
        desk.mailer.send(Mail(address, mail.subject, mail.body, mail.key))
    except MailUnavailable as error:
        desk.metrics.mails.labels("later").inc()
        return Delivery(Fate.LATER, reason=error.reason, message=error.message)
    except MailRefused as error:
        desk.metrics.mails.labels("refused").inc()
        return Delivery(Fate.REFUSED, reason=error.reason, message=error.message)
    desk.metrics.mails.labels("sent").inc()
    return Delivery(Fate.DONE, ref=address_free_ref(mail))


def address_free_ref(mail: SendMail) -> str:
    """Return what is remembered of a sent mail: to whom in the policy, never the address."""
    return mail.person
