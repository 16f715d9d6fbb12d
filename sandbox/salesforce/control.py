"""The sandbox's own paths below `/_sandbox`: what a person or another process can do with curl.

GET calls, counters, webhooks, deals, deals/ID, people · DELETE calls · PUT faults, limits, webhooks ·
POST acts/NAME with `{"as": "9101" | "workflow" | "import" | "app", ...arguments of the act}` ·
POST clock `{"advance": seconds}`, sessions (all of them end).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from sandbox.faults import Fault, FaultKind
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.limits import Limits
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.values import shown
from sandbox.server import CONTROL
from sandbox.wire import Reply, Request

if TYPE_CHECKING:
    from sandbox.salesforce.acts import Acts
    from sandbox.salesforce.sandbox import SalesforceSandbox

ACTS = frozenset(
    {
        "move",
        "update",
        "create_opportunity",
        "create",
        "add_line",
        "update_line",
        "remove_line",
        "decide",
        "request",
        "complete_task",
        "delete",
        "undelete",
    }
)


class Control:
    """Answers control calls of one sandbox."""

    def __init__(self, sandbox: SalesforceSandbox) -> None:
        self._crm = sandbox

    def answer(self, request: Request) -> Reply:
        """Answer one call; wrong arguments get a 400 that names them."""
        area, _, rest = request.path.removeprefix(CONTROL).strip("/").partition("/")
        handler = self._routes().get(f"{request.method} {area}")
        try:
            if handler is None:
                raise not_found((__doc__ or "").strip())
            return Reply(200, orjson.dumps(handler(rest, request), default=_plain))
        except SalesforceError as refused:
            return Reply(refused.status, orjson.dumps({"message": refused.message, "code": refused.code}))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return Reply(400, orjson.dumps({"message": f"{type(error).__name__}: {error}"}))

    def _routes(self) -> Mapping[str, Callable[[str, Request], object]]:
        return {
            "GET calls": lambda _rest, _request: dict(self._crm.calls),
            "DELETE calls": self._reset,
            "GET counters": self._counters,
            "GET webhooks": self._delivered,
            "PUT webhooks": self._subscribe,
            "PUT faults": self._faults,
            "PUT limits": self._limits,
            "GET deals": self._deals,
            "GET people": self._people,
            "POST acts": self._act,
            "POST clock": self._clock,
            "POST sessions": self._sessions,
        }

    def _reset(self, _rest: str, _request: Request) -> object:
        self._crm.counters.reset()
        return {}

    def _counters(self, _rest: str, _request: Request) -> object:
        routes = {route: asdict(count) for route, count in self._crm.counters.by_route().items()}
        return {"routes": routes, "total": asdict(self._crm.counters.total())}

    def _delivered(self, _rest: str, request: Request) -> object:
        """Wait up to `?wait=` seconds for everything to be delivered, then say what was."""
        idle = self._crm.wait_webhooks_idle(float(request.query.get("wait", "0")))
        sent = asdict(self._crm.webhooks.delivered) if self._crm.webhooks else {}
        return {"idle": idle, **sent}

    def _subscribe(self, _rest: str, request: Request) -> object:
        self._crm.subscribe(MessageTarget(**orjson.loads(request.body)))
        return {}

    def _faults(self, _rest: str, request: Request) -> object:
        found = orjson.loads(request.body)
        self._crm.faults.set([Fault(**{**one, "kind": FaultKind(one["kind"])}) for one in found])
        return {}

    def _limits(self, _rest: str, request: Request) -> object:
        self._crm.set_limits(Limits(**orjson.loads(request.body)))
        return {}

    def _deals(self, deal: str, _request: Request) -> object:
        if not deal:
            return self._crm.deals()
        return {
            "properties": self._crm.deal(deal),
            "line_items": self._crm.lines_of(deal),
            "tasks": self._crm.tasks_of(deal),
            "notes": self._crm.notes_of(deal),
        }

    def _people(self, _rest: str, _request: Request) -> object:
        with self._crm.org.lock:
            names = ("Id", "Username", "Name", "IsActive")
            return [{n: one.values.get(n) for n in names} for one in self._crm.org.records.all("User")]

    def _act(self, name: str, request: Request) -> object:
        if name not in ACTS:
            raise not_found(f"No such act: {name}. There are: {', '.join(sorted(ACTS))}")
        arguments = orjson.loads(request.body)
        who = self._who(arguments.pop("as"))
        return {"result": getattr(who, name)(**arguments)}

    def _who(self, name: str) -> Acts:
        known = {"workflow": self._crm.workflow, "import": self._crm.imports, "app": self._crm.other_app}
        if name in known:
            return known[name]()
        if name not in self._crm.seeded.users:
            raise not_found(f"No such user: {name}")
        return self._crm.act_as(name)

    def _clock(self, _rest: str, request: Request) -> object:
        self._crm.clock.advance(float(orjson.loads(request.body)["advance"]))
        return {"now": self._crm.clock.now_ms()}

    def _sessions(self, _rest: str, _request: Request) -> object:
        self._crm.expire_sessions()
        return {}


def _plain(value: object) -> object:
    """Return the JSON of what JSON has no word for: numbers as Salesforce writes them."""
    return shown(value)  # type: ignore[arg-type]  # orjson asks only for values of records
