"""The first policy, line by line: what an account shows is what is written."""

from decimal import Decimal

from connector.deals import Pipeline, Stage, StageKind
from connector.policy.first import Account, Seen, Sold, Somebody, first_policy
from connector.policy.load import load
from connector.policy.model import FieldType, Home, Mode

OPEN = (Stage("a", "Proposal"), Stage("b", "Contract, signed"), Stage("w", "Won", StageKind.WON))
ACCOUNT = Account(
    vendor="hubspot",
    user_key="hubspot-user",
    currency="EUR",
    pipelines=(Pipeline("1", "Sales", OPEN), Pipeline("2", "sales", OPEN[1:]), Pipeline("3", "Parked", ())),
    people=(
        Somebody("Mia de Vries", "mia@example.com", "1", 9, "eva@example.com", ("North", "EMEA")),
        Somebody("Eva Lang", "eva@example.com", "2", 0, "eva@example.com"),
        Somebody("Eva Lang", "eva.lang@example.com", "3", 0),
        Somebody("Import", "import@example.com", "4", 0),
    ),
    fields=(
        Seen("region", "Region", FieldType.ENUM, ("EMEA", "APAC"), {"a": 2, "b": 4}),
        Seen("rare", "Rare", FieldType.TEXT, (), {"a": 1}),
        Seen("industry", "Industry", FieldType.TEXT, (), {"b": 3}, Home.COMPANY),
        Seen("company_size", "Company size", FieldType.NUMBER, (), {"b": 4}, Home.COMPANY),
        Seen("unused", "Unused", FieldType.TEXT, (), {}, Home.COMPANY),
    ),
    products=(Sold("Data Platform", "DP", Decimal("1000.50")), Sold("Gift", None, Decimal(0)), Sold("Talk")),
    stood={"a": 6, "b": 4},
)


def test_all_that_the_account_shows_is_written_down() -> None:
    lines = first_policy(ACCOUNT).splitlines()
    body = [one for one in lines if not one.startswith("#") and one.strip()]
    assert body == [
        "policy: First policy",
        "currency: EUR    # DECIDE: of limits and deals that name none",
        "fields:",
        "  # filled 60 %; Proposal 33 %; Contract, signed 100 %",
        '  region: {hubspot: "region", label: "Region", type: enum, options: ["EMEA", "APAC"]}',
        "  # filled 10 %; Proposal 16 %; Contract, signed 0 %",
        '  rare: {hubspot: "rare", label: "Rare", type: text}',
        "  # Of the company that the deal is with:",
        "  # filled 30 %; Proposal 0 %; Contract, signed 75 %",
        '  company-industry: {hubspot: "industry", on: company, label: "Company Industry", type: text}',
        "  # filled 40 %; Proposal 0 %; Contract, signed 100 %",
        '  company-size: {hubspot: "company_size", on: company, label: "Company size", type: number}',
        "people:",
        (
            '  mia-de-vries: {name: "Mia de Vries", email: "mia@example.com", hubspot-user: "1", manager: eva-lang}'
            "    # North, EMEA"
        ),
        '  eva-lang: {name: "Eva Lang", email: "eva@example.com", hubspot-user: "2"}',
        '  eva-lang-example-com: {name: "Eva Lang", email: "eva.lang@example.com", hubspot-user: "3"}',
        '  import: {name: "Import", email: "import@example.com", hubspot-user: "4"}',
        "roles:",
        "  operations:",
        "    {label: Operations, holders: [eva-lang, mia-de-vries], chain: delivery, level: 1}",
        '  # Teams of your account may hold it, too: holders: [{team: "EMEA"}, {team: "North"}]',
        "offering:",
        "  products:",
        '    - {name: "Data Platform", sku: "DP", list-price: "1000.50"}',
        '    - {name: "Gift"}',
        '    - {name: "Talk"}',
        "checklists:",
        "  intake:",
        "    - required-data:",
        "        fields: [amount, region, company-size]    # DECIDE",
        '        unknown-goes-to: operations    # who decides on "unknown, because ..."',
        "authority:",
        "  commercial:",
        "    hit: unique",
        "    inputs: [discount]",
        "    rows:",
        '      - {id: small, discount: "<= 10%", decides: sales}',
        '      - {id: large, discount: "> 10%", sign-off: operations}',
        "gates:",
        "  # Sales: Proposal > Contract, signed > Won",
        '  - {id: sales, pipeline: "1", stage: "b", mode: observe, checklist: intake, authority: commercial}',
        "  # sales: Contract, signed > Won",
        '  - {id: sales-2, pipeline: "2", stage: "w", mode: observe, checklist: intake, authority: commercial}',
    ]
    assert {one.mode for one in load("\n".join(lines), "first.yaml").gates} == {Mode.OBSERVE}


def test_an_account_without_products_is_asked_about_amounts_and_nothing_it_lacks_is_written() -> None:
    bare = Account(
        "salesforce", "salesforce-username", "USD", (Pipeline("1", "Sales", OPEN),), ACCOUNT.people[:2]
    )
    text = first_policy(bare)
    assert '      - {id: small, amount: "<= USD 50,000", decides: sales}' in text
    assert '      - {id: large, amount: "> USD 50,000", sign-off: operations}' in text
    assert "        fields: [amount]    # DECIDE" in text
    assert 'pipeline: "Sales", stage: "b"' in text
    assert "salesforce-username: " in text
    assert not {"fields:", "offering:"} & set(text.splitlines())
