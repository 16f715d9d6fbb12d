"""Logs as events, counts as metrics. The composition root makes one Metrics and hands it down."""

import logging
import os
import struct
import sys
import time
from collections.abc import MutableMapping
from contextlib import suppress

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from structlog.typing import Processor, WrappedLogger

# The name that prometheus-client reads: https://prometheus.github.io/client_python/multiprocess/
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"

_NEVER_LOGGED = frozenset(
    {
        "body",
        "payload",
        "token",
        "access_token",
        "secret",
        "client_secret",
        "signature",
        "authorization",
        "password",
    }
)
_TRIES = 20
_CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_INTAKE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5)


class Metrics:
    """Every metric of the product, in one registry of its own. Labels hold names and ids, never people."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._edge()
        self._work()
        self._calls()

    def _edge(self) -> None:
        self.requests = self._counter("requests", "Requests to the edge by answer", "source", "status")
        self.webhook_events = self._counter(
            "webhook_events", "Events by what became of them", "source", "account", "outcome"
        )
        self.webhook_seconds = self._histogram(
            "webhook_seconds", "From request to answer", _INTAKE_SECONDS, "source"
        )
        self.webhook_last = self._gauge(
            "webhook_last_timestamp_seconds", "When the last event came", "account"
        )
        self.backlog_age = self._gauge("backlog_age_seconds", "How long the oldest due bell has waited")

    def _work(self) -> None:
        self.deals = self._counter("deals_assessed", "Deals by readiness", "account", "readiness")
        self.effects = self._counter("effects", "Effects by kind and fate", "account", "kind", "fate")
        self.parked = self._gauge("parked", "Records set aside until an admin looks", "account")
        self.brakes = self._gauge("brake_tripped", "1 while a brake keeps the account at flag", "account")
        self.alarms = self._counter("alarms", "Alarms by reason", "account", "reason")
        self.swept = self._counter("swept", "Objects that the sweep rang for", "account")
        self.mails = self._counter("mails", "Mails by fate", "fate")

    def _calls(self) -> None:
        self.crm_calls = self._counter("crm_calls", "Calls to the CRM by route", "account", "route", "status")
        self.crm_seconds = self._histogram(
            "crm_call_seconds", "Time of one call", _CALL_SECONDS, "account", "route"
        )

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"dealgate_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(
            f"dealgate_{name}", about, labels, registry=self.registry, multiprocess_mode="mostrecent"
        )

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"dealgate_{name}", about, labels, buckets=buckets, registry=self.registry)

    def exposition(self) -> bytes:
        """Return all metrics as text; of every process of this machine where they share a directory."""
        if SHARED_METRICS not in os.environ:
            return generate_latest(self.registry)
        for _ in range(_TRIES - 1):
            with suppress(struct.error):  # another process is just making its file
                return _together()
            time.sleep(0.01)
        return _together()


def _together() -> bytes:
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def share_metrics(directory: str) -> None:
    """Let this process and those it forks count in one place. Call it before Metrics are made."""
    os.environ[SHARED_METRICS] = directory
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def configure_logging(*, level: str = "info", as_json: bool = False) -> None:
    """Send every log line, the libraries' included, to standard error as one event a line."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        forget_secrets,
    ]
    last: Processor = structlog.processors.JSONRenderer() if as_json else _console()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("urllib3").setLevel(max(logging.INFO, root.level))  # at debug it writes every query
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def forget_secrets(
    _logger: WrappedLogger, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Drop members that must never reach a log, whoever wrote the line."""
    for name in _NEVER_LOGGED & event.keys():
        event[name] = "(not logged)"
    return event


def _console() -> structlog.dev.ConsoleRenderer:
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
