"""A pytest plugin: each mutant lives in a fork of the collected session, until the first test that fails."""

import json
import os
import resource
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from benchmarks.mutants.made import Mutant

settings.register_profile(  # a failing example need not be made smaller
    "mutants", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)

Reach = Mapping[str, Mapping[str, Sequence[str]]]  # file, line, tests


@dataclass
class Trial:
    """Which of the mutants a test notices, and which no test reaches; of those that were tried until somebody
    pressed Ctrl-C, where that comes first."""

    files: Sequence[Path]
    mutants: Sequence[Mutant]
    children: int
    tried: list[Mutant] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    unreached: set[str] = field(default_factory=set)
    _waiting: dict[int, Mutant] = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Time every test once, then try the mutants; nothing of a test is left in this process."""
        items = {item.nodeid: item for item in session.items}
        seconds, reach = _in_a_fork(lambda: _unmutated(session.items, self.files))
        for one in self.mutants:
            lines = reach.get(one.file, {})
            names = {test for line in range(one.first, one.last + 1) for test in lines.get(str(line), ())}
            ordered = sorted(names, key=lambda name: seconds[name])
            if not ordered:
                self.unreached.add(one.name)
                self.tried.append(one)
                continue
            while len(self._waiting) >= self.children:
                self._hear()
            self._waiting[
                _fork(one, [items[name] for name in ordered], sum(seconds[name] for name in ordered))
            ] = one
        while self._waiting:
            self._hear()
        return True

    def _hear(self) -> None:
        pid, status = os.wait()
        one = self._waiting.pop(pid)
        self.tried.append(one)
        if status:
            self.dead.add(one.name)


def _fork(mutant: Mutant, items: Sequence[pytest.Item], seconds: float) -> int:
    """Let a child run the tests; it ends with 0 where all of them pass, else by its limit or with 1."""
    pid = os.fork()
    if pid:
        return pid
    limit = int(process_time() + 20 + 10 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    try:
        mutant.apply()
        os._exit(int(any(_fails(item) for item in items)))
    finally:
        os._exit(1)


def _fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _unmutated(items: Sequence[pytest.Item], files: Sequence[Path]) -> object:
    """Return the seconds that each test takes, and the lines that it reaches."""
    watch = coverage.Coverage(data_file=None, include=[str(one) for one in files], config_file=False)
    seconds: dict[str, float] = {}
    watch.start()
    for item in items:
        watch.switch_context(item.nodeid)
        began = process_time()
        if _fails(item):
            raise RuntimeError(f"{item.nodeid} fails without a mutant")
        seconds[item.nodeid] = process_time() - began
    watch.stop()
    return seconds, _reach(watch.get_data())


def _reach(data: coverage.CoverageData) -> dict[str, dict[int, list[str]]]:
    here = Path.cwd()
    return {
        str(Path(file).relative_to(here)): {line: [one for one in tests if one] for line, tests in
                                            data.contexts_by_lineno(file).items()}
        for file in data.measured_files()
    }  # fmt: skip


def _in_a_fork(work: Callable[[], object]) -> tuple[dict[str, float], Reach]:
    """Return what the work returns, as JSON gives it back."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        pid = os.fork()
        if not pid:
            try:
                told.write_text(json.dumps(work()), encoding="utf-8")
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("the tests do not pass without a mutant")
        seconds, reach = json.loads(told.read_text(encoding="utf-8"))
        return seconds, reach
