"""The sandbox's own paths below `/_sandbox`: what a person or another process can do with curl.

GET calls, counters, webhooks, deals, deals/ID, people · DELETE calls · PUT faults, limits, webhooks ·
POST acts/NAME with `{"as": "9101" | "workflow" | "import" | "app", ...arguments of the act}` ·
POST clock `{"advance": seconds}`, sessions (all of them end).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from sandbox import control
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.limits import Limits
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.values import shown
from sandbox.wire import Reply, Request

if TYPE_CHECKING:
    from sandbox.salesforce.acts import Acts
    from sandbox.salesforce.sandbox import SalesforceSandbox

_PATHS = (__doc__ or "").strip()  # of this module: in a class it would be the class's own
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


class Control(control.Control):
    """Answers control calls of one sandbox."""

    refused = SalesforceError
    acts = ACTS
    paths = _PATHS

    def __init__(self, sandbox: SalesforceSandbox) -> None:
        super().__init__(sandbox)
        self._crm = sandbox

    def subscribe(self, target: dict[str, Any]) -> None:
        self._crm.subscribe(MessageTarget(**target))

    def limit(self, limits: dict[str, Any]) -> None:
        self._crm.set_limits(Limits(**limits))

    def people(self) -> object:
        with self._crm.org.lock:
            names = ("Id", "Username", "Name", "IsActive")
            return [{n: one.values.get(n) for n in names} for one in self._crm.org.records.all("User")]

    def who(self, name: str) -> Acts:
        known = {"workflow": self._crm.workflow, "import": self._crm.imports, "app": self._crm.other_app}
        if name in known:
            return known[name]()
        if self._crm.user(name) not in set(self._crm.seeded.users.values()):
            raise control.Unknown(f"No such user: {name}")
        return self._crm.act_as(name)

    def refusal(self, error: Exception) -> Reply:
        assert isinstance(error, SalesforceError)  # noqa: S101
        return Reply(error.status, orjson.dumps({"message": error.message, "code": error.code}))

    def more(self) -> Mapping[str, control.Handler]:
        return {"POST sessions": self._sessions}

    def plain(self, value: Any) -> object:
        """Return numbers and times as Salesforce writes them."""
        return shown(value)

    def _sessions(self, _rest: str, _request: Request) -> object:
        self._crm.expire_sessions()
        return {}
