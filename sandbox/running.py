"""What a running CRM in small is for whoever starts it: a context, with its address and counters."""

from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from sandbox.counters import Counters
from sandbox.server import SandboxServer


class Delivery(Protocol):
    """Who delivers what happens."""

    def wait_idle(self, timeout_s: float = 30.0) -> bool: ...
    def close(self) -> None: ...


class Running:
    """A server that answers, and who delivers what happens, if anybody listens."""

    _server: SandboxServer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def delivery(self) -> Delivery | None:
        """Return who delivers; None where nobody listens."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop delivering and answering."""
        if self.delivery is not None:
            self.delivery.close()
        self._server.close()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def counters(self) -> Counters:
        return self._server.counters

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls by route since the start or the last `counters.reset()`."""
        return self.counters.calls()

    def wait_webhooks_idle(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything that happened is delivered; return whether that came to be."""
        return self.delivery is None or self.delivery.wait_idle(timeout_s)
