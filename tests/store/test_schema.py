"""The schema: migrations make exactly the tables the code knows; hot statements use their index."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from connector.deals import ObjectType
from connector.store import Store
from connector.store.migrations import newest, scripts
from connector.store.tables import metadata
from tests.store.deals import DEALS, NOW


def differences(store: Store) -> list[object]:
    with store.database.read() as transaction:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(transaction, opts=options), metadata))


def test_the_migrations_make_the_tables_the_code_knows(store: Store) -> None:
    assert differences(store) == []


def indexes(transaction: Connection, schema: str) -> set[str]:
    """Return how the database itself words every index of this schema."""
    if transaction.dialect.name == "postgresql":
        query = text("SELECT replace(indexdef, schemaname, '') FROM pg_indexes WHERE schemaname = :schema")
    else:
        query = text(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND :schema <> ''"
        )
    return set(transaction.scalars(query, {"schema": schema}))


def test_the_migrations_make_the_indexes_the_code_knows_with_their_conditions(
    store: Store, tmp_path: Path
) -> None:
    twin = store if store.database.postgresql else Store.open(f"sqlite:///{tmp_path}/twin.db")
    with store.database.read() as transaction:
        found = indexes(transaction, "public")
    migrated = {index for index in found if "alembic_version" not in index}
    with twin.database.write() as transaction:
        if store.database.postgresql:
            transaction.execute(text("CREATE SCHEMA twin"))
            transaction.execute(text("SET LOCAL search_path TO twin"))
        metadata.create_all(transaction)
        known = indexes(transaction, "twin")
    assert len(known) >= 7
    assert {index.lower() for index in migrated} == {index.lower() for index in known}
    twin.close()


def test_the_newest_migration_is_the_one_that_nothing_follows() -> None:
    assert scripts().get_heads() == [newest()]


def test_migrating_twice_changes_nothing(store: Store) -> None:
    assert store.migrated()
    store.migrate()
    assert store.migrated()


def test_a_database_without_tables_is_not_migrated(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new.db")
    assert not store.migrated()
    store.migrate()
    assert store.migrated()
    store.close()


def plan_of(store: Store, start: str) -> str:
    """Claim for real and explain the statement that begins so."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        if statement.startswith(start) and "RETURNING" in statement:
            seen.append((statement, given))

    event.listen(store.database.engine, "before_cursor_execute", note)
    store.claims.take("a", DEALS, 10, 60, NOW)
    [(statement, given)] = seen
    explain = "EXPLAIN " if store.database.postgresql else "EXPLAIN QUERY PLAN "
    with store.database.write() as transaction:
        return "\n".join(str(row) for row in explained(transaction, explain + statement, given))


def explained(transaction: Connection, statement: str, given: object) -> list[object]:
    return list(transaction.exec_driver_sql(statement, given))  # type: ignore[arg-type]


def test_a_claim_reads_only_what_is_due_however_many_bells_there_are(store: Store) -> None:
    ids = [("a", ObjectType.DEAL, str(number)) for number in range(5000)]
    store.bells.ring(ids, NOW)
    if store.database.postgresql:
        with store.database.write() as transaction:
            transaction.execute(text("ANALYZE"))
    plan = plan_of(store, "UPDATE bells SET claimed")
    assert "bells_due" in plan
    assert "Seq Scan" not in plan
    assert "SCAN bells" not in plan
