"""What the plan tells whom where somebody or something is missing: nobody proves it, no user, no clear way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from connector.deals import OurField
from connector.directory import Directory
from connector.effects import AddNote, CreateTask, MoveBack, SendMail, WriteFields
from connector.policy.cells import compile_cell
from connector.policy.model import Calendar, Field, FieldType, Row, Ruling, Waivers, Worse
from connector.standing import Standing, Waiver
from tests.core.test_asking import asked_about, mails
from tests.core.world import (
    DISCOUNTS,
    NOW,
    PEOPLE,
    ROLES,
    USERS,
    Life,
    answer,
    deal,
    gate,
    line,
    matrix,
    moved,
    moves,
    policy,
    row,
)

NO_PROOF = "A decision was written on this deal, but nobody can prove who made it. It does not count."


def test_a_decision_that_nobody_can_prove_is_noted_on_the_deal_and_emptied() -> None:
    life = asked_about()
    life.deal = replace(
        life.deal, shown={**life.deal.shown, OurField.DECISION: "yes", OurField.DECISION_NOTE: "ok"}
    )
    life.now += timedelta(minutes=5)
    effects = life.step(answer("yes", by=None, at=life.now))
    assert [one.body for one in effects if isinstance(one, AddNote)] == [NO_PROOF]
    (fields,) = [one.values for one in effects if isinstance(one, WriteFields)]
    assert (fields[OurField.DECISION], fields[OurField.DECISION_NOTE]) == ("", "")


def test_a_request_that_the_rep_takes_back_in_its_field_is_emptied() -> None:
    life = asked_about()
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.REQUEST: "withdraw"})
    life.now += timedelta(minutes=5)
    effects = life.step(answer("withdraw", by=None, at=life.now, user="9101"))
    (fields,) = [one.values for one in effects if isinstance(one, WriteFields)]
    assert fields[OurField.REQUEST] == ""
    assert OurField.DECISION not in fields


def test_whoever_is_no_user_of_the_crm_reads_by_mail_why_his_yes_does_not_count() -> None:
    without_tom = Directory.join(PEOPLE, [one for one in USERS if one.owner != "102"])
    life = asked_about(directory=without_tom)
    life.now += timedelta(minutes=5)
    effects = life.step(answer("yes", by="tom", at=life.now))
    (mail,) = [one for one in effects if isinstance(one, SendMail)]
    assert (mail.person, mail.subject) == ("tom", "Acme: your answer does not count")
    assert mail.body.startswith("Your yes for Acme does not count: ")


def broken_glass(directory: Directory) -> list[CreateTask]:
    grant = Waivers({"discounts": ("founder",)}, ("pilot",), 90, ("operations",))
    waiver = Waiver(
        "w1",
        "discounts",
        NOW.date() + timedelta(days=9),
        "pilot",
        "anna",
        NOW,
        "operations",
        break_glass=True,
    )
    life = Life(deal("proposal", 35), policy(gate(), waivers=grant), Standing(waivers=(waiver,)))
    life.history, life.context = moved("proposal"), {"directory": directory}
    return [one for one in life.step() if isinstance(one, CreateTask) and "review" in one.key]


def test_a_broken_glass_is_reviewed_by_whoever_grants_and_is_a_user() -> None:
    (task,) = broken_glass(Directory.join(PEOPLE, USERS))
    assert task.owner == "130"
    assert "Anna Bos" in task.title
    assert broken_glass(Directory.join(PEOPLE, [one for one in USERS if one.owner != "130"])) == []


def test_times_that_the_crm_gives_back_as_milliseconds_are_not_written_again() -> None:
    life = asked_about()
    due = life.show(OurField.DUE)
    assert due == "2026-11-25T13:00:00Z"
    milliseconds = str(int(datetime(2026, 11, 25, 13, tzinfo=UTC).timestamp()) * 1000)
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.DUE: milliseconds})
    assert life.step() == ()
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.DUE: "9" * 30})
    assert [one.values for one in life.step() if isinstance(one, WriteFields)] == [{OurField.DUE: due}]


def test_sent_back_where_nothing_clears_the_rep_is_not_told_to_move_it_himself() -> None:
    rules = policy(gate())
    both = deal("contract", 25, line_items=(line(Decimal(25), product=None),))
    life = Life(both, rules, history=moved("proposal", "contract"))
    effects = life.step()
    assert [one.to_stage for one in moves(effects)] == ["proposal"]
    told = "\n".join(one.body for one in effects if isinstance(one, AddNote))
    assert "move it yourself" not in told
    clears = Life(deal("contract", 18), rules, history=moved("proposal", "contract"))
    told = "\n".join(one.body for one in clears.step() if isinstance(one, AddNote))
    assert "move it yourself" in told


def test_who_is_informed_reads_the_rows_own_words() -> None:
    eyed = replace(
        row("eyed", Ruling.NOTIFY, ["founder"], discount="[8%..20%]"), text="Large customers matter."
    )
    rules = policy(
        gate(matrices=("m",)), matrices={"m": matrix("m", row("usual", Ruling.SALES, discount="< 8%"), eyed)}
    )
    life = Life(deal("proposal", 12), rules, history=moved("discovery", "proposal"))
    (mail,) = [one for one in life.step() if isinstance(one, SendMail)]
    assert mail.person == "ruth"
    assert "Large customers matter." in mail.body
    assert "12 % discount" in mail.subject


def test_the_title_of_the_task_names_the_reps_own_limit() -> None:
    life = Life(deal("proposal", 18), policy(gate(matrices=("discounts",))), history=moved("proposal"))
    (task,) = [one for one in life.step() if isinstance(one, CreateTask) and one.decision]
    assert task.title.endswith("Acme, EUR 39,360, 18 % discount (rep's limit 10 %)")
    assert DISCOUNTS.id == "discounts"


def test_a_task_is_due_on_the_day_that_people_read_there_and_not_on_that_of_utc() -> None:
    """Salesforce keeps the day alone: an answer due at five in California was due a day later in its task."""
    there = Calendar("America/Los_Angeles")
    life = Life(deal("proposal", 18), policy(gate(), calendar=there), history=moved("proposal"))
    life.now = datetime(2026, 11, 24, 17, tzinfo=UTC)
    (task,) = [one for one in life.step() if isinstance(one, CreateTask) and one.decision]
    (signoff,) = life.standing.signoffs
    assert task.due_at == signoff.due_at
    assert task.due_at.date() == signoff.due_at.astimezone(there.clock).date()
    assert task.due_at.date() != signoff.due_at.date()


def test_a_lapsed_question_of_a_role_that_is_gone_keeps_its_own_words() -> None:
    life = asked_about()
    gone = {name: one for name, one in ROLES.items() if name != "operations"}
    large = matrix("discounts", row("any", Ruling.SIGN_OFF, ["founder"], discount="> 10%"))
    life.policy = policy(
        gate(matrices=("discounts",), checklist=None), roles=gone, matrices={"discounts": large}
    )
    life.now += timedelta(minutes=5)
    effects = life.step()
    assert [one.owner for one in effects if isinstance(one, CreateTask)] == ["130"]
    assert not any(isinstance(one, MoveBack) for one in effects)
    assert mails(effects) == [("ruth", next(one.subject for one in effects if isinstance(one, SendMail)))]


NEEDS = "Back in Proposal since 14:01: Contract needs Anna Bos (Operations), because {}. Answer by Wed 14:01."


def told_of_the_move(life: Life) -> set[str]:
    """Return what the note on the deal and the rep's task say of the move back."""
    life.history = moved("discovery", "proposal", at=NOW - timedelta(days=2))
    life.move("contract")
    return {one.body for one in life.step() if isinstance(one, AddNote | CreateTask) and "Back" in one.body}


def test_whoever_is_moved_back_because_of_the_margin_does_not_read_it() -> None:
    margin = Field("margin", "margin", FieldType.PERCENT, worse=Worse.LOWER, hidden=True)
    thin = Row("thin", (compile_cell("< 20%", margin, "EUR"),), Ruling.SIGN_OFF, ("operations",))
    rules = policy(gate(matrices=("thin",)), matrices={"thin": matrix("thin", thin)})
    rules = replace(rules, fields={**rules.fields, "margin": margin})
    sold = deal("proposal", 5)
    life = Life(replace(sold, values={**sold.values, "margin": Decimal("7.5")}), rules)
    assert told_of_the_move(life) == {NEEDS.format("figures that Operations keeps decide it")}


def test_whoever_is_moved_back_for_a_product_reads_a_whole_sentence() -> None:
    special = matrix("special", row("special", Ruling.SIGN_OFF, ["operations"], not_offered="> 0"))
    lines = (line(), line(product=None))
    life = Life(
        deal("proposal", 0, line_items=lines),
        policy(gate(matrices=("special",)), matrices={"special": special}),
    )
    assert told_of_the_move(life) == {NEEDS.format("Data Platform Core is not in the standard offering")}


def test_the_rep_hears_once_of_a_yes_that_is_given_twice() -> None:
    life = asked_about()
    counts = []
    for minutes in (5, 10):
        life.now += timedelta(minutes=minutes)
        effects = life.step(answer("yes", by="anna", at=life.now))
        counts.append([one.title for one in effects if isinstance(one, CreateTask)])
    assert counts == [["Acme: Anna Bos says yes"], []]
