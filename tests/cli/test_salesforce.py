"""A Salesforce org as its admin meets it: every command from the empty org to leaving it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.demo.cast import sides
from connector.demo.sides import SalesforceSide
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultKind
from sandbox.office import Refused
from sandbox.salesforce.seed import INTEGRATION
from tests.cli.shop import ANNA, COMPANY, LENA, Ran, run

PUBLIC = "https://ops.example.com"


@dataclass
class Org:
    """An org, and the folder in which the commands are typed."""

    side: SalesforceSide
    folder: Path
    environ: dict[str, str]

    def run(self, *arguments: str, **changes: str) -> Ran:
        return run(*arguments, folder=self.folder, environ={**self.environ, **changes})

    def well(self, *arguments: str) -> Ran:
        ran = self.run(*arguments)
        assert ran.code == 0, ran
        return ran

    def deploy(self) -> None:
        """Render the package and deploy it, as docs/install-salesforce.md says."""
        self.well("install", "salesforce", "--render", "package")
        self.side.crm.deploy(self.folder / "package")

    def sell(self, discount: int) -> str:
        return self.side.office.create(LENA, sale(discount, **COMPLETE))

    def move(self, deal: str) -> bool:
        """Let the rep move on; say whether the rule let her."""
        try:
            self.side.office.move(LENA, deal, "contract")
        except Refused:
            return False
        return True

    def shows(self, deal: str) -> tuple[str, str]:
        page = self.side.office.page(deal)
        return page.readiness, page.blocked_stages

    def symptoms(self, *names: str) -> dict[str, dict[str, str]]:
        found = {one["name"]: one for one in self.run("doctor", "--json").json["symptoms"]}
        return {name: found[name] for name in names} if names else found


@pytest.fixture
def org(tmp_path: Path, sqlite_url: str) -> Iterator[Org]:
    with sides(EMPTY, ("salesforce",), clock=Clock(speed=1000)) as (side,):
        environ = {
            "DATABASE_URL": sqlite_url,
            "DEALGATE_POLICY": str(COMPANY),
            "DEALGATE_LOG_LEVEL": "error",
            "DEALGATE_PUBLIC_URL": PUBLIC,
            **side.environ(),
        }
        yield Org(side, tmp_path, environ)


def test_from_the_empty_org_to_the_first_badge_and_out_again(org: Org) -> None:
    ran = org.run("install", "salesforce")
    assert ran.code == 1
    ran.told("missing", "Ops_Readiness__c", "Deploy")
    org.deploy()
    org.well("install", "salesforce")
    org.side.crm.clock.advance(-60)  # a sale in the second of the back-fill would be one after it
    deal, quiet = org.sell(18), org.sell(5)
    org.side.crm.clock.advance(60)

    assert org.well("backfill", "--dry-run", "--json").json["deals"] == 2
    org.well("backfill", "--yes")
    assert org.shows(deal) == ("needs-sign-off", ";contract;closedwon;")
    assert org.shows(quiet)[0] == "ready"
    assert not org.side.office.tasks(deal)  # a machine starts nothing
    assert not org.move(deal)

    org.side.office.update(LENA, deal, {"region": "EMEA"})
    org.well("sweep")
    (task,) = org.side.office.tasks(deal)
    assert task.title.startswith("Decide by")

    assert org.well("pause").out.startswith("Paused.")
    assert org.shows(deal)[1] == ""
    assert "every gate observes" in org.run("doctor").out
    org.well("resume")
    assert org.shows(deal)[1] == ";contract;closedwon;"

    org.side.office.decide(ANNA, task.id, "yes")
    org.well("sweep")
    assert org.shows(deal)[0] == "ready"
    assert org.move(deal)

    refused = org.sell(25)
    org.well("sweep")
    assert not org.move(refused)
    told = org.well("uninstall", "salesforce", "--yes")
    told.told("Left for you", "flows")
    assert org.shows(refused)[1] == ""
    assert all(task.closed for task in org.side.office.tasks(refused))
    assert org.move(refused)


def test_rendering_says_that_the_refusing_flow_does_not_fit_the_policys_fields(org: Org) -> None:
    rules = COMPANY.read_text(encoding="utf-8")
    more = "".join(
        f"  figure-{n}: {{type: number, worse: higher, salesforce: A_Figure_With_A_Long_Name_{n}__c}}\n"
        for n in range(6)
    )
    wide = org.folder / "wide.yaml"
    wide.write_text(rules.replace("\nfields:\n", f"\nfields:\n{more}", 1), encoding="utf-8")
    org.environ["DEALGATE_POLICY"] = str(wide)
    org.well("install", "salesforce", "--render", "package").told(
        "left out  flow Dealgate_Refuse_With_Reason"
    )
    assert not list((org.folder / "package").rglob("Dealgate_Refuse_With_Reason*"))


def test_while_a_token_is_rotated_the_new_one_is_rendered(org: Org) -> None:
    """It is the last of the two; the page for admins said the first, which is taken away afterwards."""
    old, new = "o" * 40, "n" * 40
    org.environ["SALESFORCE_WEBHOOK_TOKEN"] = f"{old},{new}"
    org.well("install", "salesforce", "--render", "package")
    messages = list((org.folder / "package").rglob("*.workflow-meta.xml"))
    assert messages
    for message in messages:
        assert f"/webhooks/salesforce/{new}<" in message.read_text(encoding="utf-8")


def test_an_address_that_salesforce_cannot_reach_is_named_when_rendering(org: Org) -> None:
    ran = org.well("install", "salesforce", "--render", "package")
    assert ("https alone" in ran.out) is not PUBLIC.startswith("https:")
    org.environ["DEALGATE_PUBLIC_URL"] = "http://127.0.0.1:8080"
    org.well("install", "salesforce", "--render", "package").told(
        "messages to http://127.0.0.1:8080", "DEALGATE_PUBLIC_URL"
    )


def test_before_its_user_sees_opportunities_rendering_says_what_comes_first(org: Org) -> None:
    org.side.crm.blind(INTEGRATION, "Opportunity")
    ran = org.run("install", "salesforce", "--render", "package")
    assert ran.code == 1
    ran.told("missing", "opportunities", "package/deploy.sh", "manifest/first.xml", "render again")
    first = (org.folder / "package/manifest/first.xml").read_text(encoding="utf-8")
    assert "Dealgate_Integration" in first
    assert "OutboundMessage" not in first  # its user and address are not to be had yet
    org.side.crm.blind(INTEGRATION, "Opportunity", blind=False)
    assert "left out" not in org.well("install", "salesforce", "--render", "package").out
    rule = org.folder / "package/force-app/main/default/objects/Opportunity/validationRules"
    assert "CurrencyIsoCode" in (rule / "Ops_Gate.validationRule-meta.xml").read_text(encoding="utf-8")


TOLD = """#!/bin/sh
echo "$(basename "$PWD") $(basename "$0") $*" >> "$SAID"
case "$(basename "$0") $*" in
    dealgate*--render*) [ -e "$SAID.once" ] || { touch "$SAID.once"; exit 1; } ;;
    *Rep*) echo "Duplicate PermissionSetAssignment" >&2; exit 1 ;;
esac
"""


def test_one_script_deploys_in_the_order_that_salesforce_needs_and_may_be_run_again(org: Org) -> None:
    """Both command lines only say what they were told; what ours was told is run afterwards."""
    said, here, to = org.folder / "said", org.folder.name, "--target-org acme"
    for name in ("sf", "dealgate"):
        (org.folder / name).write_text(TOLD, encoding="utf-8")
        (org.folder / name).chmod(0o755)
    environ = {"PATH": f"{org.folder}:{os.environ['PATH']}", "SAID": str(said)}
    org.deploy()

    def deployed(*users: str) -> tuple[int, str, list[str]]:
        ran = subprocess.run(
            ["sh", "package/deploy.sh", "acme", *users], cwd=org.folder, env=environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = said.read_text(encoding="utf-8").splitlines() if said.exists() else []
        said.unlink(missing_ok=True)
        return ran.returncode, ran.stdout + ran.stderr, lines

    assert deployed()[::2] == (2, [])
    enter = [
        f"package sf project deploy start --manifest manifest/first.xml {to}",
        f"{here} sf org assign permset --name Dealgate_Integration --on-behalf-of us@acme.example {to}",
        f"{here} dealgate install salesforce --render package",
    ]
    usual = [
        f"{here} dealgate install salesforce --render package",
        f"package sf project deploy start --manifest manifest/package.xml {to}",
        f"{here} sf org assign permset --name Dealgate_Rep --on-behalf-of mia@acme.example {to}",
        f"{here} dealgate install salesforce",
    ]
    code, told, lines = deployed("us@acme.example", "mia@acme.example")
    assert (code, lines) == (0, [usual[0], *enter, *usual[1:]]), told
    assert "mia@acme.example has Dealgate_Rep already" in told
    assert deployed("us@acme.example", "mia@acme.example")[::2] == (0, usual)
    for line in (usual[0], usual[-1]):
        org.well(*line.split()[2:])


def test_the_doctor_speaks_of_the_org_and_never_of_another_vendor(org: Org) -> None:
    org.deploy()
    heard = org.symptoms("webhooks heard")["webhooks heard"]
    assert heard["message"] == "none ever"
    for word in ("Outbound Messages", "flows", "SALESFORCE_WEBHOOK_TOKEN"):
        assert word in heard["hint"]
    told = org.run("doctor").out
    assert "hubspot" not in told.lower()
    org.side.crm.faults.set([Fault(FaultKind.UNAVAILABLE)])
    down = org.run("doctor")
    org.side.crm.faults.clear()
    assert down.code == 1
    assert "Salesforce" in down.out
    assert "Traceback" not in down.out + down.err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SALESFORCE_CLIENT_SECRET": "wrong"}, ("invalid client credentials", "SALESFORCE_CLIENT_ID")),
        ({"SALESFORCE_INSTANCE_URL": "http://127.0.0.1:9"}, ("127.0.0.1:9", "SALESFORCE_DOMAIN")),
    ],
)
def test_a_wrong_setting_is_named_by_every_command(
    org: Org, wrong: dict[str, str], said: tuple[str, ...]
) -> None:
    for command in (("backfill", "--yes"), ("doctor",)):
        ran = org.run(*command, **wrong)
        assert ran.code in {1, 2}
        ran.told(*said)


def test_the_doctor_names_an_organisation_that_is_not_ours(org: Org) -> None:
    org.environ["SALESFORCE_ORG_ID"] = "00D000000000001"
    found = org.symptoms("organisation")["organisation"]
    assert not found["well"]
    assert org.side.crm.organization in found["message"]
    assert "SALESFORCE_ORG_ID" in found["hint"]
