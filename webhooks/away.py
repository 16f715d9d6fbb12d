"""/answer/<token>/away: out of office, by the link that a person has. GET shows, POST sets or ends it.

No stand-in can be named here: whoever a mail is forwarded to would take the right to sign by it (ADR 237).
"""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from connector import texts
from connector.directory import Absence
from connector.links import Link
from connector.out_of_office import come_back, leave
from connector.signoffs.hours import today
from connector.values import day
from webhooks.letters import Letters, ended, page

_LONGEST = timedelta(days=366)


class AwaySchema(Schema):
    """The days as they are posted."""

    class Meta:
        unknown = EXCLUDE

    since = fields.Date(required=True)
    until = fields.Date(required=True)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: object) -> None:
        """Refuse an end before the start, and years."""
        if data["until"] < data["since"]:
            raise ValidationError(texts.away_ends_first())
        if data["until"] - data["since"] > _LONGEST:
            raise ValidationError(texts.away_too_long())


def absent(letters: Letters, link: Link) -> Absence | None:
    """Return the absence that the person has or will have next, None where none is on record."""
    now = today_of(letters, link)
    mine = (one for one in letters.store.absences.all(link.account) if one.person == link.person)
    return next((one for one in mine if one.until >= now), None)


def today_of(letters: Letters, link: Link) -> date:
    """Return the date where the person works."""
    house = letters.house(link)
    return letters.clock().date() if house is None else today(link.person, house.policy, letters.clock())


def take(letters: Letters, text: str) -> Response:
    """Set the absence, or end it; either is on record with the person's own name."""
    link = letters.link(text)
    if link is None:
        return ended()
    now = letters.clock()
    if request.form.get("back"):
        come_back(letters.store, link.account, link.person, link.person, now)
        return _told(letters, link, texts.is_back())
    try:
        days = AwaySchema().load(request.form.to_dict())
    except ValidationError as error:
        return _told(letters, link, texts.away_title(), _first(error))
    if days["until"] < today_of(letters, link):
        return _told(letters, link, texts.away_title(), texts.away_is_over())
    if absent(letters, link) is None:  # else an admin has set one, perhaps with a stand-in: it is ended first
        absence = Absence(link.person, days["since"], days["until"])
        leave(letters.store, link.account, absence, link.person, now)
    return _told(letters, link, texts.away_title())


def said(letters: Letters, link: Link) -> dict[str, object]:
    """Return what every page shows of it: the days that are on record, or a form for them."""
    absence, first = absent(letters, link), today_of(letters, link)
    days = (day(absence.since, first.year), day(absence.until, first.year)) if absence else None
    return {
        "away_at": f"/answer/{request.view_args['text']}/away" if request.view_args else "",
        "away_said": texts.away_from(*days) if days else "",
        "first_day": first.isoformat(),
    }


def _told(letters: Letters, link: Link, title: str, wrong: str = "") -> Response:
    away = said(letters, link)
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return page(title, [], {**away, "wrong": wrong, "away_open": True}, status=status)


def _first(error: ValidationError) -> str:
    messages = error.messages_dict
    return texts.away_without_days() if "_schema" not in messages else str(messages["_schema"][0])
