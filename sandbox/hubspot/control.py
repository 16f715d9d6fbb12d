"""The sandbox's own paths below `/_sandbox`: what a person or another process can do with curl.

GET calls, counters, webhooks, deals, deals/ID, people · DELETE calls · PUT faults, limits, webhooks ·
POST acts/NAME with `{"as": "9101" | "workflow" | "import" | "app:88001", ...arguments of the act}` ·
POST clock `{"advance": seconds}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from sandbox import control
from sandbox.hubspot.errors import HubSpotError
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.webhooks import WebhookTarget
from sandbox.wire import Reply

if TYPE_CHECKING:
    from sandbox.hubspot.acts import Acts
    from sandbox.hubspot.sandbox import HubSpotSandbox

_PATHS = (__doc__ or "").strip()  # of this module: in a class it would be the class's own
ACTS = frozenset(
    {
        "move",
        "update",
        "create_deal",
        "add_line",
        "update_line",
        "remove_line",
        "decide",
        "decide_on_deal",
        "request",
        "complete_task",
        "delete",
        "restore",
        "merge",
    }
)


class Control(control.Control):
    """Answers control calls of one sandbox."""

    refused = HubSpotError
    acts = ACTS
    paths = _PATHS

    def __init__(self, sandbox: HubSpotSandbox) -> None:
        super().__init__(sandbox)
        self._crm = sandbox

    def subscribe(self, target: dict[str, Any]) -> None:
        self._crm.subscribe(WebhookTarget(**target))

    def limit(self, limits: dict[str, Any]) -> None:
        self._crm.set_limits(Limits(**limits))

    def people(self) -> object:
        return [owner.shown() for owner in self._crm.account.owners.all()]

    def who(self, name: str) -> Acts:
        if name == "workflow":
            return self._crm.workflow()
        if name == "import":
            return self._crm.imports()
        if name.startswith("app:"):
            return self._crm.other_app(name.removeprefix("app:"))
        return self._crm.act_as(self._crm.account.owners.get(name, by_user=True).user_id or name)

    def refusal(self, error: Exception) -> Reply:
        assert isinstance(error, HubSpotError)  # noqa: S101
        return Reply(error.status, orjson.dumps(error.body()))
