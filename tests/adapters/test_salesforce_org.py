"""What is Salesforce's own: the package, stamps, ranges, locks, the heartbeat, machines, currencies."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connector import ranges
from connector.adapters.base import Fate, Rung, Wanted
from connector.adapters.salesforce import Salesforce
from connector.adapters.salesforce.deals import MASTER
from connector.adapters.salesforce.package import write
from connector.deals import Actor, ActorKind, ObjectType, OurField
from connector.directory import Directory
from connector.effects import CloseTask, EmptyAnswer, WriteFields
from connector.errors import CrmRefused
from connector.policy.model import Bound, Field, FieldType, Home, Person
from connector.verdicts import Range
from sandbox.salesforce.values import Value
from tests.adapters.salesforce_driver import FIELDS, SalesforceDriver, deploy, new_sandbox
from tests.adapters.suite import asked, fates, sent_back, task_for

FOUND = Range(
    (
        Bound("amount", Decimal(43200), Decimal(60000)),
        Bound("close-date", date(2026, 12, 1)),
        Bound("start-date", date(2027, 3, 2), date(2027, 6, 30)),
        Bound("users", None, Decimal("12.5")),
    ),
    date(2027, 1, 31),
)


def test_the_agreed_range_is_shown_and_read_back(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.crm.read_deals([deal], salesforce.wanted)
    text = ranges.write(FOUND)
    told = salesforce.crm.write_fields(
        [WriteFields(deal, {OurField.CLEAR_RANGE: text, OurField.DETAIL: "{}"})]
    )
    assert fates(told) == [Fate.DONE]
    (seen,) = salesforce.crm.read_deals([deal], salesforce.wanted).deals
    assert seen.shown == {OurField.CLEAR_RANGE: text, OurField.DETAIL: "{}"}
    stored = salesforce.sandbox.deal(deal)
    assert stored["Ops_Clear__c"] is True
    assert stored["Ops_Clear_Amount_Max__c"] == Decimal(60000)
    salesforce.crm.write_fields([WriteFields(deal, {OurField.CLEAR_RANGE: ranges.write(Range())})])
    (open_now,) = salesforce.crm.read_deals([deal], salesforce.wanted).deals
    assert open_now.shown[OurField.CLEAR_RANGE] == "{}"
    salesforce.crm.write_fields([WriteFields(deal, {OurField.CLEAR_RANGE: ""})])
    (shut,) = salesforce.crm.read_deals([deal], salesforce.wanted).deals
    assert OurField.CLEAR_RANGE not in shut.shown


def test_limits_that_the_package_was_not_rendered_for_are_left_out_and_told(
    salesforce: SalesforceDriver,
) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    wanted = Wanted((*FIELDS, Field("term", "Term", FieldType.NUMBER, salesforce="number_of_users__c")))
    page = salesforce.crm.read_deals([deal], wanted)
    assert page.alarms == ("field-vanished Ops_Range_Term_Max__c", "field-vanished Ops_Range_Term_Min__c")
    text = ranges.write(Range((Bound("amount", Decimal(1)), Bound("term", Decimal(2)))))
    assert fates(salesforce.crm.write_fields([WriteFields(deal, {OurField.CLEAR_RANGE: text})])) == [
        Fate.DONE
    ]


def test_without_the_package_nothing_is_written_and_everything_is_named(bare_org: SalesforceDriver) -> None:
    deals = [bare_org.new_deal(f"Deal {place}", bare_org.stages[0]) for place in range(3)]
    page = bare_org.crm.read_deals(deals, bare_org.wanted)
    assert len(page.deals) == 3
    before = bare_org.calls()
    told = bare_org.crm.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in deals])
    assert fates(told) == [Fate.REFUSED] * 3
    assert told[0].reason == "salesforce-invalid-field"
    assert bare_org.calls() - before == 1
    steps = {step.name: step for step in bare_org.crm.install(bare_org.wanted)}
    missing = {name for name, step in steps.items() if step.state == "missing"}
    assert {
        "Opportunity: Ops_Clear__c",
        "Task: Dealgate_Decided_By__c",
        "Dealgate__c: Heartbeat__c",
    } <= missing
    assert "Opportunity: Ops_Range_Start_Date_Min__c" in missing
    assert all(step.todo for step in steps.values() if step.state == "missing")
    assert bare_org.crm.tasks_of(deals) == ()
    bad = [symptom.name for symptom in bare_org.crm.examine(bare_org.wanted) if not symptom.well]
    assert bad == ["package"]


def test_a_user_without_our_permission_set_is_told_so(bare_org: SalesforceDriver) -> None:
    deploy(bare_org.sandbox)
    user = bare_org.sandbox.user("dealgate.integration@example.com")
    bare_org.sandbox.org.access.revoke(user, "Dealgate_Integration")
    states = {step.name: step for step in bare_org.crm.install(bare_org.wanted)}
    assert "Dealgate: Integration" in states["Opportunity: Ops_Readiness__c"].todo


def test_a_decision_without_stamps_proves_nobody_and_stays_one_answer(salesforce: SalesforceDriver) -> None:
    _, task = asked(salesforce)
    salesforce.decide(salesforce.approver, task, "yes", None, "fine")
    for stamp in ("Dealgate_Decided_By__c", "Dealgate_Decided_At__c"):
        salesforce.sandbox.drop_field("Task", stamp)
    crm = salesforce.connect()
    (seen,) = crm.read_tasks([task])
    assert (seen.decision, seen.decided_by) == ("yes", None)
    assert seen.decided_at == seen.created_at
    salesforce.settle()
    salesforce.sandbox.act_as(salesforce.rep).update(task, {"Description": "other"})
    (again,) = crm.read_tasks([task])
    assert again.decided_at == seen.decided_at


def test_an_answer_is_emptied_only_while_it_is_the_same(salesforce: SalesforceDriver) -> None:
    deal, task = asked(salesforce)
    salesforce.decide(salesforce.approver, task, "yes", None, "")
    (seen,) = salesforce.crm.read_tasks([task])
    assert seen.decided_at is not None
    effect = EmptyAnswer(deal, "empty:1", task, seen.decided_at)
    other = replace(effect, key="empty:2", decided_at=seen.decided_at - timedelta(seconds=5))
    assert fates(salesforce.crm.empty_answers([other])) == [Fate.STALE]
    assert fates(salesforce.crm.empty_answers([effect])) == [Fate.DONE]
    (after,) = salesforce.crm.read_tasks([task])
    assert (after.decision, after.decided_by, after.decided_at) == (None, None, None)


def test_a_record_that_an_approval_holds_comes_much_later(salesforce: SalesforceDriver) -> None:
    held, free = (
        salesforce.new_deal("Held", salesforce.stages[0]),
        salesforce.new_deal("Free", salesforce.stages[0]),
    )
    salesforce.sandbox.lock_record(held)
    told = salesforce.crm.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in (held, free)])
    assert fates(told) == [Fate.LATER, Fate.DONE]
    assert told[0].retry_after >= 600


def test_the_customers_own_rule_refuses_one_record_with_its_words(salesforce: SalesforceDriver) -> None:
    good, bad = (
        salesforce.new_deal("Good", salesforce.stages[0]),
        salesforce.new_deal("Bad", salesforce.stages[0]),
    )
    salesforce.sandbox.add_rule("Opportunity", 'Name = "Bad"', "Ask Finance first.")
    told = salesforce.crm.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in (bad, good)])
    assert fates(told) == [Fate.REFUSED, Fate.DONE]
    assert (told[0].reason, told[0].message) == (
        "salesforce-field-custom-validation-exception",
        "Ask Finance first.",
    )


def test_closing_takes_the_orgs_own_status() -> None:
    with new_sandbox(task_statuses=(("Open", False), ("Erledigt", True))) as sandbox:
        driver = SalesforceDriver(sandbox)
        deploy(sandbox)
        deal, task = asked(driver)
        assert fates(driver.crm.close_tasks([CloseTask(deal, "k", task)])) == [Fate.DONE]
        assert sandbox.record(task)["Status"] == "Erledigt"


def test_an_org_in_which_no_task_can_be_closed_is_told() -> None:
    with new_sandbox(task_statuses=(("Open", False),)) as sandbox:
        driver = SalesforceDriver(sandbox)
        deploy(sandbox)
        deal, task = asked(driver)
        with pytest.raises(CrmRefused, match="closed"):
            driver.crm.close_tasks([CloseTask(deal, "k", task)])


def test_each_sweep_leaves_a_sign_of_life(salesforce: SalesforceDriver) -> None:
    first, second = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)
    for now in (first, second):
        salesforce.crm.heartbeat(now)
    (setting,) = salesforce.sandbox.org.records.all("Dealgate__c")
    assert setting.values["SetupOwnerId"] == salesforce.sandbox.organization
    beat = salesforce.crm._client.rows("SELECT Heartbeat__c FROM Dealgate__c", "Dealgate__c")
    assert [row["Heartbeat__c"][:19] for row in beat] == ["2026-11-23T13:00:00"]


def test_a_sign_of_life_without_the_package_writes_nothing(bare_org: SalesforceDriver) -> None:
    bare_org.crm.heartbeat(datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert bare_org.sandbox.calls
    assert not [
        route
        for route in bare_org.sandbox.calls
        if route.startswith(("PATCH", "POST sobjects", "POST composite"))
    ]


def test_a_switched_off_org_is_a_symptom(salesforce: SalesforceDriver) -> None:
    salesforce.crm.heartbeat(salesforce.now())
    (setting,) = salesforce.sandbox.org.records.all("Dealgate__c")
    salesforce.sandbox.act_as("admin@example.com").update(setting.id, {"Off__c": True})
    bad = [symptom for symptom in salesforce.crm.examine(salesforce.wanted) if not symptom.well]
    assert [symptom.name for symptom in bad] == ["switch"]


def test_a_word_that_the_deployed_flow_does_not_watch_is_told(salesforce: SalesforceDriver) -> None:
    """Its change was seen by the sweep alone, and nobody said so."""
    late = Field("late", "late", FieldType.TEXT, salesforce="NextStep")
    wanted = replace(salesforce.wanted, fields=(*salesforce.wanted.fields, late))

    def bells(crm: Salesforce, wanted: Wanted) -> dict[str, str]:
        seen = crm.examine(wanted)
        return {
            one.name: f"{one.message}. {one.hint}" for one in seen if one.name.startswith(("bell", "flow"))
        }

    assert bells(salesforce.crm, salesforce.wanted) == {}
    told = bells(salesforce.crm, wanted)["bell of late"]
    assert told.startswith("the flow Dealgate_Deal_Changed of the org does not watch it: it is seen with")
    assert "deploy it again" in told
    salesforce.sandbox.org.flows["Dealgate_Deal_Changed"] = {
        "start": {"filters": [{"field": "NextStep", "operator": "IsChanged"}]}
    }
    left = bells(salesforce.crm, wanted)
    assert "bell of late" not in left
    assert "bell of amount" in left
    salesforce.sandbox.org.flows.clear()
    assert "no active flow Dealgate_Deal_Changed" in bells(salesforce.crm, wanted)["flow"]


def test_an_org_that_does_not_show_its_flows_is_taken_for_as_rendered(bare_org: SalesforceDriver) -> None:
    files = Field("contract", "contract", FieldType.NUMBER, Home.FILE, match="*")
    seen = {one.name: one for one in bare_org.crm.examine(Wanted((files,)))}
    assert seen["flow"].well
    assert "is not shown to us" in seen["flow"].message
    assert seen["bell of contract"].message.startswith("no flow tells of its change")


def test_the_doctor_tells_of_a_clock_that_differs_from_salesforces(salesforce: SalesforceDriver) -> None:
    """A sweep of a fast clock looked at a time that had not come in Salesforce, and never again."""
    right = {one.name: one for one in salesforce.crm.examine(salesforce.wanted)}["clock"]
    assert right.well
    fast = salesforce.connect(now=lambda: datetime.now(UTC) + timedelta(minutes=4))
    (wrong,) = [one for one in fast.examine(salesforce.wanted) if not one.well]
    assert wrong.name == "clock"
    assert 239 <= int(wrong.message.removesuffix(" seconds from Salesforce's")) <= 250
    assert "clock" in wrong.hint


def test_a_long_text_is_watched_by_the_rule_and_rings_no_bell_and_that_is_said(
    bare_org: SalesforceDriver, tmp_path: Path
) -> None:
    """An address is a long text in many orgs: a flow that named it could not be deployed."""
    bare_org.sandbox.lengthen("Opportunity", "delivery_address__c")
    files = bare_org.crm.package(bare_org.wanted, "https://ops.example.com/webhooks/salesforce/token")
    named = {
        path.rpartition("/")[2].partition(".")[0]
        for path, text in files.items()
        if "delivery_address" in text
    }
    assert named == {"Ops_Gate", "Dealgate_Integration"}
    bare_org.sandbox.deploy(write(tmp_path, files))
    seen = {one.name: one for one in bare_org.crm.examine(bare_org.wanted)}
    assert all(one.well for one in seen.values())
    told = seen["bell of delivery-address"]
    assert told.message.startswith("no flow tells of its change")
    assert not told.hint


def test_messages_of_another_org_are_a_symptom(salesforce: SalesforceDriver) -> None:
    crm = salesforce.connect(org_id="00D5g000004XyZaEAK")
    bad = [symptom.name for symptom in crm.examine(salesforce.wanted) if not symptom.well]
    assert bad == ["organisation"]


def test_integrations_are_machines_and_named_loaders_imports(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0], amount="1")
    salesforce.sandbox.other_app().update(deal, {"Amount": "2"})
    salesforce.import_change(deal, {"amount": "3"})
    changes = salesforce.crm.read_history([deal], salesforce.wanted)[deal]
    kinds = [(change.value, change.actor.kind) for change in changes if change.field == "amount"]
    assert kinds == [("3", ActorKind.IMPORT), ("2", ActorKind.AUTOMATION), ("1", ActorKind.PERSON)]


@pytest.mark.parametrize(
    ("profile", "licence"),
    [
        ("Minimum Access - API Only Integrations", "Salesforce"),
        ("Clone of an API profile", "Salesforce Integration"),
        ("Analytics Cloud Security User", "Analytics Cloud Integration User"),
    ],
)
def test_whoever_only_an_api_can_sign_in_as_is_nobody_who_signs(
    salesforce: SalesforceDriver, profile: str, licence: str
) -> None:
    """`policy init` listed an analytics robot among the people."""
    org = salesforce.sandbox.org
    licensed = org.add("UserLicense", {"Name": licence}).id
    kind = org.add("Profile", {"Name": profile, "UserLicenseId": licensed}).id
    names: dict[str, Value] = {
        "Username": "robot@example.com",
        "Email": "robot@example.com",
        "LastName": "Robot",
    }
    robot = org.add("User", {**names, "IsActive": True, "UserType": "Standard", "ProfileId": kind}).id
    crm = salesforce.connect()
    assert robot not in {user.owner for user in crm.users()}
    assert salesforce.rep in {user.owner for user in crm.users()}
    assert crm._crew.actor(robot) == Actor(ActorKind.AUTOMATION)


def test_people_are_found_by_their_username(salesforce: SalesforceDriver) -> None:
    mia = Person("mia", "Mia", "other@example.com", salesforce_username="mia.devries@example.com")
    directory = Directory.join({"mia": mia}, salesforce.crm.users())
    assert directory.user_of["mia"].owner == salesforce.rep
    assert all(user.username for user in salesforce.crm.users() if not user.is_queue)


def test_record_types_are_pipelines_and_none_is_master(salesforce: SalesforceDriver) -> None:
    pipelines = {one.label: one for one in salesforce.crm.pipelines()}
    assert list(pipelines) == ["Sales Pipeline", "Renewals", "Master"]
    assert [stage.id for stage in pipelines["Renewals"].stages] == [
        "renewal_open", "renewal_offer", "renewal_won", "renewal_lost",
    ]  # fmt: skip
    assert pipelines["Master"].id == MASTER
    assert pipelines["Sales Pipeline"].stages[2].label == "Contract"


def test_a_record_type_that_was_deactivated_keeps_its_deals_behind_its_gates(
    salesforce: SalesforceDriver,
) -> None:
    """Its pipeline was gone: its deals were left alone, and showed an old answer for ever."""
    before = salesforce.crm.pipelines()
    salesforce.sandbox.org.get(salesforce.pipeline).values["IsActive"] = False
    assert salesforce.connect().pipelines() == before


def test_a_deal_goes_back_to_its_record_type_too(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[1])
    renewals = salesforce.sandbox.seeded.record_types["renewals"]
    salesforce.sandbox.act_as(salesforce.rep).update(
        deal, {"RecordTypeId": renewals, "StageName": "renewal_won"}
    )
    effect = replace(sent_back(salesforce, deal), from_pipeline=renewals)
    assert fates(salesforce.crm.move_back([effect])) == [Fate.DONE]
    assert salesforce.sandbox.deal(deal)["RecordTypeId"] == salesforce.pipeline


def test_several_currencies_and_one() -> None:
    for several, currency in ((True, "EUR"), (False, None)):
        with new_sandbox(multi_currency=several) as sandbox:
            driver = SalesforceDriver(sandbox)
            deal = driver.new_deal("Acme", driver.stages[0], amount="1.10")
            (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
            assert (seen.currency, seen.values["amount"]) == (currency, Decimal("1.10"))


def test_fields_of_the_account_come_with_the_deal(salesforce: SalesforceDriver) -> None:
    account = salesforce.sandbox.act_as("admin@example.com").create(
        "Account", {"Name": "Acme", "Industry": "Steel"}
    )
    owned, lone = (
        salesforce.new_deal("Acme", salesforce.stages[0]),
        salesforce.new_deal("Lone", salesforce.stages[0]),
    )
    salesforce.sandbox.act_as(salesforce.rep).update(owned, {"AccountId": account})
    wanted = Wanted((Field("industry", "Industry", FieldType.TEXT, Home.COMPANY, salesforce="Industry"),))
    before = salesforce.calls()
    deals = {deal.id: deal for deal in salesforce.crm.read_deals([owned, lone], wanted).deals}
    assert (deals[owned].values["industry"], deals[lone].values["industry"]) == ("Steel", None)
    assert salesforce.calls() - before == 3  # two descriptions, one query
    rung = Rung(ObjectType.COMPANY, account)
    assert salesforce.crm.deals_behind([rung]) == {rung: (owned,)}


def test_a_thousand_deals_with_lines_are_read_in_five_calls(salesforce: SalesforceDriver) -> None:
    ids = [salesforce.new_deal(f"Deal {place}", salesforce.stages[0]) for place in range(1_000)]
    salesforce.crm.read_deals(ids[:1], salesforce.wanted)
    before = salesforce.calls()
    assert len(salesforce.crm.read_deals(ids, salesforce.wanted).deals) == 1_000
    assert salesforce.calls() - before == 5


def test_a_task_of_fifteen_character_ids_finds_its_deal(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[1])
    (made,) = salesforce.crm.create_tasks([task_for(salesforce, deal)])
    assert made.ref is not None
    (seen,) = salesforce.crm.read_tasks([made.ref[:15]])
    assert (seen.id, seen.deal) == (made.ref, deal)
    (page,) = [salesforce.crm.read_deals([deal[:15]], salesforce.wanted)]
    assert [one.id for one in page.deals] == [deal]
    assert page.gone == ()


def test_the_rendered_package_fits_the_org_and_is_the_one_it_runs(
    bare_org: SalesforceDriver, tmp_path: Path
) -> None:
    endpoint = "https://ops.example.com/webhooks/salesforce/token"
    files = bare_org.crm.package(bare_org.wanted, endpoint)
    message = files["force-app/main/default/workflows/Opportunity.workflow-meta.xml"]
    assert f"<endpointUrl>{endpoint}</endpointUrl>" in message
    assert "<integrationUser>dealgate.integration@example.com</integrationUser>" in message
    bare_org.sandbox.deploy(write(tmp_path, files))
    steps = bare_org.crm.install(bare_org.wanted)
    assert {step.state for step in steps} == {"found", "for-you"}
