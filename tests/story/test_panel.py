"""The panel on Salesforce's page, driven to the end of a decision: what its modules say it writes is written as
the person who sits there, over the UI API, and the product behind answers."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.commands.demo import policy
from connector.demo.cast import sides
from connector.demo.sides import SalesforceSide
from connector.demo.stage import Silent, Stage, on_stage
from connector.demo.story import Story
from sandbox.brightline import EMPTY
from tests.databases import SqliteFiles
from tests.story.test_signoffs import until

LENA, ANNA, ADMIN = "9103", "9120", "admin"
LWC = Path(__file__).parents[2] / "salesforce/force-app/main/default/lwc"
MODULE = LWC / "dealReadinessFields/dealReadinessFields.js"
DEAL, TASK, REQUEST, ANSWER, WRITES = (
    json.loads(text) for text in re.findall(r"^export const \w+ = (.+);$", MODULE.read_text(), re.MULTILINE)
)
(QUERY,) = re.findall(r"gql`(.+?)`", (LWC / "dealReadiness/dealReadiness.js").read_text(), re.DOTALL)
API = "/services/data/v66.0"


def plain(value: object) -> object:
    return value["value"] if isinstance(value, dict) else value


@dataclass(frozen=True)
class Page:
    """A user's record page: the calls that Lightning Data Service makes for the panel."""

    side: SalesforceSide
    user: str

    def fields(self, deal: str) -> Mapping[str, object]:
        """Return the panel's fields by its own names."""
        asked = ",".join(f"Opportunity.{name}" for name in DEAL.values())
        answer = self.call("GET", f"/ui-api/records/{deal}?optionalFields={asked}")
        assert answer.status_code == 200, answer.text
        found = answer.json()["fields"]
        return {own: found[name]["value"] for own, name in DEAL.items()}

    def may_write(self, kind: str, field: str) -> bool:
        """Say what getObjectInfo says: the panel shows a form by it."""
        return bool(self.call("GET", f"/ui-api/object-info/{kind}").json()["fields"][field]["updateable"])

    def asks_me(self, deal: str) -> Mapping[str, object]:
        """Return the open task by which the panel lets this user decide: what its own query shows of it."""
        answer = self.asks(QUERY, deal)
        assert not answer["errors"], answer
        nodes = [edge["node"] for edge in answer["data"]["uiapi"]["query"]["Task"]["edges"]]
        shown = [{name: plain(value) for name, value in node.items()} for node in nodes]
        me = self.side.crm.user(self.user)
        (task,) = [
            one
            for one in shown
            if one["OwnerId"] == me and not one[TASK["decision"]] and one[TASK["key"]].split(":")[1] == deal
        ]
        return task

    def asks(self, query: str, deal: str) -> Any:
        """Return what GraphQL answers."""
        answer = self.call("POST", "/graphql", json={"query": query, "variables": {"deal": deal}})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, name: str, record: str, **said: object) -> None:
        """Write what the panel writes for an act, no field more and none less."""
        own = {api: mine for mine, api in (TASK if name == "decide" else DEAL).items()}
        said |= {} if name == "decide" else {"askedAt": datetime.now(UTC).isoformat()}
        values = {field: said.pop(own[field]) for field in WRITES[name]}
        assert not said, f"{name} writes no {said}"
        answer = self.save(record, values)
        assert answer.status_code == 200, answer.text

    def save(self, record: str, values: Mapping[str, object]) -> requests.Response:
        return self.call("PATCH", f"/ui-api/records/{record}", json={"fields": values})

    def call(self, method: str, path: str, **given: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.side.crm.sign_in(self.user)}"}
        url = f"{self.side.crm.url}{API}{path}"
        return requests.request(method, url, headers=headers, timeout=10, **given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class House:
    """One company at work in Salesforce."""

    side: SalesforceSide
    stage: Stage
    story: Story

    def page(self, user: str) -> Page:
        return Page(self.side, user)

    def sell(self, name: str, discount: int) -> str:
        """Let Lena open a deal in Discovery, where nobody is asked before she asks."""
        self.story.opens(LENA, name, discount, stage="discovery")
        assert self.stage.settle()
        return self.story.deals[name][self.side.account]

    def seen(self, deal: str) -> Mapping[str, object]:
        """Return what Lena's panel shows once everything is answered, the details read as the panel reads them."""
        assert self.stage.settle()
        found = self.page(LENA).fields(deal)
        return {**found, "detail": json.loads(str(found["detail"]))}

    def asks(self, deal: str, case: str, needed_by: str | None = None) -> None:
        self.page(LENA).act("ask", deal, request=REQUEST["ask"], case=case, neededBy=needed_by)

    def decides(
        self,
        deal: str,
        answer: str,
        limit: float | None = None,
        note: str | None = None,
        until: str | None = None,
    ) -> None:
        assert self.stage.settle()
        page = self.page(ANNA)
        task = str(page.asks_me(deal)["Id"])
        page.act("decide", task, decision=ANSWER[answer], limit=limit, note=note, until=until)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("panel")
    url = sqlite_files.new_database()
    with (
        sides(EMPTY, ("salesforce",)) as [side],
        on_stage([side], policy("company"), folder, database_url=url, mailer=Silent()) as stage,
    ):
        assert isinstance(side, SalesforceSide)
        yield House(side, stage, Story(stage, stage.app.clock()))


def test_ask_question_answer_counter_offer_taken_and_the_deal_moves(house: House) -> None:
    deal = house.sell("Acme", 18)
    by = (house.stage.app.clock() + timedelta(days=2)).date().isoformat()
    house.asks(deal, "They sign this week if we move.", by)
    assert str(house.seen(deal)["reason"]).startswith("Contract: waiting for Anna Bos (Operations) until")
    task = house.side.crm.record(str(house.page(ANNA).asks_me(deal)["Id"]))
    assert "They sign this week if we move." in str(task["Description"])

    house.decides(deal, "question", note="May we name them as a reference?")
    (asked,) = house.seen(deal)["detail"]["signoffs"]
    assert (asked["state"], asked["question"]) == ("info-requested", "May we name them as a reference?")

    house.page(LENA).act("reply", deal, request=REQUEST["ask"], case="Yes, in writing.")
    assert house.seen(deal)["detail"]["signoffs"][0]["state"] == "requested"

    house.decides(deal, "upTo", 15, "For the reference.")
    assert "At 15 % Anna Bos says yes" in str(house.seen(deal)["reason"])

    house.story.acts("Acme", lambda office, found: office.discount(LENA, found, 15))
    assert house.seen(deal)["readiness"] == "ready"
    moved = house.page(LENA).save(deal, {"StageName": "contract"})
    assert moved.status_code == 200, moved.text
    assert house.side.office.page(deal).stage == "contract"


def test_a_yes_opens_the_stage_for_the_rep(house: House) -> None:
    deal = house.sell("Birch", 17)
    house.asks(deal, "A reference customer.")
    house.decides(deal, "yes")
    assert house.seen(deal)["readiness"] == "ready"
    house.page(LENA).save(deal, {"StageName": "proposal"})
    assert house.seen(deal)["readiness"] == "ready"
    assert house.page(LENA).save(deal, {"StageName": "contract"}).status_code == 200


def test_a_no_stops_the_deal_and_the_page_says_so_when_the_rep_moves_it(house: House) -> None:
    deal = house.sell("Cedar", 19)
    house.asks(deal, "Please.")
    house.decides(deal, "no", note="We lost money on the last one.")
    seen = house.seen(deal)
    assert seen["readiness"] == "blocked"
    assert "We lost money on the last one." in json.dumps(seen["detail"])
    refused = house.page(LENA).save(deal, {"StageName": "contract"})
    told = refused.json()["output"]["fieldErrors"]["StageName"]
    assert (refused.status_code, told[0]["errorCode"]) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert told[0]["message"].startswith("Operations has not cleared this deal for this stage.")


def test_a_question_taken_back_asks_nobody(house: House) -> None:
    deal = house.sell("Dogwood", 18)
    house.asks(deal, "Please.")
    assert house.seen(deal)["detail"]["signoffs"][0]["state"] == "requested"
    house.page(LENA).act("takeBack", deal, request=REQUEST["takeBack"])
    seen = house.seen(deal)
    assert not [one for one in seen["detail"]["signoffs"] if one["state"] == "requested"]
    assert all(one.closed for one in house.side.office.tasks(deal))


def test_whoever_asks_in_the_panel_does_not_sign_what_he_asked_for(house: House) -> None:
    deal = house.sell("Ebony", 18)
    act = {"request": REQUEST["ask"], "case": "I want this one.", "neededBy": None}
    house.page(ANNA).act("ask", deal, **act)
    (signoff,) = house.seen(deal)["detail"]["signoffs"]
    assert signoff["state"] == "requested"
    assert "Anna Bos" not in signoff["asked"]


def test_each_act_is_open_to_whom_it_is_for_and_to_nobody_else(house: House) -> None:
    deal = house.sell("Elm", 18)
    house.asks(deal, "Please.")
    assert house.stage.settle()
    lena, anna = house.page(LENA), house.page(ANNA)
    task = str(anna.asks_me(deal)["Id"])
    assert lena.may_write("Opportunity", DEAL["request"])
    assert not lena.may_write("Task", TASK["decision"])
    assert anna.may_write("Task", TASK["decision"])
    refused = lena.save(task, {TASK["decision"]: ANSWER["yes"]})
    assert refused.json()["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    for field in (DEAL["readiness"], DEAL["detail"], DEAL["checkedAt"]):
        assert lena.save(deal, {field: None}).json()["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_yes_until_a_day_holds_until_that_day_and_a_day_that_is_over_counts_for_nothing(
    house: House,
) -> None:
    deal = house.sell("Fir", 18)
    house.asks(deal, "Please.")
    today = house.stage.app.clock().date()
    house.decides(deal, "yes", until=(today - timedelta(days=2)).isoformat())
    assert house.seen(deal)["readiness"] == "needs-sign-off"
    until(lambda: any("was over" in one.body for one in house.side.office.tasks(deal)))
    house.decides(deal, "upTo", 20, until=(today + timedelta(days=40)).isoformat())
    seen = house.seen(deal)
    assert seen["readiness"] == "ready"
    last = today + timedelta(days=40)
    assert f"until {last.day} {last:%B}" in str(seen["reason"])


def test_a_field_that_is_misspelt_in_the_panels_query_or_not_for_the_user_is_no_silent_nothing(
    house: House,
) -> None:
    deal = house.sell("Gorse", 18)
    house.asks(deal, "Please.")
    assert house.stage.settle()
    for right, wrong in (
        ("Dealgate_Decision__c", "Dealgate_Decison__c"),
        ("IsClosed: { eq: false }", "IsClosed: { is: false }"),
        ("Dealgate_Key__c: { ne: null }", "Dealgate_Kee__c: { ne: null }"),
        ("OwnerId {", "Owner__r {"),
        ("$deal: ID", "$deal: String"),
        ("Dealgate_For_Operations__c @optional", "Dealgate_For_Operations__c @option"),
    ):
        assert right in QUERY
        broken = house.page(ANNA).asks(QUERY.replace(right, wrong), deal)
        assert broken["errors"], wrong
        assert not broken["data"]
    lena = house.page(LENA)
    assert lena.asks(QUERY.replace(" @optional", ""), deal)["errors"]
    assert not lena.asks(QUERY, deal)["errors"]
