"""`serve`, `web`, `worker`, `migrate`, `sandbox`, `demo` in processes of their own, as a person starts them."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from connector.demo.stage import free_port
from sandbox.hubspot.webhooks import WebhookTarget
from tests.cli.shop import LENA, SECRET, Shop, ended, interrupted, opened, run, start, stopped, until

DATA = Path(__file__).parents[3] / "shared" / "data" / "crm_sales"


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


@contextmanager
def served(shop: Shop, *commands: str) -> Iterator[list]:
    """Start these commands, and deliver the CRM's webhooks to them."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    shop.environ |= {"DEALGATE_BIND": f"127.0.0.1:{port}", "DEALGATE_POLL_SECONDS": "0.1"}
    processes = [shop.start(command) for command in commands]
    try:
        until(lambda: answers(f"{url}/readyz"))
        shop.crm.subscribe(WebhookTarget(f"{url}/webhooks/hubspot", SECRET))
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                stopped(process)


def test_serve_answers_a_stage_change_and_other_commands_work_beside_it(shop: Shop) -> None:
    with served(shop, "serve") as (process,):
        deal = shop.sell(18)
        until(lambda: shop.shows(deal) == "needs-sign-off")
        shop.by(LENA).move(deal, "contract")
        until(lambda: shop.crm.deal(deal)["dealstage"] == "proposal")
        until(lambda: shop.open_tasks(deal))
        assert shop.run("signoff", "approve", deal, "--as", "anna-bos").code == 0
        until(lambda: shop.shows(deal) == "ready")  # `serve` may hold the deal just then
        others = [shop.sell(5) for _ in range(30)]
        assert shop.run("backfill", "--yes").code == 0
        assert {shop.shows(one) for one in others} == {"ready"}
        again = shop.run("serve")
        again.refused("Cannot listen on 127.0.0.1:", "DEALGATE_BIND", "choose another address")
        ran = interrupted(process)
    assert ran.code == 0
    assert "Dealgate listens on 127.0.0.1:" in ran.err
    assert "Traceback" not in ran.err


def test_an_uninstall_holds_against_a_running_worker(shop: Shop) -> None:
    with served(shop, "serve") as (process,):
        deals = [shop.sell(18) for _ in range(5)]
        until(lambda: all(shop.shows(deal, "ops_blocked_stages") and shop.open_tasks(deal) for deal in deals))
        assert shop.run("uninstall", "hubspot", "--yes").code == 0
        for deal in deals:
            shop.by(LENA).move(deal, "contract")
        assert shop.crm.wait_webhooks_idle()
        assert shop.run("sweep").code == 0
        assert not any(shop.shows(deal, "ops_blocked_stages") for deal in deals)
        assert not any(shop.open_tasks(deal) for deal in deals)
        assert {shop.crm.deal(deal)["dealstage"] for deal in deals} == {"contract"}
        assert interrupted(process, signal.SIGTERM).code == 0


def test_web_and_worker_share_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    with ExitStack() as stack:
        shop = stack.enter_context(opened(tmp_path, postgresql_url))
        shop.environ["DEALGATE_WEB_WORKERS"] = "1"
        web, worker = stack.enter_context(served(shop, "web", "worker"))
        deal = shop.sell(18)
        until(lambda: shop.shows(deal) == "needs-sign-off")
        assert shop.run("pause", "--json").json["left"] == 0
        assert not shop.shows(deal, "ops_blocked_stages")
        assert shop.run("resume").code == 0
        shop.run("web").refused("Cannot listen on", "DEALGATE_BIND")
        taken = shop.environ["DEALGATE_BIND"]
        shop.run("worker", DEALGATE_METRICS_BIND=taken).refused("Cannot listen on", "DEALGATE_METRICS_BIND")
        assert interrupted(worker, signal.SIGTERM).code == 0
        ran = interrupted(web, signal.SIGTERM)
    assert ran.code == 0
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("bind", ["203.0.113.7:8080", "nowhere.invalid:8080"])
def test_an_address_that_is_not_this_machines(bind: str, shop: Shop) -> None:
    shop.run("serve", DEALGATE_BIND=bind).refused("Cannot listen on", "DEALGATE_BIND")


def test_migrate_makes_the_schema_and_may_run_twice(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    first = run("migrate", folder=tmp_path, environ=environ)
    assert (first.code, first.out) == (0, "The database is up to date.\n")
    again = run("migrate", "--json", folder=tmp_path, environ=environ)
    assert again.json == {"migrated": True, "copied": None}


def test_the_sandbox_says_where_it_is_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = start("sandbox", "--port", "0", "--deals", "20", folder=tmp_path, environ={})
    assert process.stdout
    line = process.stdout.readline()
    url = re.search(r"http://127.0.0.1:\d+", line)
    assert url
    assert "20 deals" in line
    assert answers(f"{url[0]}/_sandbox/people")
    ran = interrupted(process)
    assert ran.code == 0
    assert "Traceback" not in ran.err


def test_the_sandbox_names_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run("sandbox", "--port", str(port), "--deals", "0", folder=tmp_path, environ={}).refused(str(port))


def test_ctrl_c_ends_the_demo_cleanly(tmp_path: Path) -> None:
    process = start("demo", "--crm", "hubspot", folder=tmp_path, environ={"COLUMNS": "60"})
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    assert any("Mia moves Aurora" in line for line in lines)
    ran = interrupted(process)
    assert ran.code == 1
    assert "Traceback" not in ran.err + ran.out
    assert "Aborted" in ran.err


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("columns", ["40", "120"])
def test_the_demo_tells_its_story_and_ends(columns: str, tmp_path: Path) -> None:
    ran = ended(start("demo", folder=tmp_path, environ={"COLUMNS": columns}), 60)
    assert ran.code == 0
    assert ran.err == ""
    told = " ".join(ran.out.split())
    assert "150 open deals were there before" in told
    for said in (
        "Mia moves Aurora",
        "Your turn",
        "Stopped by Operations",
        "What the reps see",
        "Calls of the",
    ):
        assert said in told
    assert "because consultants are full in weeks" in told
    assert all(len(line) <= int(columns) for line in ran.out.splitlines())
    assert list(tmp_path.iterdir()) == []


# Where each deal of the story is in the end; Salesforce refuses what HubSpot moves back.
ENDS = {
    "Aurora": ("Contract", "ready"),
    "Borealis": ("Proposal", "needs-info"),
    "Cascade": ("Contract", "ready"),
    "Delta": ("Contract", "ready"),
    "Ember": ("Proposal", "blocked"),
    "Fjord": ("Proposal", "blocked"),
    "Granite": ("Discovery", "needs-sign-off"),
    "Harbour": ("Proposal", "needs-sign-off"),
    "Juniper": ("Proposal", "needs-sign-off"),
    "Kestrel": ("Proposal", "needs-sign-off"),
    "Lagoon": ("Contract", "ready"),
}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_demo_ends_as_the_story_says(tmp_path: Path) -> None:
    ran = ended(start("demo", "--json", folder=tmp_path, environ={}), 60)
    told = json.loads(ran.out)
    assert set(told) == {"hubspot", "salesforce", "seconds"}
    for crm, island in (("hubspot", "Proposal"), ("salesforce", "Closed Lost")):
        shown = {one["name"]: one for one in told[crm]["deals"]}
        ends = {name: (one["stage"], one["readiness"]) for name, one in shown.items()}
        assert ends == {**ENDS, "Island": (island, "needs-sign-off")}, crm
        assert "consultants are full in weeks" in shown["Kestrel"]["why"]
        assert "it fits: set Start date to" in shown["Kestrel"]["why"]


@pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not on this machine")
def test_a_replay_ends_with_badges_and_roles(tmp_path: Path) -> None:
    ran = ended(start("demo", "--data", str(DATA), "--most", "60", "--json", folder=tmp_path, environ={}), 60)
    assert ran.code == 0
    both = json.loads(ran.out)
    assert list(both) == ["hubspot", "salesforce"]
    for told in both.values():
        assert set(told) == {"deals", "seconds", "calls", "settled", "refused", "badges", "asked"}
        assert (told["deals"], told["settled"]) == (60, True)
        assert told["badges"]["needs-sign-off"] == sum(told["asked"].values()) > 0
    assert both["hubspot"]["asked"] == both["salesforce"]["asked"]


@pytest.mark.parametrize(
    ("files", "said"),
    [({}, "no data"), ({"sales_pipeline.csv": "opportunity_id\n1\n"}, "cannot be read")],
)
def test_data_that_cannot_be_replayed(files: dict[str, str], said: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    run("demo", "--data", str(tmp_path), folder=tmp_path, environ={}).refused(said, "sales_pipeline.csv")
