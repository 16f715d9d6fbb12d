"""`policy init`: a first policy out of a live account, fine as it is, in few calls."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from connector.deals import Pipeline, Stage, StageKind
from connector.policy.first import Account, Seen, Sold, Somebody, first_policy
from connector.policy.load import load
from connector.policy.model import FieldType, Home, Mode
from sandbox.generator import generate
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.salesforce.limits import Limits as OrgLimits
from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.cli.shop import environment, run

NOW_MS = 1_790_000_000_000
COMPANY = generate(120, seed=3, now_ms=NOW_MS)


def written(folder: Path, environ: Mapping[str, str]) -> str:
    path = folder / "first.yaml"
    ran = run("policy", "init", str(path), "--json", folder=folder, environ=environ)
    assert ran.code == 0, ran
    assert ran.json["deals_looked_at"] > 20
    assert ran.json["fields"] >= 4
    assert ran.json["people"] >= 6
    assert ran.json["products"] >= len(COMPANY.products)
    assert ran.json["calls"] <= 14
    checked = run(
        "policy",
        "check",
        str(path),
        "--live",
        folder=folder,
        environ={**environ, "DEALGATE_POLICY": str(path)},
    )
    *notes, said = checked.out.splitlines()
    assert (checked.code, said) == (0, f"{path}: fine."), checked
    open_ = ("was heard yet", "no gate, matrix or check looks at")  # fields are listed for whoever goes on
    assert all(any(words in note for words in open_) for note in notes), checked
    again = run("policy", "init", str(path), folder=folder, environ=environ)
    again.refused("first.yaml", "there already", "--force")
    return path.read_text()


def test_a_hubspot_account(tmp_path: Path, sqlite_url: str) -> None:
    with HubSpotSandbox(COMPANY, limits=Limits(burst=1_000_000)) as crm:
        text = written(tmp_path, environment(crm, sqlite_url))
    policy = load(text, "first.yaml")
    assert {gate.mode for gate in policy.gates} == {Mode.OBSERVE}
    assert {gate.pipeline for gate in policy.gates} == {"Sales Pipeline", "Renewals"}
    assert policy.people["mia-de-vries"].hubspot_user == "9101"
    assert policy.fields["region"].options
    assert policy.fields["company-country"].home is Home.COMPANY
    assert policy.fields["company-country"].hubspot == "country"
    assert "Of the company that the deal is with" in text
    assert "Discovery " in text
    assert "DECIDE" in text


def test_a_salesforce_org(tmp_path: Path, sqlite_url: str) -> None:
    with SalesforceSandbox(COMPANY, limits=OrgLimits(on=False)) as crm:
        environ = {
            "DATABASE_URL": sqlite_url,
            "DEALGATE_LOG_LEVEL": "error",
            "SALESFORCE_INSTANCE_URL": crm.url,
            "SALESFORCE_CLIENT_ID": crm.connected_app.client_id,
            "SALESFORCE_CLIENT_SECRET": crm.connected_app.client_secret,
            "SALESFORCE_ORG_ID": crm.organization[:15],
            "SALESFORCE_WEBHOOK_TOKEN": "t" * 43,
        }
        text = written(tmp_path, environ)
    policy = load(text, "first.yaml")
    assert {gate.mode for gate in policy.gates} == {Mode.OBSERVE}
    assert "salesforce: " in text
    assert policy.fields["company-billingcountry"].salesforce == "BillingCountry"
    assert policy.people["mia-de-vries"].salesforce_username
    assert "integration" not in text
    assert "loader" not in text
    assert policy.people["mia-de-vries"].manager == "eva-lang"


ODD = Account(
    vendor="hubspot",
    user_key="hubspot-user",
    currency="EUR",
    pipelines=(
        Pipeline("1", 'Sales: "big" #1', (Stage("a", "A, B"), Stage("w", "Won", StageKind.WON))),
        Pipeline("2", "Empty", ()),
        Pipeline("3", "Sales", (Stage("x", "X"), Stage("y", "Y"))),
        Pipeline("4", "sales", (Stage("x", "X"), Stage("y", "Y"))),
    ),
    people=(
        Somebody("Zoë \\ Ng", "zoe@example.com", "1", 3, teams=("EMEA\nOps",)),
        Somebody("Zoë Ng", "ng@example.com", "2", 1),
    ),
    fields=(
        Seen("stage", "Stage", FieldType.TEXT),
        Seen("amount_2", "Amount", FieldType.MONEY, filled={"y": 2}),
        Seen("country", "Country", FieldType.TEXT, filled={"x": 2, "y": 2}, home=Home.COMPANY),
        Seen("region", "Region", FieldType.TEXT, home=Home.COMPANY),
        Seen("kind", "Kind\nof deal", FieldType.ENUM, ("a, b", "yes", "c: #d"), {"x": 1}),
    ),
    products=(Sold('He said "hi"', "S-1"), Sold("- dash: #hash")),
    stood={"x": 2, "y": 2},
)


@pytest.mark.parametrize(
    "account",
    [
        ODD,
        Account("salesforce", "salesforce-username", "USD", ODD.pipelines[2:3], people=ODD.people),
        Account("hubspot", "hubspot-user", "USD", ODD.pipelines[:1], people=ODD.people),
    ],
)
def test_whatever_an_account_holds_the_policy_is_fine(tmp_path: Path, account: Account) -> None:
    path = tmp_path / "first.yaml"
    path.write_text(first_policy(account), encoding="utf-8")
    checked = run("policy", "check", str(path), folder=tmp_path, environ={})
    assert checked.code == 0, (checked.out, path.read_text())
