"""Settings, accounts, databases and CRMs that are not as they have to be: told alike by every command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.store import Store
from sandbox.faults import Fault, FaultKind
from tests.cli.shop import COMPANY, Shop, opened, run

AT_DESK = (
    *(["assess", "--deal", "1"], ["sweep"], ["backfill", "--yes"], ["install", "hubspot"]),
    *(["uninstall", "hubspot", "--yes"], ["pause"], ["resume"], ["doctor"]),
    *(["policy", "check", "--live"], ["policy", "publish", "--author", "Ada"], ["signoff", "list"]),
    *(
        ["signoff", "approve", "1", "--as", "anna-bos"],
        ["signoff", "reject", "1", "--as", "anna-bos", "--note", "no"],
    ),
)
RUNNING = (["serve"], ["web"], ["worker"])
READING = [words for words in AT_DESK if words[0] not in ("signoff", "doctor")]
each = pytest.mark.parametrize("words", [*AT_DESK, *RUNNING], ids=" ".join)
at_desk = pytest.mark.parametrize("words", AT_DESK, ids=" ".join)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, sqlite_files: object) -> Iterator[Shop]:
    with opened(tmp_path_factory.mktemp("shop"), sqlite_files.new_database()) as shop:  # type: ignore[attr-defined]
        yield shop


@each
def test_no_account(words: list[str], tmp_path: Path) -> None:
    environ = {"DEALGATE_POLICY": str(COMPANY)}
    run(*words, folder=tmp_path, environ=environ).refused(
        "no CRM account is configured", "HUBSPOT_ACCESS_TOKEN"
    )


@each
def test_garbage_in_the_settings(words: list[str], tmp_path: Path) -> None:
    environ = {"DEALGATE_BIND": "here", "DATABASE_URL": "oracle://x:geheim@y", "HUBSPOT_PORTAL_ID": "-3"}
    ran = run(*words, folder=tmp_path, environ=environ)
    ran.refused(
        "DEALGATE_BIND", "DATABASE_URL", "HUBSPOT_PORTAL_ID", "HUBSPOT_ACCESS_TOKEN", "docs/settings.md"
    )
    assert "geheim" not in ran.out + ran.err


@at_desk
def test_an_unknown_account(words: list[str], shared: Shop) -> None:
    shared.run(*words, "--account", "south").refused("no account is named 'south'", "Configured: hubspot")


@at_desk
def test_a_database_that_is_not_there(words: list[str], shared: Shop) -> None:
    ran = shared.run(*words, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    ran.told("The database does not answer", "DATABASE_URL")
    assert ran.code == 1


@pytest.mark.parametrize("words", [["serve"], ["web"], ["worker"], ["migrate"]], ids=" ".join)
def test_running_without_its_database(words: list[str], shared: Shop) -> None:
    ran = shared.run(*words, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    ran.told("The database does not answer")
    assert ran.code == 1


@pytest.mark.parametrize("words", [["signoff", "list"], ["serve"], ["migrate"], ["doctor"]], ids=" ".join)
def test_a_file_that_is_no_database(words: list[str], shared: Shop, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("This is no database, but a long text about something else.\n" * 50)
    ran = shared.run(*words, DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt")
    ran.told("notes.txt: ", "not a database", "DATABASE_URL")
    assert ran.code == (1 if words == ["doctor"] else 2)


def test_a_database_file_in_a_folder_that_is_not_there(shared: Shop) -> None:
    ran = shared.run("signoff", "list", DATABASE_URL="sqlite:////no/such/folder/x.db")
    ran.refused("/no/such/folder/x.db: ", "Its folder has to be there")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def newer(request: pytest.FixtureRequest, sqlite_files: object, cluster: object) -> str:
    url: str = (sqlite_files if request.param == "sqlite" else cluster).new_database()  # type: ignore[attr-defined]
    store = Store.open(url)
    with store.database.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    return url


@pytest.mark.parametrize("words", [["signoff", "list"], ["serve"], ["migrate"]], ids=" ".join)
def test_back_on_an_older_release_the_newer_schema_is_named_and_no_traceback(
    words: list[str], shared: Shop, newer: str
) -> None:
    ran = shared.run(*words, DATABASE_URL=newer)
    ran.refused("A newer Dealgate made this database: it has schema 9999", "restore the backup")


def test_the_doctor_shows_a_newer_schema_as_a_symptom(shared: Shop, newer: str) -> None:
    ran = shared.run("doctor", "--json", DATABASE_URL=newer)
    (symptom,) = ran.json["symptoms"]
    assert (symptom["name"], symptom["well"], ran.code) == ("database", False, 1)
    assert "restore the backup" in symptom["hint"]


@pytest.mark.parametrize("words", [["sweep"], ["web"], ["worker"], ["serve"]], ids=" ".join)
def test_a_database_with_an_older_schema(words: list[str], shared: Shop, cluster: object) -> None:
    url = cluster.url(cluster._create("template1"))  # type: ignore[attr-defined]
    shared.run(*words, DATABASE_URL=url).refused("older schema", "Run `dealgate migrate`.")


def test_the_doctor_shows_an_older_schema_as_a_symptom(shared: Shop, cluster: object) -> None:
    url = cluster.url(cluster._create("template1"))  # type: ignore[attr-defined]
    ran = shared.run("doctor", "--json", DATABASE_URL=url)
    (symptom,) = ran.json["symptoms"]
    assert (symptom["name"], symptom["well"], ran.code) == ("database", False, 1)
    assert "dealgate migrate" in symptom["hint"]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_wrong_token(words: list[str], shared: Shop) -> None:
    shared.run(*words, HUBSPOT_ACCESS_TOKEN="wrong").refused("HubSpot", "token")


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_crm_that_is_down(words: list[str], shared: Shop) -> None:
    ran = shared.run(*words, HUBSPOT_API_URL="http://127.0.0.1:1")
    ran.told("HubSpot")
    assert ran.code == 1


def test_a_crm_that_answers_with_a_page(shared: Shop) -> None:
    shared.crm.faults.set([Fault(FaultKind.HTML)])
    try:
        ran = shared.run("backfill", "--dry-run")
    finally:
        shared.crm.faults.clear()
    ran.told("HubSpot")
    assert ran.code == 1


def test_web_and_worker_need_postgresql(shared: Shop) -> None:
    for command in ("web", "worker"):
        shared.run(command).refused(
            f"`dealgate {command}` needs PostgreSQL", "DATABASE_URL", "dealgate serve"
        )


def test_an_env_file_that_is_no_text(shared: Shop, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00HUBSPOT")
    run("signoff", "list", folder=tmp_path, environ=shared.environ).refused(".env", "UTF-8")
