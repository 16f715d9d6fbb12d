"""Send the mails of one batch, each settled by itself."""

from collections.abc import Sequence

from connector import texts
from connector.adapters.base import Delivery, Fate
from connector.desk import Desk
from connector.effects import SendMail
from connector.links import LIFETIME, Link, token
from connector.mail import Mail, MailRefused, MailUnavailable
from connector.wiring import deal_page

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
        desk.mailer.send(Mail(address, mail.subject, _with_links(desk, mail), mail.key))
    except MailUnavailable as error:
        desk.metrics.mails.labels("later").inc()
        return Delivery(Fate.LATER, reason=error.reason, message=error.message)
    except MailRefused as error:
        desk.metrics.mails.labels("refused").inc()
        return Delivery(Fate.REFUSED, reason=error.reason, message=error.message)
    desk.metrics.mails.labels("sent").inc()
    return Delivery(Fate.DONE, ref=address_free_ref(mail))


def _with_links(desk: Desk, mail: SendMail) -> str:
    """Return the text, with the link to answer by where the mail asks and links are set up, and the deal's
    page."""
    said = [mail.body]
    if mail.cycle is not None:
        said += answer_link(desk, mail.deal, mail.person, mail.cycle)
    return "\n".join((*said, *deal_link(desk, mail.deal)))


def deal_link(desk: Desk, deal: str) -> list[str]:
    """Return the line with the address of the deal's page in the CRM."""
    page = deal_page(desk.settings, desk.account, deal)
    return [texts.open_deal(page)] if page else []


def answer_link(desk: Desk, deal: str, person: str, cycle: int) -> list[str]:
    """Return the line with the link by which the person answers, none where links are not set up."""
    secrets = desk.settings.link_secrets
    if not secrets:
        return []
    link = Link(desk.account, deal, person, cycle, desk.now() + LIFETIME)
    return [texts.answer_here(f"{desk.settings.public_url}/answer/{token(link, secrets)}")]


def address_free_ref(mail: SendMail) -> str:
    """Return what is remembered of a sent mail: to whom in the policy, never the address."""
    return mail.person
