"""A sandbox in another process, seen through its `/_sandbox` paths."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import requests

from sandbox.faults import Fault

_TIMEOUT_S = 65.0


class RemoteSandbox:
    """Acts and questions by HTTP; answers are the JSON of `sandbox.hubspot.control`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()

    def close(self) -> None:
        self._session.close()

    def act(self, who: str, name: str, **arguments: Any) -> Any:
        """Do one act as a user id, `workflow`, `import` or `app:ID`; return what the act returns."""
        return self._call("POST", f"acts/{name}", {"as": who, **arguments})["result"]

    def deal(self, deal: str) -> Mapping[str, Any]:
        """Return properties, line_items, tasks and notes of a deal."""
        return dict(self._call("GET", f"deals/{deal}"))

    def deals(self) -> Sequence[str]:
        return list(self._call("GET", "deals"))

    def calls(self) -> Mapping[str, int]:
        return dict(self._call("GET", "calls"))

    def reset_calls(self) -> None:
        self._call("DELETE", "calls")

    def counters(self) -> Mapping[str, Any]:
        return dict(self._call("GET", "counters"))

    def set_faults(self, faults: Sequence[Fault]) -> None:
        self._call("PUT", "faults", [asdict(fault) for fault in faults])

    def set_limits(self, **numbers: Any) -> None:
        self._call("PUT", "limits", numbers)

    def subscribe(self, **target: Any) -> None:
        """Deliver webhooks to a target from now on; members of WebhookTarget."""
        self._call("PUT", "webhooks", target)

    def wait_webhooks_idle(self, timeout_s: float = 30.0) -> bool:
        return bool(self._call("GET", f"webhooks?wait={timeout_s}")["idle"])

    def _call(self, method: str, path: str, body: object = None) -> Any:
        answer = self._session.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=_TIMEOUT_S)
        if answer.status_code >= 400:
            raise ValueError(answer.json()["message"])
        return answer.json()
