"""What the benchmarks share: the command line, tables and JSON, percentiles, databases, processes."""

import argparse
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.databases import Cluster, SqliteFiles

Json = Mapping[str, "Json"] | float | int | str | None


@dataclass(frozen=True, slots=True)
class Options:
    """How the benchmark was asked to run."""

    json: bool
    full: bool


def options(about: str, arguments: Sequence[str] | None = None) -> Options:
    """Read --json and --full."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--full", action="store_true", help="the long form")
    read = parser.parse_args(arguments)
    return Options(json=read.json, full=read.full)


def report(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for people."""
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*(figure(cell) for cell in row))
    Console(width=110).print(table)


def figure(value: object) -> str:
    """Write a number with three digits that mean something."""
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value) or value == 0:
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def print_json(result: Json) -> None:
    """Print the one object that machines read, on the last line."""
    print(json.dumps(result), flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return percentile(values, 50)


@contextmanager
def new_databases() -> Iterator[Callable[[str], str]]:
    """Yield a function from "sqlite" or "postgresql" to the URL of a new migrated database, fsync on."""
    with tempfile.TemporaryDirectory(prefix="dealgate-bench-") as folder:
        files = SqliteFiles(Path(folder))
        clusters: list[Cluster] = []

        def new(engine: str) -> str:
            if engine == "sqlite":
                return files.new_database()
            if not clusters:
                clusters.append(Cluster(durable=True))
                clusters[0].start()
            return clusters[0].new_database()

        try:
            yield new
        finally:
            for cluster in clusters:
                cluster.remove()


@contextmanager
def process(
    module: str, *arguments: str, environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a module of ours in a process; it is told to stop at the end, and made to after ten seconds."""
    command = [sys.executable, "-m", module, *arguments]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environ or {})}
    )
    try:
        yield running
    finally:
        stop(running)


def stop(running: subprocess.Popen[str]) -> None:
    """Ask a process to end, then make it."""
    if running.poll() is None:
        running.send_signal(signal.SIGTERM)
    try:
        running.wait(10)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    if running.stdout is not None:
        running.stdout.close()


def await_line(running: subprocess.Popen[str], start: str, seconds: float = 20) -> str:
    """Return the first line that begins so; a process that ends first is an error."""
    until = time.monotonic() + seconds
    while running.stdout is not None and time.monotonic() < until:
        line = running.stdout.readline()
        if line.startswith(start):
            return line.strip()
        if not line and running.poll() is not None:
            break
    raise RuntimeError(f"{running.args!r} did not say {start!r}")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def await_port(port: int, seconds: float = 20) -> None:
    """Return as soon as something listens there."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def without_brakes(policy: str, folder: Path) -> Path:
    """Copy one of the sandbox's policies with brakes that no benchmark reaches; return the copy."""
    rules = (files("sandbox") / "policies" / f"{policy}.yaml").read_text(encoding="utf-8")
    kept = [line for line in rules.splitlines() if not line.startswith("brakes:")]
    caps = ", ".join(f"{what}-per-hour: 1000000" for what in ("tasks", "mails", "moves"))
    path = folder / f"{policy}.yaml"
    path.write_text("\n".join([*kept, f"brakes: {{{caps}, move-back-minutes: 15}}", ""]), encoding="utf-8")
    return path
