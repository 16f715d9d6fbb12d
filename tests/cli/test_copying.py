"""Everything of one database in another: rows, numbers, and what was decided."""

from pathlib import Path

import pytest
from sqlalchemy import select

from connector.errors import ConfigurationError
from connector.store import Store
from connector.store.copying import copy
from connector.store.tables import metadata
from tests.cli.shop import Shop
from tests.databases import Cluster, SqliteFiles


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.database.read() as transaction:
        return {
            table.name: sorted(map(tuple, transaction.execute(select(table))), key=str)
            for table in metadata.sorted_tables
        }


def test_sqlite_became_too_small_and_every_decision_goes_along_to_postgresql(
    shop: Shop, cluster: Cluster
) -> None:
    stopped, open_ = shop.asked(), shop.asked()
    assert shop.run("signoff", "reject", stopped, "--as", "anna-bos", "--note", "No.").code == 0
    listed, before = shop.run("signoff", "list").out, shop.environ["DATABASE_URL"]
    assert open_ in listed
    new = cluster.url(cluster._create("template1"))
    ran = shop.run("migrate", "--from", before, "--json", DATABASE_URL=new)
    assert (ran.code, ran.json["copied"] > 20) == (0, True)
    old, other = Store.open(before), Store.open(new)
    assert rows(old) == rows(other)
    old.close()
    other.close()
    shop.environ["DATABASE_URL"] = new
    assert shop.run("signoff", "list").out == listed
    assert shop.run("ledger", "verify", "--json").json["whole"]
    assert shop.run("policy", "replay").code == 0
    assert shop.run("signoff", "approve", open_, "--as", "anna-bos").code == 0  # and it goes on from there
    draft = shop.folder / "draft.yaml"
    draft.write_text(Path(shop.environ["DEALGATE_POLICY"]).read_text() + "\n# again\n")
    assert shop.run("policy", "publish", str(draft), "--author", "Ada", "--yes").code == 0
    shop.run("migrate", "--from", before).refused("DATABASE_URL", "holds something already")


def test_a_source_that_is_the_target_or_no_database_is_told_as_that(shop: Shop) -> None:
    here = shop.environ["DATABASE_URL"]
    shop.run("migrate", "--from", here).refused("--from: It is the database that DATABASE_URL names.")
    shop.run("migrate", "--from", "mysql://there").refused("--from: This is no database")


def test_a_source_that_is_not_there_or_of_another_version_is_refused(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    target = Store.open(sqlite_files.new_database())
    missing, empty = Store.open(f"sqlite:///{tmp_path}/no.db"), Store.open(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(ConfigurationError, match="There is no file"):
        copy(missing.database, target.database)
    assert not (tmp_path / "no.db").exists()
    empty.ping()
    with pytest.raises(ConfigurationError, match="another schema"):
        copy(empty.database, target.database)
    for store in (target, missing, empty):
        store.close()
