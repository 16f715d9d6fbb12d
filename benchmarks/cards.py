"""How long a card waits: reads and what-ifs over HTTP, one at a time, nothing else going on.

The edge serves with waitress on SQLite, as `dealgate serve` has it, and a deal that somebody is asked about
is on record. The floor is the smallest answer of the same server in the same run: /healthz, which reads
nothing.
"""

import http.client
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.support import median, options, percentile, print_json, report
from tests.cards.caller import signing
from tests.worker.play import LENA, staged

_GOAL_MS = 200.0  # p99 of a read
_WISH = b'{"values": {"discount": 12}}'


def measure(calls: int) -> dict[str, dict[str, float]]:
    """Return p50 and p99 in milliseconds of each kind of call."""
    with (
        tempfile.TemporaryDirectory() as folder,
        staged(Path(folder), f"sqlite:///{folder}/cards.db") as play,
    ):
        deal = play.sell(18)
        assert play.settle()
        made, where = signing(play), urlsplit(play.app.settings.public_url)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)

        def call(method: str, path: str, body: bytes = b"") -> None:
            target = made.target(path, LENA)
            line.request(method, target, body, made.headers(method, target, body))
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

        def floor() -> None:
            line.request("GET", "/healthz")
            line.getresponse().read()

        kinds: dict[str, Callable[[], None]] = {
            "floor: /healthz": floor,
            "read": lambda: call("GET", f"/deals/{deal}"),
            "what-if": lambda: call("POST", f"/deals/{deal}/what-if", _WISH),
        }
        return {name: _timed(act, calls) for name, act in kinds.items()}


def _timed(act: Callable[[], None], calls: int) -> dict[str, float]:
    act()
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return {"p50_ms": median(times), "p99_ms": percentile(times, 99)}


def main() -> None:
    """Measure and print."""
    asked = options("How long a card waits.")
    found = measure(2000 if asked.full else 300)
    rows = [(name, one["p50_ms"], one["p99_ms"]) for name, one in found.items()]
    report(f"Cards, ms (goal: p99 of a read {_GOAL_MS:.0f})", ("call", "p50", "p99"), rows)
    if asked.json:
        print_json({"cards": {name: dict(one) for name, one in found.items()}})


if __name__ == "__main__":
    main()
