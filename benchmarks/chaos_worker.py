"""A worker that is started again whenever it dies, as a process manager does; it says its process id.

The parent has everything imported, so that the next worker is there at once.
"""

import os
import signal
from pathlib import Path
from types import FrameType

import hubspot  # noqa: F401  imported here and not in each child: it takes half a second

from connector.app import App
from connector.mail import Mail
from connector.settings import read_settings
from connector.worker.run import Worker


class _Nowhere:
    """Mails of the benchmark go nowhere."""

    def send(self, mail: Mail) -> None:
        """Take it and forget it."""

    def check(self) -> None:
        """Always well."""


def main() -> None:
    """Keep one worker running until told to stop."""
    signal.signal(signal.SIGTERM, _end)
    while True:
        child = os.fork()
        if child == 0:
            _work()
        try:
            os.waitpid(child, 0)
        except SystemExit:
            os.kill(child, signal.SIGKILL)
            raise


def _work() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with App.build(read_settings(os.environ, Path("/nonexistent"))) as app:
        app.mailer = _Nowhere()
        app.start()
        print(f"working {os.getpid()}", flush=True)
        Worker(app).run()
    os._exit(0)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


if __name__ == "__main__":
    main()
