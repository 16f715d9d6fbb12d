"""A shop for the command line: a sandbox CRM, a folder to stand in, and the commands as a person runs them."""

import contextlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from connector.adapters.hubspot import budget
from connector.app import App
from connector.cli import main
from connector.commands.demo import policy
from connector.settings import read_settings
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.hubspot.acts import Acts
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.hubspot_deals import furnish, sell

DEALGATE = Path(sys.executable).with_name("dealgate")
COMPANY = policy("company")
MIA, TOM, LENA = "9101", "9102", "9103"
ANNA = "9120"
SECRET = "secret"


@dataclass(frozen=True)
class Ran:
    """What a command printed and answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        """The one object that was printed."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)

    def refused(self, *words: str) -> None:
        """Assert that it was told, without a traceback, what was wrong; exit code 2."""
        self.told(*words)
        assert self.code == 2, self

    def told(self, *words: str) -> None:
        assert "Traceback" not in self.err, self.err
        for word in words:
            assert word in self.out + self.err, self


@dataclass
class Shop:
    """`run` runs a command in this process, `start` in its own."""

    crm: HubSpotSandbox
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, given: str = "", **changes: str | None) -> Ran:
        """Run `dealgate ARGUMENTS`; `changes` are variables, None takes one away; `given` is typed."""
        known = {**self.environ, **changes}
        environ = {name: value for name, value in known.items() if value is not None}
        return run(*arguments, folder=self.folder, environ=environ, given=given)

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        return start(*arguments, folder=self.folder, environ={**self.environ, **changes})

    def by(self, user: str) -> Acts:
        return self.crm.act_as(user)

    def sell(self, discount: int = 0, *, by: str = LENA, stage: str = "proposal", **values: str) -> str:
        return sell(self.crm, discount, by, dealstage=stage, **values)

    def shows(self, deal: str, name: str = "ops_readiness") -> str:
        return self.crm.deal(deal).get(name, "")

    def open_tasks(self, deal: str) -> list[Mapping[str, str]]:
        tasks = self.crm.tasks_of(deal).values()
        return [task for task in tasks if task.get("hs_task_status") != "COMPLETED"]

    def asked(self, discount: int = 18) -> str:
        """Sell, and let the connector see it: somebody is asked."""
        deal = self.sell(discount)
        assert self.run("sweep").code == 0
        assert self.shows(deal) == "needs-sign-off"
        return deal


@contextlib.contextmanager
def opened(folder: Path, database_url: str) -> Iterator[Shop]:
    """Open a shop whose CRM has our fields and no call limits, and whose policy is published."""
    limits = Limits(burst=1_000_000, search_per_s=1_000_000)
    with (
        HubSpotSandbox(EMPTY, clock=Clock(speed=1000), limits=limits) as crm,
        patch.object(budget, "SEARCHES", limits.search_per_s),
    ):
        furnish(crm)
        shop = Shop(crm, folder, environment(crm, database_url))
        with App.build(read_settings(shop.environ, folder)) as app:
            app.start()
            app.desk().pictures.policy(app.clock())
        yield shop


def environment(crm: HubSpotSandbox, database_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DEALGATE_POLICY": str(COMPANY),
        "DEALGATE_LOG_LEVEL": "error",
        "DEALGATE_CONNECT_TIMEOUT": "1",
        "DEALGATE_READ_TIMEOUT": "2",
        "HUBSPOT_ACCESS_TOKEN": crm.token,
        "HUBSPOT_CLIENT_SECRET": SECRET,
        "HUBSPOT_PORTAL_ID": str(crm.account.setup.portal_id),
        "HUBSPOT_APP_ID": str(crm.account.setup.app_id),
        "HUBSPOT_API_URL": crm.url,
    }


def run(*arguments: str, folder: Path, environ: Mapping[str, str], given: str = "") -> Ran:
    """Run a command in this process, as the console script does."""
    out, err = io.StringIO(), io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with (
        contextlib.chdir(folder),
        patch.object(sys, "argv", ["dealgate", *arguments]),
        patch.object(sys, "stdin", io.StringIO(given)),
        patch.dict(os.environ, environ, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
    assert isinstance(code, int)
    return Ran(code, out.getvalue(), err.getvalue())


def start(*arguments: str, folder: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """Run a command in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        [str(DEALGATE), *arguments],
        cwd=folder,
        env={**kept, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str], timeout: float = 40) -> Ran:
    """Wait until a process has ended by itself."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Ran(process.returncode, out, err)


def stopped(process: subprocess.Popen[str]) -> None:
    """Make sure that a process has ended, and leave nothing of it."""
    process.kill()
    process.communicate()


def interrupted(process: subprocess.Popen[str], number: int = signal.SIGINT) -> Ran:
    """Press Ctrl-C, and wait."""
    process.send_signal(number)
    return ended(process)


def until(happened: object, timeout: float = 30.0) -> None:
    """Wait until `happened()` is true."""
    end = time.monotonic() + timeout
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
