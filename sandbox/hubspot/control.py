"""The sandbox's own paths below `/_sandbox`: what a person or another process can do with curl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from sandbox.server import CONTROL, Reply, Request

if TYPE_CHECKING:
    from sandbox.hubspot.sandbox import HubSpotSandbox


class Control:
    """Answers control calls of one sandbox."""

    def __init__(self, sandbox: HubSpotSandbox) -> None:
        self._sandbox = sandbox

    def answer(self, request: Request) -> Reply:
        if request.path == f"{CONTROL}/calls":
            return Reply(200, orjson.dumps(dict(self._sandbox.calls)))
        return Reply(404, b'{"message":"no such control path"}')
