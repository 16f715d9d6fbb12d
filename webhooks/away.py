"""/answer/<token>/away: out of office, by the link that a person has. GET shows, POST sets or ends it.

It holds in every account that knows the person by the same e-mail. Only somebody who may decide all of it
already can be named to do so first: whoever a mail is forwarded to would else take a right by it (ADR 281).
"""

from collections.abc import Mapping
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
    to = fields.String(load_default="")

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
    everywhere = letters.everywhere(link)
    if request.form.get("back"):
        for one in everywhere:
            come_back(letters.store, one.account, one.person, one.person, letters.clock())
        return _told(letters, link, texts.is_back())
    try:
        days = AwaySchema().load(request.form.to_dict())
    except ValidationError as error:
        return _told(letters, link, texts.away_title(), _first(error))
    if days["until"] < today_of(letters, link):
        return _told(letters, link, texts.away_title(), texts.away_is_over())
    if days["to"] and days["to"] not in letters.stand_ins(link):
        return _told(letters, link, texts.away_title(), texts.away_to_nobody())
    for one in everywhere:
        _leave(letters, one, days, letters.email(link, days["to"]))
    return _told(letters, link, texts.away_title())


def _leave(letters: Letters, link: Link, days: Mapping[str, Any], to: str | None) -> None:
    """Set the absence in one account. One that an admin has set, perhaps with a stand-in, is ended first."""
    if absent(letters, link) is None:
        able = letters.stand_ins(link)
        stand_in = next((one for one in able if to and letters.email(link, one) == to), None)
        absence = Absence(link.person, days["since"], days["until"], stand_in)
        leave(letters.store, link.account, absence, link.person, letters.clock())


def said(letters: Letters, link: Link) -> dict[str, object]:
    """Return what every page shows of it: the days that are on record, or a form for them."""
    absence, first = absent(letters, link), today_of(letters, link)
    said_days = ""
    if absence is not None:
        first_day, last_day = day(absence.since, first.year), day(absence.until, first.year)
        said_days = texts.away_from(first_day, last_day, letters.name(link, absence.to))
    return {
        "away_at": f"/answer/{request.view_args['text']}/away" if request.view_args else "",
        "away_said": said_days,
        "first_day": first.isoformat(),
        "stand_ins": letters.stand_ins(link),
    }


def _told(letters: Letters, link: Link, title: str, wrong: str = "") -> Response:
    away = said(letters, link)
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return page(title, [], {**away, "wrong": wrong, "away_open": True}, status=status)


def _first(error: ValidationError) -> str:
    messages = error.messages_dict
    return texts.away_without_days() if "_schema" not in messages else str(messages["_schema"][0])
