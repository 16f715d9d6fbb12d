"""The pages behind the links in our mails: who comes by which link, and how a page looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from secrets import token_urlsafe
from types import MappingProxyType

from flask import Response, render_template, request

from connector import links, texts
from connector.directory import Directory
from connector.links import Link
from connector.plan.case import Case
from connector.plan.questions import put_to
from connector.recall import House, Recall
from connector.settings.records import Settings
from connector.signoffs.queues import asked_as
from connector.signoffs.stand_ins import stand_ins
from connector.standing import Signoff
from connector.store import Store

NOTHING: Mapping[str, object] = MappingProxyType({})
_FIELDS = ("answer", "limit", "note", "since", "until", "to")


@dataclass(frozen=True, slots=True)
class Letters:
    """Where links lead. `recalls` by account."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    recalls: Mapping[str, Recall]

    def link(self, text: str) -> Link | None:
        """Return what the link is for; None where nobody signed it, or its time or its person is gone."""
        link = links.read(text, self.settings.link_secrets, self.clock())
        if link is None or link.account not in self.recalls:
            return None
        house = self.house(link)
        return link if house is None or link.person in house.policy.people else None

    def house(self, link: Link) -> House | None:
        """Return the live policy and its people, None before the first look at the account."""
        return self.recalls[link.account].house()

    def question(self, link: Link) -> tuple[str, list[str]]:
        """Return title and lines of what is asked, as the mail said it; else what is on record."""
        house, now = self.house(link), self.clock()
        recalled = house and self.recalls[link.account].deal(link.deal, house, now)
        if not recalled:
            return texts.answer_wanted(link.deal), []
        put = put_to(link.person, link.cycle, Case(recalled.ground, recalled.verdict))
        return put or (texts.answer_wanted(recalled.ground.deal.name), [recalled.verdict.sentence])

    def asked_as(self, link: Link, signoff: Signoff) -> str | None:
        """Return the name by which the link's person is asked: his own, or a queue's that he is in."""
        house = self.house(link)
        return asked_as(link.person, signoff.asked, house.directory if house else Directory())

    def answers_as(self, link: Link) -> list[str]:
        """Say in whose name the link answers, to whoever reads a mail that was passed on."""
        name = self.name(link, link.person)
        return [texts.answer_as(name)] if name else []

    def name(self, link: Link, person: str | None) -> str:
        """Return what somebody is called in the link's account, nothing where nobody is known by that id."""
        house = self.house(link)
        known = house.policy.people.get(person or "") if house else None
        return known.name if known else ""

    def email(self, link: Link, person: str) -> str | None:
        """Return the e-mail by which the link's account knows somebody, for comparing."""
        house = self.house(link)
        known = house.policy.people.get(person) if house else None
        return known.email.casefold() if known else None

    def everywhere(self, link: Link) -> tuple[Link, ...]:
        """Return the link as it would be in each account that knows its person by the same e-mail."""
        houses = {name: house for name, one in self.recalls.items() if (house := one.house()) is not None}
        mine = self.email(link, link.person)
        found = [
            replace(link, account=name, person=one.id)
            for name, house in houses.items()
            for one in house.policy.people.values()
            if one.email.casefold() == mine
        ]
        return tuple(found) or (link,)

    def stand_ins(self, link: Link) -> Mapping[str, str]:
        """Return who may decide first while the link's person is away, by id, and their names."""
        house = self.house(link)
        found = stand_ins(link.person, house.policy, house.directory) if house else ()
        return {one: house.policy.people[one].name for one in found} if house else {}

    def label(self, link: Link, field: str) -> str:
        """Return how the policy calls a field, else its name."""
        house = self.house(link)
        known = house.policy.fields.get(field) if house else None
        return known.label if known else field


def page(
    title: str, lines: list[str], shows: Mapping[str, object] = NOTHING, *, status: int = HTTPStatus.OK
) -> Response:
    """Return a page that runs no script and cannot be framed. `shows` are further names of the template."""
    nonce = token_urlsafe(16)
    given = {name: request.form.get(name, "") for name in _FIELDS}
    html = render_template(
        "answer.html", texts=texts, title=title, lines=lines, nonce=nonce, given=given, **shows
    )
    answer = Response(html, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    return answer


def ended() -> Response:
    """Say that the link leads nowhere any more."""
    return page(texts.link_ended(), [texts.answer_elsewhere()], status=HTTPStatus.NOT_FOUND)
