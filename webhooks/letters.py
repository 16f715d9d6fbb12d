"""The pages behind the links in our mails: who comes by which link, and how a page looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from secrets import token_urlsafe
from types import MappingProxyType

from flask import Response, render_template, request

from connector import links, texts
from connector.links import Link
from connector.plan.case import Case
from connector.plan.questions import put_to
from connector.recall import House, Recall
from connector.settings.records import Settings
from connector.store import Store

NOTHING: Mapping[str, object] = MappingProxyType({})
_FIELDS = ("answer", "limit", "note", "since", "until")


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
