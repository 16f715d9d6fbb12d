"""Run the worker: one thread for each account, so that a slow CRM holds up nobody else's deals."""

import gc
import signal
import threading
from types import FrameType

import structlog

from connector.app import App
from connector.desk import Desk
from connector.errors import DealgateError, PolicyUnreadable, StoreUnavailable
from connector.store.listen import Listener
from connector.worker.clock import tick
from connector.worker.drain import drain

log = structlog.get_logger()
_STORE_PAUSE = 1.0
_FAULT_PAUSE = 5.0
_ALLOCATIONS = 50_000  # between two looks for garbage in cycles; Python's own 700 make 100 looks a batch


class Worker:
    """All accounts of one process at work, until stopped."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start one thread for each account."""
        collect_seldom()
        for name in self._app.accounts:
            desk = self._app.desk(name)
            thread = threading.Thread(target=self._serve, args=(desk,), name=f"worker-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Let each thread finish its batch, at most `timeout` seconds each."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is in hand is finished, or taken over when its lease ends."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self.start()
        self._stop.wait()
        self.stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _serve(self, desk: Desk) -> None:
        with self._app.store.listen() as listener:
            while not self._stop.is_set():
                self._turn(desk, listener)

    def _turn(self, desk: Desk, listener: Listener) -> None:
        """Work once; a failure is logged and tried again, it never ends the thread."""
        try:
            tick(desk)
            if not drain(desk):
                listener.wait(desk.settings.poll_seconds)
        except StoreUnavailable as error:
            log.warning("store.unavailable", account=desk.account, message=error.message)
            self._stop.wait(_STORE_PAUSE)
        except PolicyUnreadable as error:
            desk.alarm(error.reason)
            log.warning("policy.unreadable", account=desk.account, message=str(error))
            self._stop.wait(_FAULT_PAUSE)
        except DealgateError as error:
            desk.metrics.alarms.labels(desk.account, error.reason).inc()
            log.warning("worker.failed", account=desk.account, reason=error.reason, message=str(error))
            self._stop.wait(_FAULT_PAUSE)
        except Exception:
            log.exception("worker.fault", account=desk.account)
            self._stop.wait(_FAULT_PAUSE)


def collect_seldom() -> None:
    """Let Python look for garbage in cycles less often: a batch makes many records at once and hardly a
    cycle, and looking through them took 15 % of its time."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)
