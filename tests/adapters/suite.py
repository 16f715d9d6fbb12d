"""What every CRM adapter must do, told once for all of them against a CRM in small over real HTTP.

A CRM takes part with a subclass that has the fixture `driver`.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connector import touch
from connector.adapters.base import Crm, Delivery, Fate, Rung, Wanted
from connector.backtest.past import Recorded, crossings
from connector.deals import ActorKind, ObjectType, OurField, StageKind, Unreadable
from connector.effects import AddNote, CloseTask, CreateTask, MoveBack, WriteFields
from connector.errors import CrmUnavailable
from connector.policy.model import Field, FieldType, Home
from tests.adapters.driver import Driver, Sold

NOBODY = "999999999"


def fates(deliveries: tuple[Delivery, ...]) -> list[Fate]:
    return [delivery.fate for delivery in deliveries]


def task_for(driver: Driver, deal: str, person: str = "anna", cycle: int = 1) -> CreateTask:
    return CreateTask(
        deal=deal,
        key=f"{driver.crm.account}:{deal}:{person}:{cycle}",
        owner=driver.approver,
        title="Decide by Thu 14:00: Acme & Sons, 18 % discount",
        body="Rep's limit: 10 %\n<b>not markup</b>",
        due_at=datetime(2026, 11, 26, 14, tzinfo=UTC),
        decision=True,
    )


def asked(driver: Driver) -> tuple[str, str]:
    """Return a deal and the id of the one task on it."""
    deal = driver.new_deal("Acme", driver.stages[1])
    (made,) = driver.crm.create_tasks([task_for(driver, deal)])
    assert made.ref
    return deal, made.ref


def sent_back(driver: Driver, deal: str) -> MoveBack:
    """Return the effect that takes the deal's newest move back to where it stood before."""
    history = driver.crm.read_history([deal], driver.wanted)[deal]
    newest, before = [change for change in history if change.field == "stage"][:2]
    return MoveBack(
        deal=deal,
        key=f"move:{deal}",
        from_pipeline=driver.pipeline,
        from_stage=newest.value or "",
        to_pipeline=driver.pipeline,
        to_stage=before.value or "",
        moved_at=newest.at,
    )


HANGING = (
    Field("buyer", "buyer", FieldType.NUMBER, Home.CONTACT, match="decision maker"),
    Field("anybody", "anybody", FieldType.NUMBER, Home.CONTACT, match="*"),
    Field("order", "order", FieldType.NUMBER, Home.FILE, match="*order*.pdf"),
    Field("anything", "anything", FieldType.NUMBER, Home.FILE, match="*"),
)


class Hanging:
    def test_contacts_are_counted_by_role_and_files_by_name(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        bare = driver.new_deal("Bare", driver.stages[0])
        for role in ("Decision Maker", "Decision Maker", "Evaluator"):
            driver.name_contact(deal, role)
        for file in ("Signed Order 7.PDF", "photo.jpg"):
            driver.attach(deal, file)
        wanted = replace(driver.wanted, fields=(*driver.wanted.fields, *HANGING))
        seen = {one.id: one.values for one in driver.crm.read_deals([deal, bare], wanted).deals}
        names = [field.name for field in HANGING]
        assert [seen[deal][name] for name in names] == [2, 3, 1, 2]
        assert [seen[bare][name] for name in names] == [0, 0, 0, 0]

    def test_they_are_read_only_where_the_policy_names_them(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        driver.name_contact(deal, "Evaluator")
        driver.attach(deal, "photo.jpg")
        driver.crm.read_deals([deal], driver.wanted)
        before = driver.calls()
        driver.crm.read_deals([deal], driver.wanted)
        plain = driver.calls() - before
        wanted = replace(driver.wanted, fields=(*driver.wanted.fields, *HANGING))
        driver.crm.read_deals([deal], wanted)
        before = driver.calls()
        driver.crm.read_deals([deal], wanted)
        assert driver.calls() - before <= plain + 3  # names of files that are known are not read again

    def test_the_doctor_looks_at_them_too(self, driver: Driver) -> None:
        wanted = replace(driver.wanted, fields=(*driver.wanted.fields, *HANGING))
        symptoms = driver.crm.examine(wanted)
        assert len(symptoms) > len(driver.crm.examine(driver.wanted))
        assert all(
            one.well for one in symptoms if "contact" in one.name.lower() or "file" in one.name.lower()
        )


class Reading:
    def test_a_deal_carries_the_typed_values_of_the_vocabulary(self, driver: Driver) -> None:
        deal = driver.new_deal(
            "Acme", driver.stages[0], amount="48000.50", users="12", start_date="2026-12-01", region="EMEA"
        )
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert (seen.id, seen.name, seen.pipeline, seen.stage) == (
            deal,
            "Acme",
            driver.pipeline,
            driver.stages[0],
        )
        assert seen.owner == driver.rep
        assert seen.values["amount"] == Decimal("48000.50")
        assert seen.values["users"] == Decimal(12)
        assert seen.values["start-date"] == date(2026, 12, 1)
        assert seen.values["region"] == "EMEA"
        assert seen.values["delivery-address"] is None
        assert seen.values["owner"] == driver.rep
        assert seen.created_at is not None
        assert abs(seen.created_at - driver.now()) < timedelta(minutes=5)

    def test_line_items_carry_list_price_and_net_price(self, driver: Driver) -> None:
        lines = (Sold("Platform Seat", 10, Decimal(18)), Sold(None, 2, name="Custom connector"))
        deal = driver.new_deal("Acme", driver.stages[0], lines)
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert seen.line_items is not None
        seats, custom = seen.line_items
        assert (seats.quantity, seats.list_price, seats.net_price) == (
            Decimal(10),
            Decimal(480),
            Decimal("393.6"),
        )
        assert (custom.name, custom.sku, custom.list_price) == ("Custom connector", None, None)

    def test_line_items_are_not_read_unless_they_are_wanted(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0], (Sold("Platform Seat"),))
        (seen,) = driver.crm.read_deals([deal], Wanted(driver.wanted.fields)).deals
        assert seen.line_items is None

    def test_a_deal_without_lines_has_none_of_them(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert seen.line_items == ()

    def test_more_deals_than_one_batch_holds_are_all_read(self, driver: Driver) -> None:
        ids = [driver.new_deal(f"Deal {place}", driver.stages[0]) for place in range(201)]
        page = driver.crm.read_deals(ids, driver.wanted)
        assert {deal.id for deal in page.deals} == set(ids)
        assert not page.gone

    def test_deleted_and_unknown_deals_are_gone(self, driver: Driver) -> None:
        stays, goes = driver.new_deal("Stays", driver.stages[0]), driver.new_deal("Goes", driver.stages[0])
        driver.delete(goes)
        page = driver.crm.read_deals([stays, goes, NOBODY], driver.wanted)
        assert [deal.id for deal in page.deals] == [stays]
        assert set(page.gone) == {goes, NOBODY}

    def test_no_ids_need_no_call(self, driver: Driver) -> None:
        before = driver.calls()
        assert driver.crm.read_deals([], driver.wanted).deals == ()
        assert driver.crm.read_tasks([]) == ()
        assert driver.crm.tasks_of([]) == ()
        assert driver.crm.write_fields([]) == ()
        assert driver.crm.move_back([]) == ()
        assert driver.calls() - before <= 1  # the definitions may be read

    def test_a_vanished_field_is_a_named_unknown_and_an_alarm(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0], delivery_address="Kade 1", users="12")
        driver.crm.read_deals([deal], driver.wanted)
        driver.drop_field("delivery-address")
        page = driver.crm.read_deals([deal], driver.wanted)
        (seen,) = page.deals
        lost = seen.values["delivery-address"]
        assert isinstance(lost, Unreadable)
        assert lost.ours
        assert seen.values["users"] == Decimal(12)
        assert page.alarms == ("field-vanished delivery-address",)

    def test_pipelines_keep_the_order_and_kind_of_their_stages(self, driver: Driver) -> None:
        pipeline = next(one for one in driver.crm.pipelines() if one.id == driver.pipeline)
        assert tuple(stage.id for stage in pipeline.stages) == driver.stages
        kinds = [stage.kind for stage in pipeline.stages]
        assert kinds == [StageKind.OPEN] * 3 + [StageKind.WON, StageKind.LOST]
        assert pipeline.position(driver.stages[-1]) is None

    def test_users_join_owner_and_user_ids(self, driver: Driver) -> None:
        users = {user.owner: user for user in driver.crm.users()}
        rep = users[driver.rep]
        assert (rep.user, rep.email, rep.active) == (
            driver.user_of(driver.rep),
            "mia.devries@example.com",
            True,
        )

    def test_what_changes_rarely_is_read_once(self, driver: Driver) -> None:
        driver.crm.pipelines(), driver.crm.users()
        before = driver.calls()
        driver.crm.pipelines(), driver.crm.users()
        assert driver.calls() == before


class Histories:
    def test_a_move_at_the_screen_has_its_person(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        driver.move(driver.rep, deal, driver.stages[2])
        newest = next(c for c in driver.crm.read_history([deal], driver.wanted)[deal] if c.field == "stage")
        assert (newest.value, newest.actor.kind) == (driver.stages[2], ActorKind.PERSON)
        assert newest.actor.user == driver.user_of(driver.rep)

    def test_the_newest_change_comes_first(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0], amount="1")
        driver.move(driver.rep, deal, driver.stages[1])
        driver.change(driver.rep, deal, {"amount": "2"})
        history = driver.crm.read_history([deal], driver.wanted)[deal]
        assert [change.at for change in history] == sorted((c.at for c in history), reverse=True)
        assert [c.value for c in history if c.field == "amount"] == ["2", "1"]
        assert [c.value for c in history if c.field == "stage"] == [driver.stages[1], driver.stages[0]]

    def test_machines_are_no_people(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0], amount="1")
        driver.import_change(deal, {"amount": "2"})
        driver.automation_moves(deal, driver.stages[1])
        history = driver.crm.read_history([deal], driver.wanted)[deal]
        assert next(c for c in history if c.field == "amount").actor.kind is ActorKind.IMPORT
        assert next(c for c in history if c.field == "stage").actor.kind is ActorKind.AUTOMATION

    def test_a_person_who_fills_in_a_field_touches_an_imported_deal(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0], amount="1")
        driver.settle()
        driver.import_change(deal, {"amount": "2"})
        assert touch.touched(driver.crm.read_history([deal], driver.wanted)[deal]) is None
        driver.settle()
        driver.change(driver.rep, deal, {"delivery-address": "Kade 1"})
        assert touch.touched(driver.crm.read_history([deal], driver.wanted)[deal]) is not None

    def test_our_own_move_is_ours(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        driver.move(driver.rep, deal, driver.stages[2])
        driver.crm.move_back([sent_back(driver, deal)])
        newest = next(c for c in driver.crm.read_history([deal], driver.wanted)[deal] if c.field == "stage")
        assert newest.actor.kind is ActorKind.OURSELVES

    def test_many_histories_are_all_read(self, driver: Driver) -> None:
        ids = [driver.new_deal(f"Deal {place}", driver.stages[0]) for place in range(60)]
        assert set(driver.crm.read_history(ids, driver.wanted)) == set(ids)


class Past:
    def test_the_crossings_of_a_deal_come_out_of_its_history(self, driver: Driver) -> None:
        before = driver.now() - timedelta(hours=1)
        deal = driver.new_deal("Acme", driver.stages[0], amount="500")
        driver.move(driver.rep, deal, driver.stages[1])
        driver.change(driver.rep, deal, {"amount": "900"})
        driver.move(driver.rep, deal, driver.stages[2])
        driver.settle()
        changed = {one for page in driver.crm.changed_deals(before, driver.now()) for one in page}
        assert deal in changed
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        pipelines = {one.id: one for one in driver.crm.pipelines()}
        kept = Recorded(pipelines, driver.crm.recorded(driver.wanted.fields))
        history = driver.crm.read_history([deal], driver.wanted)[deal]
        found = list(crossings(seen, history, kept, before))
        assert [(one.deal.stage, one.before) for one in found] == [
            (driver.stages[0], -1), (driver.stages[1], 0), (driver.stages[2], 1),
        ]  # fmt: skip
        assert found[-1].deal.values["amount"] == Decimal(900)
        assert all(one.deal.line_items is None for one in found)


class Badges:
    def test_what_is_written_is_what_is_read_back(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        shown = {
            OurField.READINESS: "needs-sign-off",
            OurField.REASON: "Contract: waiting for Anna Bos",
            OurField.BLOCKED_STAGES: ";contract;closedwon;",
            OurField.WAITING_ON: "Anna Bos",
            OurField.DUE: "2026-11-26T14:00:00Z",
            OurField.CHECKED_AT: "2026-11-23T08:15:30Z",
        }
        (told,) = driver.crm.write_fields([WriteFields(deal, shown)])
        assert told.fate is Fate.DONE
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert dict(seen.shown) == shown

    def test_an_empty_text_empties_a_field(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        driver.crm.write_fields([WriteFields(deal, {OurField.WAITING_ON: "Anna Bos", OurField.REASON: "x"})])
        driver.crm.write_fields([WriteFields(deal, {OurField.WAITING_ON: ""})])
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert dict(seen.shown) == {OurField.REASON: "x"}

    def test_every_readiness_is_an_option(self, driver: Driver) -> None:
        from connector.verdicts import Readiness

        deals = {value: driver.new_deal(value, driver.stages[0]) for value in Readiness}
        told = driver.crm.write_fields(
            [WriteFields(deal, {OurField.READINESS: value.value}) for value, deal in deals.items()]
        )
        assert set(fates(told)) == {Fate.DONE}

    def test_one_refused_row_leaves_the_others_written(self, driver: Driver) -> None:
        good, bad = driver.new_deal("Good", driver.stages[0]), driver.new_deal("Bad", driver.stages[0])
        told = driver.crm.write_fields(
            [
                WriteFields(good, {OurField.READINESS: "ready"}),
                WriteFields(bad, {OurField.READINESS: "no such option"}),
            ]
        )
        assert fates(told) == [Fate.DONE, Fate.REFUSED]
        assert told[1].reason
        assert told[1].message

    def test_a_deleted_deal_is_stale(self, driver: Driver) -> None:
        good, lost = driver.new_deal("Good", driver.stages[0]), driver.new_deal("Lost", driver.stages[0])
        driver.delete(lost)
        told = driver.crm.write_fields(
            [WriteFields(one, {OurField.READINESS: "ready"}) for one in (lost, good)]
        )
        assert fates(told) == [Fate.STALE, Fate.DONE]

    def test_a_thousand_deals_are_written_in_ten_calls(self, driver: Driver) -> None:
        deals = [driver.new_deal(f"Deal {place}", driver.stages[0]) for place in range(1_000)]
        before = driver.calls()
        told = driver.crm.write_fields([WriteFields(one, {OurField.READINESS: "ready"}) for one in deals])
        assert set(fates(told)) == {Fate.DONE}
        assert driver.calls() - before <= 10

    def test_a_write_that_failed_for_a_while_is_tried_again(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        for kind in ("500", "429", "reset", "html"):
            driver.fail(kind, writes="deals", times=1)
            told = driver.crm.write_fields([WriteFields(deal, {OurField.REASON: kind})])
            assert fates(told) == [Fate.DONE], kind
            (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
            assert seen.shown[OurField.REASON] == kind

    def test_while_the_crm_is_away_no_deal_is_blamed(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[0])
        driver.fail("500", writes="deals")
        with pytest.raises(CrmUnavailable):
            driver.crm.write_fields([WriteFields(deal, {OurField.REASON: "x"})])

    def test_rows_that_failed_come_later_and_the_others_are_done(self, driver: Driver) -> None:
        deals = [driver.new_deal(f"Deal {place}", driver.stages[0]) for place in range(40)]
        driver.fail("partial", writes="deals")
        told = driver.crm.write_fields([WriteFields(one, {OurField.REASON: "x"}) for one in deals])
        assert set(fates(told)) == {Fate.DONE, Fate.LATER}
        for deal, delivery in zip(deals, told, strict=True):
            written = driver.shown(deal).get(driver.reason) == "x"
            assert written is (delivery.fate is Fate.DONE)


class Tasks:
    def test_a_task_hangs_on_its_deal_with_key_and_due_time(self, driver: Driver) -> None:
        deal, task = asked(driver)
        (seen,) = driver.crm.read_tasks([task])
        assert (seen.id, seen.deal, seen.closed) == (task, deal, False)
        assert seen.key == task_for(driver, deal).key
        assert seen.owner == driver.approver
        assert (seen.decision, seen.decided_by) == (None, None)
        assert seen.created_at is not None

    def test_each_of_many_tasks_gets_its_own_id(self, driver: Driver) -> None:
        deals = [driver.new_deal(f"Deal {place}", driver.stages[1]) for place in range(120)]
        told = driver.crm.create_tasks([task_for(driver, deal) for deal in deals])
        assert set(fates(told)) == {Fate.DONE}
        for deal, delivery in zip(deals, told, strict=True):
            assert driver.tasks(deal) == {delivery.ref: task_for(driver, deal).key}

    def test_a_decision_carries_the_person_who_made_it(self, driver: Driver) -> None:
        deal, task = asked(driver)
        driver.decide(driver.approver, task, "yes-up-to", "15", "Only with training")
        (seen,) = driver.crm.tasks_of([deal])
        assert (seen.decision, seen.limit, seen.note) == ("yes-up-to", Decimal(15), "Only with training")
        assert seen.decided_by is not None
        assert seen.decided_by.kind is ActorKind.PERSON
        assert seen.decided_by.user == driver.user_of(driver.approver)
        assert seen.decided_at is not None

    def test_whoever_changes_the_limit_of_a_yes_is_its_author(self, driver: Driver) -> None:
        _, task = asked(driver)
        driver.decide(driver.approver, task, "yes-up-to", "15", "")
        driver.change_limit(driver.colleague, task, "40")
        (seen,) = driver.crm.read_tasks([task])
        assert seen.limit == Decimal(40)
        assert seen.decided_by is not None
        assert seen.decided_by.user == driver.user_of(driver.colleague)

    def test_a_task_closed_without_decision_has_none(self, driver: Driver) -> None:
        _, task = asked(driver)
        driver.complete(driver.approver, task)
        (seen,) = driver.crm.read_tasks([task])
        assert seen.closed
        assert seen.decision is None
        assert seen.decided_by is None

    def test_tasks_of_other_accounts_and_people_are_not_ours(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        stranger = replace(task_for(driver, deal), key=f"other-{driver.crm.account}:{deal}:anna:1")
        driver.crm.create_tasks([stranger])
        assert driver.crm.tasks_of([deal]) == ()

    def test_a_closed_task_is_closed(self, driver: Driver) -> None:
        deal, task = asked(driver)
        (told,) = driver.crm.close_tasks([CloseTask(deal, "key", task)])
        assert told.fate is Fate.DONE
        (seen,) = driver.crm.read_tasks([task])
        assert seen.closed

    def test_closing_a_task_that_is_gone_is_done(self, driver: Driver) -> None:
        told = driver.crm.close_tasks([CloseTask("1", "key", NOBODY)])
        assert fates(told) == [Fate.DONE]

    def test_a_creation_that_timed_out_after_the_commit_is_unsure_and_then_found(
        self, driver: Driver
    ) -> None:
        for kind in ("timeout", "reset", "500", "html"):
            deal = driver.new_deal("Acme", driver.stages[1])
            driver.crm.tasks_of([deal])  # what a task has is known by now
            driver.fail(kind, writes="tasks", after=True, times=1)
            before = driver.calls()
            told = driver.crm.create_tasks([task_for(driver, deal)])
            assert fates(told) == [Fate.UNSURE], kind
            assert driver.calls() - before == 1, kind
            (found,) = driver.crm.tasks_of([deal])
            assert found.key == task_for(driver, deal).key

    def test_a_creation_that_was_never_taken_is_unsure_and_not_found(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.fail("reset", writes="tasks", times=1)
        assert fates(driver.crm.create_tasks([task_for(driver, deal)])) == [Fate.UNSURE]
        assert driver.crm.tasks_of([deal]) == ()

    def test_a_creation_over_the_limit_was_not_made(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.fail("429", writes="tasks", times=1)
        with pytest.raises(CrmUnavailable) as error:
            driver.crm.create_tasks([task_for(driver, deal)])
        assert error.value.retry_after > 0
        assert driver.tasks(deal) == {}

    def test_rows_that_failed_are_told_from_those_that_were_made(self, driver: Driver) -> None:
        deals = [driver.new_deal(f"Deal {place}", driver.stages[1]) for place in range(40)]
        driver.fail("partial", writes="tasks")
        told = driver.crm.create_tasks([task_for(driver, deal) for deal in deals])
        assert set(fates(told)) in ({Fate.DONE, Fate.UNSURE}, {Fate.DONE, Fate.LATER})
        for deal, delivery in zip(deals, told, strict=True):
            assert bool(driver.tasks(deal)) is (delivery.fate is Fate.DONE)

    def test_a_task_for_an_unknown_owner_is_refused_alone(self, driver: Driver) -> None:
        good, bad = driver.new_deal("Good", driver.stages[1]), driver.new_deal("Bad", driver.stages[1])
        told = driver.crm.create_tasks([replace(task_for(driver, bad), owner=NOBODY), task_for(driver, good)])
        assert fates(told) == [Fate.REFUSED, Fate.DONE]


class Notes:
    def test_a_note_shows_its_text_and_no_markup_of_others(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        (told,) = driver.crm.add_notes([AddNote(deal, "note:1", "Back in Proposal:\n<script>Acme</script>")])
        assert told.fate is Fate.DONE
        (body,) = driver.notes(deal)
        assert "Back in Proposal:" in body
        assert "<script>" not in body

    def test_a_note_of_unknown_outcome_is_found_by_its_key(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        note, other = AddNote(deal, "note:1", "One"), AddNote(deal, "note:2", "Two")
        driver.fail("timeout", writes="notes", after=True, times=1)
        assert fates(driver.crm.add_notes([note])) == [Fate.UNSURE]
        assert set(driver.crm.notes_of([note, other])) == {"note:1"}


class Moves:
    def test_a_deal_goes_back_to_where_it_stood(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        assert fates(driver.crm.move_back([sent_back(driver, deal)])) == [Fate.DONE]
        assert driver.stage_of(deal) == driver.stages[1]

    def test_the_close_date_comes_back_with_it(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1], close_date="2026-12-31T00:00:00Z")
        driver.move(driver.rep, deal, driver.stages[3])
        effect = replace(sent_back(driver, deal), close_date=date(2026, 12, 31))
        driver.crm.move_back([effect])
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert seen.values["close-date"] == date(2026, 12, 31)

    def test_a_close_date_that_the_move_set_is_emptied(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[3])
        driver.crm.move_back([replace(sent_back(driver, deal), close_date="")])
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert (seen.values["close-date"] is None) is driver.closes_without_date

    def test_a_deal_that_moved_on_is_left_alone(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        effect = sent_back(driver, deal)
        driver.move(driver.rep, deal, driver.stages[4])
        assert fates(driver.crm.move_back([effect])) == [Fate.STALE]
        assert driver.stage_of(deal) == driver.stages[4]

    def test_a_deal_that_left_and_came_again_is_left_alone(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        effect = sent_back(driver, deal)
        driver.settle()
        driver.move(driver.rep, deal, driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        assert fates(driver.crm.move_back([effect])) == [Fate.STALE]
        assert driver.stage_of(deal) == driver.stages[2]

    def test_a_move_of_unknown_outcome_comes_later_and_then_is_done(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        effect = sent_back(driver, deal)
        driver.fail("timeout", writes="deals", after=True, times=1)
        assert fates(driver.crm.move_back([effect])) == [Fate.LATER]
        assert fates(driver.crm.move_back([effect])) == [Fate.DONE]
        stages = [c for c in driver.crm.read_history([deal], driver.wanted)[deal] if c.field == "stage"]
        assert len(stages) == 3  # made, moved, sent back once

    def test_a_deleted_deal_is_stale(self, driver: Driver) -> None:
        deal = driver.new_deal("Acme", driver.stages[1])
        driver.move(driver.rep, deal, driver.stages[2])
        effect = sent_back(driver, deal)
        driver.delete(deal)
        assert fates(driver.crm.move_back([effect])) == [Fate.STALE]


class Sweeping:
    def test_changes_in_the_window_are_found(self, driver: Driver) -> None:
        quiet = driver.new_deal("Quiet", driver.stages[0])
        driver.settle(), driver.settle(), driver.settle(), driver.settle()
        since = driver.now()
        deal, task = asked(driver)
        driver.settle()
        rung = {(one.type, one.id) for page in driver.crm.changed_since(since, driver.now()) for one in page}
        assert {(ObjectType.DEAL, deal), (ObjectType.TASK, task)} <= rung
        assert (ObjectType.DEAL, quiet) not in rung

    def test_changed_lines_and_deleted_deals_are_found(self, driver: Driver) -> None:
        since = driver.now()
        deal = driver.new_deal("Acme", driver.stages[0], (Sold("Platform Seat"),))
        lost = driver.new_deal("Lost", driver.stages[0])
        driver.delete(lost)
        driver.settle()
        rung = [one for page in driver.crm.changed_since(since, driver.now()) for one in page]
        assert (ObjectType.DEAL, lost) in {(one.type, one.id) for one in rung}
        lines = [one for one in rung if one.type is ObjectType.LINE_ITEM]
        assert driver.crm.deals_behind(lines) == {lines[0]: (deal,)}

    def test_open_deals_are_those_not_closed(self, driver: Driver) -> None:
        deals = [driver.new_deal(stage, stage) for stage in driver.stages]
        driver.settle()
        assert {one for page in driver.crm.open_deals() for one in page} == set(deals[:3])

    def test_showing_finds_deals_with_closed_stages(self, driver: Driver) -> None:
        free, held = driver.new_deal("Free", driver.stages[0]), driver.new_deal("Held", driver.stages[0])
        driver.crm.write_fields(
            [
                WriteFields(free, {OurField.READINESS: "ready"}),
                WriteFields(held, {OurField.BLOCKED_STAGES: ";contract;"}),
            ]
        )
        driver.settle()
        assert {one for page in driver.crm.showing() for one in page} == {held}

    def test_a_deal_is_behind_itself(self, driver: Driver) -> None:
        rung = Rung(ObjectType.DEAL, "42")
        assert driver.crm.deals_behind([rung]) == {rung: ("42",)}


class Provisioning:
    def test_a_second_installation_finds_everything(self, driver: Driver) -> None:
        again = driver.crm.install(driver.wanted)
        assert {step.state for step in again} <= {"found", "for-you"}
        assert any(step.todo for step in again)

    def test_leaving_frees_the_deals_and_closes_our_tasks(self, driver: Driver) -> None:
        deal, task = asked(driver)
        driver.crm.write_fields([WriteFields(deal, {OurField.BLOCKED_STAGES: ";contract;"})])
        driver.settle()
        steps = driver.crm.uninstall()
        assert "unfinished" not in {step.state for step in steps}
        (seen,) = driver.crm.read_deals([deal], driver.wanted).deals
        assert OurField.BLOCKED_STAGES not in seen.shown
        (closed,) = driver.crm.read_tasks([task])
        assert closed.closed

    def test_a_well_account_has_no_bad_symptom(self, driver: Driver) -> None:
        symptoms = driver.crm.examine(driver.wanted)
        assert [symptom for symptom in symptoms if not symptom.well] == []
        assert len(symptoms) > 5

    def test_a_field_of_the_policy_that_is_missing_is_named(self, driver: Driver) -> None:
        driver.drop_field("delivery-address")
        bad = [symptom for symptom in driver.crm.examine(driver.wanted) if not symptom.well]
        assert [symptom.name for symptom in bad] == ["policy field delivery-address"]
        assert bad[0].hint


class CrmSuite(Hanging, Reading, Histories, Past, Badges, Tasks, Notes, Moves, Sweeping, Provisioning):
    """Everything together; a subclass gives the fixture `driver`."""


def speaks_the_protocol(crm: Crm) -> Crm:
    """Let mypy hold an adapter against the protocol."""
    return crm
