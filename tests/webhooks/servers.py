"""The real servers, on loopback: waitress in a thread, gunicorn in a process of its own."""

import ast
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from connector.observe import configure_logging
from tests.webhooks.world import settings, world
from webhooks.serve import embedded_server, serve_web

LOG = "log.json"  # of gunicorn's process, in its directory


@contextmanager
def serving(server: str, directory: Path, **changes: object) -> Iterator[int]:
    """Serve an edge on a new SQLite file in `directory`; yields the port."""
    with _waitress(directory, changes) if server == "waitress" else _gunicorn(directory, changes) as port:
        yield port


@contextmanager
def _waitress(directory: Path, changes: dict[str, object]) -> Iterator[int]:
    edge = world(directory, **changes)
    server = embedded_server(edge.app, settings(directory, port=0, **changes))
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        thread.join()
        edge.store.close()


@contextmanager
def _gunicorn(directory: Path, changes: dict[str, object]) -> Iterator[int]:
    world(directory, **changes).store.close()  # the tables, before two processes want them
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.webhooks.servers",
        str(directory),
        str(port),
        repr(changes),
    ]
    with (directory / LOG).open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            _await(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def _await(url: str) -> None:
    for _ in range(600):  # a busy machine starts slowly
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def _serve(directory: Path, port: int, changes: dict[str, object]) -> None:
    configure_logging(level="debug", as_json=True)
    serve_web(
        lambda: world(directory, **changes).app, settings(directory, port=port, web_workers=2, **changes)
    )


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), ast.literal_eval(sys.argv[3]))
