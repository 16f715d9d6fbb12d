"""One call from end to end: who is proved, what is on record of the deal, and what the caller is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, request
from prometheus_client import Histogram

from connector import texts
from connector.deals import ObjectType
from connector.explain.viewer import Viewer
from connector.recall import House, Recall, Recalled
from connector.settings.records import Settings
from connector.standing import Answer, AnswerKind
from connector.store import Store
from webhooks.bodies import raw_body
from webhooks.cards.caller import Caller, Refused, caller
from webhooks.hubspot import Portals, signed
from webhooks.replies import refuse, reply
from webhooks.signatures import Keys

BODY_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """A call about one deal: who makes it, what is on record, and the body as it came."""

    caller: Caller
    recall: Recall
    house: House
    viewer: Viewer
    recalled: Recalled
    body: bytes
    now: datetime

    def answer(self, kind: AnswerKind, **words: Any) -> Answer:
        """Return what the viewer said. The worker finds out who he is from the CRM's user id."""
        deal = self.recalled.verdict.deal
        return Answer(f"card:{self.caller.call}:{kind}", deal, kind, self.now, user=self.caller.user, **words)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where calls are answered. `portals` as for webhooks, `recalls` by account; `seconds` times them."""

    portals: Mapping[str, Portals]
    keys: Keys
    settings: Settings
    store: Store
    recalls: Mapping[str, Recall]
    seconds: Histogram
    clock: Callable[[], datetime]

    def guarded(self, act: Callable[[Caller, bytes, datetime], Response]) -> Response:
        """Answer only who is proved."""
        with self.seconds.time():
            now = self.clock()
            body = raw_body(request.environ, min(BODY_LIMIT, self.settings.body_limit))
            call = signed(self.settings.public_url, request.environ, body)
            try:
                return act(caller(call, self.portals, self.keys, now), body, now)
            except Refused as no:
                return refuse(no.status, no.reason, no.message)

    def about(self, deal: str, act: Callable[[Call], Response]) -> Response:
        """Answer a call about a deal of the caller's account; one that was never seen is looked at now."""

        def with_deal(who: Caller, body: bytes, now: datetime) -> Response:
            recall = self.recalls[who.account.name]
            house = recall.house()
            recalled = recall.deal(deal, house, now) if house else None
            if house is None or recalled is None:
                self.store.bells.ring([(who.account.name, ObjectType.DEAL, deal)], now)
                raise Refused(HTTPStatus.NOT_FOUND, "deal-unknown", texts.card_unknown())
            return act(Call(who, recall, house, house.viewer(who.user), recalled, body, now))

        return self.guarded(with_deal)

    def noted(self, call: Call, said: Answer, following: str) -> Response:
        """Keep what was said, once for each signature, and ring its deal: one transaction."""
        self.store.answers.add(call.caller.account.name, [said], call.now)
        return reply(HTTPStatus.ACCEPTED, id=said.id, next=following)
