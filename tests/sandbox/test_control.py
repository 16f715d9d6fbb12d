"""The sandbox as a process of its own: the command, and what can be done by HTTP."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from sandbox.command import sandbox
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.remote import RemoteSandbox

from .conftest import MIA, Raw, Receiver


@pytest.fixture
def remote(crm: HubSpotSandbox):
    far = RemoteSandbox(crm.url)
    yield far
    far.close()


def test_a_person_moves_a_deal_by_http(remote: RemoteSandbox, deal: str) -> None:
    remote.act(MIA, "move", deal=deal, stage="proposal")
    assert remote.deal(deal)["properties"]["dealstage"] == "proposal"
    assert len(remote.deal(deal)["line_items"]) == 1


def test_deals_are_created_and_imported_by_http(remote: RemoteSandbox) -> None:
    made = remote.act(MIA, "create_deal", values={"dealname": "A", "dealstage": "discovery"})
    imported = remote.act("import", "create_deal", values={"dealname": "B", "dealstage": "discovery"})
    assert set(remote.deals()) == {made, imported}
    assert remote.deal(imported)["properties"]["hs_object_source"] == "IMPORT"


@pytest.mark.parametrize(
    ("act", "arguments", "words"),
    [
        ("fly", {}, "No such act"),
        ("move", {"deal": "1"}, r"move takes: as, deal, stage, \[pipeline\]"),
        ("move", {"deal": "1", "stage": "proposal", "colour": "red"}, "colour"),
        ("move", {"deal": "1", "stage": "proposal"}, "not found"),
        ("update", {"deal": "1", "values": 3}, "not found"),
    ],
)
def test_a_wrong_act_is_told_what_was_wrong(
    remote: RemoteSandbox, act: str, arguments: dict, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        remote.act(MIA, act, **arguments)


@pytest.mark.parametrize("body", ["{}", "[]", '"move"'])
def test_an_act_of_nobody_is_told_to_name_somebody(crm: HubSpotSandbox, body: str) -> None:
    answer = requests.post(f"{crm.url}/_sandbox/acts/move", data=body, timeout=10)
    assert (answer.status_code, "says who acts" in answer.text) == (400, True)


def test_a_stranger_cannot_act(remote: RemoteSandbox, deal: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        remote.act("4711", "move", deal=deal, stage="proposal")


def test_faults_limits_and_counters_are_set_and_read_by_http(
    remote: RemoteSandbox, raw: Raw, deal: str
) -> None:
    remote.set_faults([Fault(FaultKind.ERROR, "GET owners", times=1)])
    assert [raw("GET", "/crm/v3/owners/").status for _ in range(2)] == [500, 200]
    assert remote.calls() == {"GET owners": 2}
    assert remote.counters()["total"]["errors"] == 1
    remote.reset_calls()
    assert remote.calls() == {}
    remote.set_limits(burst=1)
    assert [raw("GET", "/crm/v3/owners/").status for _ in range(2)] == [200, 429]


def test_webhooks_are_turned_on_by_http(remote: RemoteSandbox, receiver: Receiver, deal: str) -> None:
    remote.subscribe(url=receiver.url, secret="s")
    remote.act(MIA, "move", deal=deal, stage="proposal")
    assert remote.wait_webhooks_idle(5)
    assert [event["propertyValue"] for event in receiver.events] == ["proposal"]


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    command = [
        sys.executable,
        "-c",
        "from sandbox.command import sandbox; sandbox()",
        "--port",
        "0",
        "--deals",
        "7",
    ]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        watchdog = threading.Timer(20, process.kill)
        watchdog.start()
        assert process.stdout is not None
        told = process.stdout.readline()
        assert "7 deals" in told
        far = RemoteSandbox(re.findall(r"http://[\d.:]+", told)[0])
        assert len(far.deals()) == 7
        far.close()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
        watchdog.cancel()


def test_a_folder_without_data_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    answer = CliRunner().invoke(sandbox, ["--data", str(tmp_path), "--port", "0"])
    assert answer.exit_code == 2
    assert "sales_pipeline.csv" in answer.output


def test_a_key_that_is_none_is_refused_before_anything_starts(tmp_path: Path) -> None:
    for name, content in (("words.pem", b"no key"), ("bytes.pem", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
        given = ["--crm", "salesforce", "--public-key", str(tmp_path / name), "--port", "0"]
        ran = CliRunner().invoke(sandbox, given)
        assert (ran.exit_code, f"{name} holds no RSA public key" in ran.output) == (2, True)


def test_a_port_in_use_is_refused_with_advice(crm: HubSpotSandbox) -> None:
    answer = CliRunner().invoke(sandbox, ["--port", crm.url.rpartition(":")[2], "--deals", "1"])
    assert answer.exit_code == 2
    assert "--port" in answer.output
