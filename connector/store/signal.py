"""Waking up: whoever listens learns that a bell was rung, in this process or through PostgreSQL."""

from threading import Condition


class Signal:
    """A counter of rings that threads of one process can wait on without missing one."""

    def __init__(self) -> None:
        self._given = Condition()
        self.count = 0

    def give(self) -> None:
        """Wake every waiting thread."""
        with self._given:
            self.count += 1
            self._given.notify_all()

    def wait_beyond(self, count: int, timeout: float) -> int:
        """Wait until more than `count` signals were given or `timeout` seconds passed; return the count."""
        with self._given:
            self._given.wait_for(lambda: self.count > count, timeout)
            return self.count
