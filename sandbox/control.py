"""The sandbox's own paths below `/_sandbox`, alike in both CRMs: what a person or a process does by curl."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict
from inspect import Parameter, signature
from typing import Any, Protocol

import orjson

from sandbox.clock import Clock
from sandbox.counters import Counters
from sandbox.faults import Fault, FaultKind, FaultPlan
from sandbox.sender import Delivered
from sandbox.server import CONTROL
from sandbox.wire import Reply, Request

Handler = Callable[[str, Request], object]


class Sending(Protocol):
    """Who delivers what happens."""

    @property
    def delivered(self) -> Delivered: ...


class InSmall(Protocol):
    """A CRM in small, as far as its control paths need it."""

    faults: FaultPlan
    clock: Clock

    @property
    def calls(self) -> Mapping[str, int]: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def webhooks(self) -> Sending | None: ...

    def wait_webhooks_idle(self, timeout_s: float = 30.0) -> bool: ...
    def deals(self) -> list[str]: ...
    def deal(self, deal: str) -> Mapping[str, Any]: ...
    def lines_of(self, deal: str) -> Mapping[str, Any]: ...
    def tasks_of(self, deal: str) -> Mapping[str, Any]: ...
    def notes_of(self, deal: str) -> Mapping[str, Any]: ...


class Unknown(ValueError):
    """There is no such path, act or person."""


class Control(ABC):
    """Answers control calls of one sandbox. `acts` may be asked for by name, `paths` says all that there is,
    `refused` is the vendor's own error."""

    refused: type[Exception]
    acts: frozenset[str]
    paths: str

    def __init__(self, crm: InSmall) -> None:
        self._of = crm

    @abstractmethod
    def subscribe(self, target: dict[str, Any]) -> None:
        """Deliver what happens to this target from now on."""

    @abstractmethod
    def limit(self, limits: dict[str, Any]) -> None:
        """Begin anew with other call limits."""

    @abstractmethod
    def people(self) -> object:
        """Return the users."""

    @abstractmethod
    def who(self, name: str) -> object:
        """Return the acts of a user, a machine or an app."""

    @abstractmethod
    def refusal(self, error: Exception) -> Reply:
        """Return the vendor's own words for an error of its own."""

    def more(self) -> Mapping[str, Handler]:
        """Return the paths that only this CRM has."""
        return {}

    def answer(self, request: Request) -> Reply:
        """Answer one call; wrong arguments get a 400 that names them."""
        area, _, rest = request.path.removeprefix(CONTROL).strip("/").partition("/")
        handler = {**self._routes(), **self.more()}.get(f"{request.method} {area}")
        if handler is None:
            return _told(404, self.paths)
        try:
            return Reply(200, orjson.dumps(handler(rest, request), default=self.plain))
        except self.refused as error:
            return self.refusal(error)
        except Unknown as unknown:
            return _told(404, str(unknown))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return _told(400, f"{type(error).__name__}: {error}")

    def plain(self, value: Any) -> object:
        """Return the JSON of what JSON has no word for."""
        raise TypeError(f"{type(value).__name__} has no JSON.")

    def _routes(self) -> Mapping[str, Handler]:
        return {
            "GET calls": lambda _rest, _request: dict(self._of.calls),
            "DELETE calls": self._reset,
            "GET counters": self._counters,
            "GET webhooks": self._delivered,
            "PUT webhooks": lambda _rest, request: self.subscribe(orjson.loads(request.body)) or {},
            "PUT faults": self._faults,
            "PUT limits": lambda _rest, request: self.limit(orjson.loads(request.body)) or {},
            "GET deals": self._deals,
            "GET people": lambda _rest, _request: self.people(),
            "POST acts": self._act,
            "POST clock": self._clock,
        }

    def _reset(self, _rest: str, _request: Request) -> object:
        self._of.counters.reset()
        return {}

    def _counters(self, _rest: str, _request: Request) -> object:
        routes = {route: asdict(count) for route, count in self._of.counters.by_route().items()}
        return {"routes": routes, "total": asdict(self._of.counters.total())}

    def _delivered(self, _rest: str, request: Request) -> object:
        """Wait up to `?wait=` seconds for everything to be delivered, then say what was."""
        idle = self._of.wait_webhooks_idle(float(request.query.get("wait", "0")))
        sent = asdict(self._of.webhooks.delivered) if self._of.webhooks else {}
        return {"idle": idle, **sent}

    def _faults(self, _rest: str, request: Request) -> object:
        found = orjson.loads(request.body)
        self._of.faults.set([Fault(**{**one, "kind": FaultKind(one["kind"])}) for one in found])
        return {}

    def _deals(self, deal: str, _request: Request) -> object:
        if not deal:
            return self._of.deals()
        return {
            "properties": self._of.deal(deal),
            "line_items": self._of.lines_of(deal),
            "tasks": self._of.tasks_of(deal),
            "notes": self._of.notes_of(deal),
        }

    def _act(self, name: str, request: Request) -> object:
        if name not in self.acts:
            raise Unknown(f"No such act: {name}. There are: {', '.join(sorted(self.acts))}")
        arguments = orjson.loads(request.body)
        if not isinstance(arguments, dict) or "as" not in arguments:
            raise TypeError('write a JSON object that says who acts: {"as": "9101", ...}')
        act = getattr(self.who(arguments.pop("as")), name)
        try:
            signature(act).bind(**arguments)
        except TypeError as error:
            raise TypeError(f"{error}. {name} takes: as, {', '.join(_members(act))}") from error
        return {"result": act(**arguments)}

    def _clock(self, _rest: str, request: Request) -> object:
        self._of.clock.advance(float(orjson.loads(request.body)["advance"]))
        return {"now": self._of.clock.now_ms()}


def _members(act: Callable[..., object]) -> list[str]:
    """Return what an act takes; in brackets what may be left out."""
    taken = signature(act).parameters.values()
    return [one.name if one.default is Parameter.empty else f"[{one.name}]" for one in taken]


def _told(status: int, message: str) -> Reply:
    return Reply(status, orjson.dumps({"status": "error", "message": message}))
