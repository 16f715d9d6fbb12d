"""Send the mails of one batch, each settled by itself."""

from collections.abc import Sequence

from connector import texts
from connector.adapters.base import Delivery, Fate
from connector.desk import Desk
from connector.effects import SendMail
from connector.links import LIFETIME, Link, token
from connector.mail import Mail, MailRefused, MailUnavailable

_PATIENCE = 3  # mails in a row that the server does not take


def post(desk: Desk, mails: Sequence[SendMail]) -> tuple[Delivery, ...]:
    """Return the fate of each mail; a person without an address in the policy is a refusal.

    Where the server is away the rest is not tried: each try may last as long as its timeout.
    """
    people = desk.picture().policy.people
    fates: list[Delivery] = []
    for mail in mails:
        if len(fates) >= _PATIENCE and all(fate.fate is Fate.LATER for fate in fates[-_PATIENCE:]):
            fates.append(fates[-1])
        else:
            fates.append(_one(desk, mail, people[mail.person].email if mail.person in people else None))
    return tuple(fates)


def _one(desk: Desk, mail: SendMail, address: str | None) -> Delivery:
    if address is None:
        return Delivery(Fate.REFUSED, reason="person-unknown", message=f"{mail.person} is not in the policy.")
    try:
        desk.mailer.send(Mail(address, mail.subject, _with_link(desk, mail), mail.key))
    except MailUnavailable as error:
        desk.metrics.mails.labels("later").inc()
        return Delivery(Fate.LATER, reason=error.reason, message=error.message)
    except MailRefused as error:
        desk.metrics.mails.labels("refused").inc()
        return Delivery(Fate.REFUSED, reason=error.reason, message=error.message)
    desk.metrics.mails.labels("sent").inc()
    return Delivery(Fate.DONE, ref=address_free_ref(mail))


def _with_link(desk: Desk, mail: SendMail) -> str:
    """Return the text, with the link to answer by where the mail asks and links are set up."""
    secrets = desk.settings.link_secrets
    if mail.cycle is None or not secrets:
        return mail.body
    link = Link(desk.account, mail.deal, mail.person, mail.cycle, desk.now() + LIFETIME)
    return f"{mail.body}\n{texts.answer_here(f'{desk.settings.public_url}/answer/{token(link, secrets)}')}"


def address_free_ref(mail: SendMail) -> str:
    """Return what is remembered of a sent mail: to whom in the policy, never the address."""
    return mail.person
