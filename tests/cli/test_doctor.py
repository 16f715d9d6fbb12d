"""`doctor`: everything well, and each thing that is not, with what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.demo.sides import HubSpotSide
from connector.demo.stage import Silent, Stage, free_port, on_stage
from connector.store import Store
from connector.store.claims import Claim
from sandbox.brightline import EMPTY
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.cli.shop import COMPANY, Ran, Shop, environment, until
from tests.databases import Cluster, SqliteFiles
from tests.mail.test_mail import Postbox, serving

KEYS = {"name", "well", "message", "hint"}


def symptoms(ran: Ran) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in ran.json["symptoms"]}


def bad(ran: Ran) -> set[str]:
    return {name for name, one in symptoms(ran).items() if not one["well"]}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def open_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles
) -> Iterator[tuple[Stage, Shop]]:
    """A product that runs: web, worker, webhooks; the doctor comes from another process's settings."""
    cluster: Cluster | None = request.getfixturevalue("cluster") if request.param == "postgresql" else None
    url = cluster.new_database() if cluster else sqlite_files.new_database()
    folder = tmp_path_factory.mktemp("open")
    with (
        HubSpotSandbox(EMPTY, limits=Limits(burst=1_000_000)) as crm,
        on_stage([HubSpotSide(crm)], COMPANY, folder, database_url=url, mailer=Silent()) as stage,
    ):
        shop = Shop(crm, folder, environment(crm, url))
        # Another bind than the web's: what the doctor knows of webhooks comes from the database.
        shop.environ |= {"DEALGATE_PUBLIC_URL": stage.app.settings.public_url, "DEALGATE_BIND": "127.0.0.1:9"}
        yield stage, shop


def test_a_deployment_that_is_well(open_shop: tuple[Stage, Shop]) -> None:
    stage, shop = open_shop
    shop.sell(5)
    assert stage.settle()
    store = stage.app.store
    until(lambda: store.jobs.ended("hubspot", "sweep").finished_at)
    with serving(Postbox()) as smtp:
        ran = shop.run("doctor", "--json", DEALGATE_SMTP_URL=smtp)
        plain = shop.run("doctor", DEALGATE_SMTP_URL=smtp)
    assert bad(ran) == set()
    assert ran.code == 0
    found = symptoms(ran)
    assert all(set(one) == KEYS for one in found.values())
    for name in ("database", "token", "portal", "scope: write tasks", "our properties of deals", "clock", "policy",
                 "people: Operations", "people: Founder", "mail", "webhooks reach us", "webhooks heard", "sweep",
                 "backlog"):  # fmt: skip
        assert name in found
    assert "BAD" not in plain.out
    assert plain.code == 0


def test_a_token_of_another_account_than_the_portal_id_says(open_shop: tuple[Stage, Shop]) -> None:
    _, shop = open_shop
    ran = shop.run("doctor", "--json", HUBSPOT_PORTAL_ID="12")
    assert "portal" in bad(ran)
    assert "HUBSPOT_PORTAL_ID is 12" in str(symptoms(ran)["portal"]["message"])


def test_mail_that_is_only_printed_fails_a_blocking_gate(open_shop: tuple[Stage, Shop]) -> None:
    _, shop = open_shop
    ran = shop.run("doctor", "--json")
    assert "mail" in bad(ran)
    assert "DEALGATE_SMTP_URL" in str(symptoms(ran)["mail"]["hint"])
    away = shop.run("doctor", "--json", DEALGATE_SMTP_URL="smtp://127.0.0.1:1")
    assert "mail" in bad(away)


def test_an_address_where_nobody_or_somebody_else_answers(open_shop: tuple[Stage, Shop]) -> None:
    _, shop = open_shop
    for url, said in (
        (f"http://127.0.0.1:{free_port()}", "does not answer"),
        (shop.crm.url, "not as Dealgate does"),
    ):
        ran = shop.run("doctor", "--json", DEALGATE_PUBLIC_URL=url)
        assert said in str(symptoms(ran)["webhooks reach us"]["message"])
        assert "webhooks reach us" in bad(ran)


def test_a_fresh_install_says_what_is_still_missing(shop: Shop) -> None:
    ran = shop.run("doctor", "--json")
    assert ran.code == 1
    assert {"webhooks reach us", "webhooks heard", "sweep", "mail"} == bad(ran)
    plain = shop.run("doctor")
    assert "BAD  webhooks heard: none ever" in plain.out
    assert "Start `dealgate serve`" in plain.out


def test_silence_is_told_from_whichever_process(shop: Shop, sqlite_url: str) -> None:
    store, now = Store.open(sqlite_url), datetime.now(UTC)
    store.accounts.heard("hubspot", now - timedelta(hours=50))
    assert "webhooks heard" not in bad(shop.run("doctor", "--json"))
    store.accounts.heard("hubspot", now - timedelta(days=4))
    assert "webhooks heard" in bad(shop.run("doctor", "--json"))
    store.close()


def test_a_wrong_token_and_a_crm_that_is_down(shop: Shop) -> None:
    for changes in ({"HUBSPOT_ACCESS_TOKEN": "wrong"}, {"HUBSPOT_API_URL": "http://127.0.0.1:1"}):
        ran = shop.run("doctor", "--json", **changes)
        assert ran.code == 1
        assert "token" in bad(ran)
        assert "crm" not in symptoms(ran)  # one fault, told once
        assert "database" not in bad(ran)
        assert "backlog" in symptoms(ran)


def test_a_failed_sweep_is_told_with_its_reason_beside_the_last_good_one(shop: Shop) -> None:
    assert shop.run("sweep").code == 0
    assert "sweep" not in bad(shop.run("doctor", "--json"))
    shop.crm.faults.set([Fault(FaultKind.UNAVAILABLE, route="*search*")])
    failed = shop.run("sweep")
    shop.crm.faults.clear()
    assert failed.code == 1
    ran = shop.run("doctor", "--json")
    assert "sweep" in bad(ran)
    said = str(symptoms(ran)["sweep"]["message"])
    assert said.startswith("last good one at 2")
    assert "last failed one at 2" in said
    assert "hubspot-down: HubSpot answered 503." in said
    assert shop.run("sweep").code == 0
    ran = shop.run("doctor", "--json")
    assert "sweep" not in bad(ran)
    assert "last failed one at 2" in str(symptoms(ran)["sweep"]["message"])


def test_a_policy_that_cannot_be_read_is_a_symptom_beside_the_others(shop: Shop) -> None:
    new = f"sqlite:///{shop.folder}/new.db"
    ran = shop.run("doctor", "--json", DATABASE_URL=new, DEALGATE_POLICY="gone.yaml")
    assert "policy" in bad(ran)
    assert "gone.yaml" in ran.out or "cannot be read" in ran.out
    assert symptoms(ran)["token"]["well"]


def test_people_who_cannot_be_reached_fail_a_blocking_gate(shop: Shop) -> None:
    text = COMPANY.read_text().replace(
        "anna.bos@example.com, hubspot-user: 9120", "anna@elsewhere.example, hubspot-user: 1"
    )
    one, none = shop.folder / "one.yaml", shop.folder / "none.yaml"
    one.write_text(text)
    none.write_text(
        text.replace("jan.smit@example.com, hubspot-user: 9121", "jan@elsewhere.example, hubspot-user: 2")
    )
    ran = doctor_with(shop, one)
    assert "people: Operations" not in bad(ran)
    assert "not: anna-bos" in str(symptoms(ran)["people: Operations"]["message"])
    ran = doctor_with(shop, none)
    assert "people: Operations" in bad(ran)
    assert "none.yaml" in str(symptoms(ran)["people: Operations"]["hint"]) or "policy" in ran.out


def test_a_rep_whose_manager_is_gone_fails_a_gate_that_asks_managers(shop: Shop) -> None:
    path = shop.folder / "managers.yaml"
    text = COMPANY.read_text().replace("holders: [anna-bos, jan-smit]", "holders: owner.manager")
    path.write_text(
        text.replace("eva.lang@example.com, hubspot-user: 9110", "eva@elsewhere.example, hubspot-user: 1")
    )
    ran = doctor_with(shop, path)
    assert "people: Operations" in bad(ran)
    assert "eva-lang" in str(symptoms(ran)["people: Operations"]["message"])


def doctor_with(shop: Shop, policy: Path) -> Ran:
    """Look with a database of its own, which publishes this policy."""
    return shop.run("doctor", "--json", DATABASE_URL=f"sqlite:///{policy}.db", DEALGATE_POLICY=str(policy))


def test_what_waits_what_was_set_aside_and_what_rang(shop: Shop, sqlite_url: str) -> None:
    from connector.deals import ObjectType

    store, now = Store.open(sqlite_url), datetime.now(UTC)
    store.bells.ring([("hubspot", ObjectType.DEAL, str(n)) for n in range(8)], now - timedelta(minutes=20))
    claim = store.claims.take("hubspot", frozenset({ObjectType.DEAL}), 7, 60, now)
    assert isinstance(claim, Claim)
    store.claims.park(claim, claim.bells, "assessment-failed", "ValueError: odd", now)
    store.alarms.ring("hubspot", "crm-unavailable", "", now)
    store.alarms.ring("hubspot", "field-vanished", "region", now - timedelta(hours=5))
    store.close()
    assert shop.run("pause").code in (0, 1)
    store = Store.open(sqlite_url)
    store.bells.ring([("hubspot", ObjectType.DEAL, "99")], now - timedelta(minutes=20))
    store.close()
    ran = shop.run("doctor", "--json")
    found = symptoms(ran)
    assert {"backlog", "paused", "parked", "alarm crm-unavailable"} <= bad(ran)
    assert found["alarm field-vanished"]["well"]
    assert "region" in str(found["alarm field-vanished"]["message"])
    assert "2 more" in str(found["parked"]["message"])
    assert any("ValueError: odd" in str(one["message"]) for one in found.values())
