"""The sandbox as a process of its own: the command, and what can be done by HTTP."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox.command import sandbox
from sandbox.faults import Fault, FaultKind
from sandbox.remote import RemoteSandbox
from sandbox.salesforce.sandbox import SalesforceSandbox

from .conftest import MIA, PACKAGE, Receiver


@pytest.fixture
def remote(crm: SalesforceSandbox) -> Iterator[RemoteSandbox]:
    far = RemoteSandbox(crm.url)
    yield far
    far.close()


def test_people_act_by_http(remote: RemoteSandbox) -> None:
    values = {"Name": "A", "StageName": "discovery"}
    deal = remote.act(MIA, "create_opportunity", values=values, lines=[{"sku": "DP-CORE"}])
    imported = remote.act("import", "create_opportunity", values=values)
    remote.act(MIA, "move", deal=deal, stage="proposal")
    assert set(remote.deals()) == {deal, imported}
    seen = remote.deal(deal)
    assert (seen["properties"]["StageName"], seen["properties"]["Amount"]) == ("proposal", 24_000)
    assert len(seen["line_items"]) == 1
    remote.act("workflow", "update", record_id=deal, values={"NextStep": "x"})
    assert remote.deal(deal)["properties"]["NextStep"] == "x"


@pytest.mark.parametrize(
    ("who", "act", "arguments", "words"),
    [
        (MIA, "fly", {}, "No such act"),
        (MIA, "move", {"deal": "1"}, "stage"),
        (MIA, "move", {"deal": "1", "stage": "proposal"}, "not exist"),
        ("4711", "move", {"deal": "1", "stage": "proposal"}, "No such user"),
    ],
)
def test_a_wrong_act_is_told_what_was_wrong(
    remote: RemoteSandbox, who: str, act: str, arguments: dict, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        remote.act(who, act, **arguments)


def test_switches_are_set_by_http(crm: SalesforceSandbox, remote: RemoteSandbox, receiver: Receiver) -> None:
    remote.subscribe(url=receiver.url)
    remote.set_faults([Fault(FaultKind.ERROR, "GET limits")])
    remote.set_limits(daily=5, used=1)
    remote.act(MIA, "create_opportunity", values={"Name": "A", "StageName": "discovery"})
    assert remote.wait_webhooks_idle(5)
    assert len(receiver.told) == 1
    assert crm.faults.draw("GET limits") is not None
    assert crm.app.usage.remaining == 4
    remote.reset_calls()
    assert remote.calls() == {}
    assert remote.counters()["total"]["calls"] == 0


def test_the_command_runs_an_org_until_it_is_told_to_stop() -> None:
    words = ["--crm", "salesforce", "--port", "0", "--deals", "7", "--package", str(PACKAGE)]
    code = "from sandbox.command import sandbox; sandbox()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.match(r"Salesforce in small on (http://\S+), 7 deals, org (00D\w{15})", first)
        assert found is not None, first
        far = RemoteSandbox(found[1])
        assert len(far.deals()) == 7
        far.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_user_may_be_named_by_his_id(crm: SalesforceSandbox, remote: RemoteSandbox) -> None:
    deal = remote.act(crm.user(MIA), "create_opportunity", values={"Name": "A", "StageName": "discovery"})
    assert remote.deal(deal)["properties"]["OwnerId"] == crm.user(MIA)


def test_a_package_says_where_its_messages_go(crm: SalesforceSandbox) -> None:
    assert crm.deploy(PACKAGE).endpoint == "https://example.com/TOKEN"


@pytest.mark.parametrize("port", ["taken", "0"])
def test_what_cannot_be_started_is_told_so(crm: SalesforceSandbox, tmp_path: Path, port: str) -> None:
    number = crm.url.rpartition(":")[2] if port == "taken" else port
    words = ["--crm", "salesforce", "--port", number, "--deals", "0", "--package", str(tmp_path)]
    answer = CliRunner().invoke(sandbox, words)
    assert answer.exit_code == 2
    assert ("Choose another --port" if port == "taken" else "Cannot deploy") in answer.output
