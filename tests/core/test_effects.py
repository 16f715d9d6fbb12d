"""What comes out of one look at a deal, whole: key, receiver, title, words and time of each task, mail and note."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.deals import OurField
from connector.effects import AddNote, CloseTask, CreateTask, Effect, MoveBack, SendMail
from connector.policy.model import Rates, Ruling, TellRep, Waiting
from tests.core.test_asking import asked_about
from tests.core.world import NOW, Life, answer, deal, gate, line, matrix, moved, policy, row

ASKED = "1795525500"  # the second in which the question was asked
TOMORROW = datetime(2026, 11, 25, 13, tzinfo=UTC)
TITLE = "Decide by Wed 14:00: Acme, EUR 39,360, 18 % discount (rep's limit 10 %)"
BODY = (
    "Mia de Vries wants to take Acme into Contract. You decide:\n- 18 % discount (rep's limit 10 %)\n"
    "- 18 % under list price, worth EUR 8,640.\nSet the decision on this task: yes, yes up to a limit (discount), or"
    " no, with a note. Closing the task decides nothing."
)
RAISED = BODY.replace("\nSet", "\nAsked first, without an answer yet: Anna Bos (Operations).\nSet")
MAIL, RAISED_MAIL = (
    one.replace("on this task", "on your task in the CRM") + "\nA reply to this mail decides nothing."
    for one in (BODY, RAISED)
)
IN_THE_CRM = "\nThe task is waiting in the CRM; a reply to this mail decides nothing."
REPLY = " Write your answer under Your case for Operations and choose Ask Operations."
LAPSES = "Without an answer by Thu 14:05 the request lapses, and nobody decides on it any more."


def said(effects: Iterable[Effect]) -> list[tuple[object, ...]]:
    """Write each effect but what our own fields show as a row; times in UTC."""
    rows: list[tuple[object, ...]] = []
    for one in effects:
        match one:
            case CreateTask():
                kind = "decide" if one.decision else "task"
                rows.append(
                    (kind, one.deal, one.key, one.owner, one.title, one.body, one.due_at.astimezone(UTC))
                )
            case SendMail():
                rows.append(("mail", one.deal, one.key, one.person, one.subject, one.body, one.cycle))
            case AddNote():
                rows.append(("note", one.deal, one.key, one.body))
            case CloseTask():
                rows.append(("close", one.deal, one.key, one.task))
            case _:
                pass
    return rows


def after(kind: str, by: str | None = "anna", **more: object) -> tuple[Life, list[tuple[object, ...]]]:
    """Let somebody write an answer five minutes after Anna was asked."""
    life = asked_about()
    life.now += timedelta(minutes=5)
    return life, said(life.step(answer(kind, by=by, at=life.now, **more)))  # type: ignore[arg-type]


def later(life: Life, **ahead: int) -> list[tuple[object, ...]]:
    life.now = NOW + timedelta(**ahead)
    return said(life.step())


def test_whoever_decides_gets_a_task_and_a_mail() -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    assert said(life.step()) == [
        ("decide", "7", "main:7:anna:1", "120", TITLE, BODY, TOMORROW),
        ("mail", "7", "mail:main:7:anna:1", "anna", TITLE, MAIL, 1),
    ]


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("yes", "Acme: Anna Bos says yes", ("Anna Bos wrote: Fine\nReady for Contract. Anna Bos agreed: up to 18 %"
         " discount. Inside that, change what you like.")),
        ("yes-up-to", "Acme: not as it is. At 15 % Anna Bos says yes", ("Anna Bos wrote: Fine\nContract: your turn. At"
         " 15 % Anna Bos says yes. At 10 % or less you need nobody.")),
        ("no", "Acme: Anna Bos says no", ("Contract: stopped by Anna Bos (Operations): Fine. At 10 % or less you need"
         " nobody.")),
    ],
)  # fmt: skip
def test_the_rep_is_told_of_the_answer_and_the_task_is_closed(kind: str, title: str, body: str) -> None:
    limit = 15 if kind == "yes-up-to" else None
    _, effects = after(kind, limit=limit, note="Fine")
    assert effects == [
        ("close", "7", "main:7:anna:1", "made-0"),
        (
            "task",
            "7",
            f"told:main:7:a24130500{kind}anna",
            "101",
            title,
            body,
            TOMORROW + timedelta(minutes=5),
        ),
    ]


def test_the_rep_who_wants_mail_is_told_by_mail() -> None:
    life = asked_about(rules=policy(gate(), tell_rep=TellRep.MAIL))
    life.now += timedelta(minutes=5)
    _, told = said(life.step(answer("no", at=life.now, note="Fine")))
    assert told[:5] == ("mail", "7", "told:main:7:a24130500noanna", "mia", "Acme: Anna Bos says no")
    assert str(told[5]).startswith("Contract: stopped by Anna Bos (Operations): Fine.")


def test_whoever_may_not_decide_is_told_why_and_nobody_is_told_on_the_deal() -> None:
    _, by_tom = after("yes", "tom")
    assert by_tom == [
        ("task", "7", "refused:main:7:a24130500yestom", "102", "Acme: your answer does not count",
         "Your yes for Acme does not count: it takes Operations. Asked instead: Anna Bos",
         TOMORROW + timedelta(minutes=5)),
    ]  # fmt: skip
    _, by_nobody = after("yes", None)
    assert by_nobody == [
        ("note", "7", "refused:main:7:a24130500yesNone",
         "A decision was written on this deal, but nobody can prove who made it. It does not count."),
    ]  # fmt: skip


def test_a_question_to_the_rep_from_first_to_last() -> None:
    life, asked = after("question", note="Who migrates?")
    who, mine = "Anna Bos (Operations)", f"main:7:contract:operations:{ASKED}"
    assert asked == [
        ("task", "7", f"question:{mine}", "101", f"Acme: {who} asks you something",
         ("Who migrates?\nWrite your answer under Your case for Operations and choose Ask Operations. The decision goes"
          " on from there."), TOMORROW + timedelta(minutes=5)),
    ]  # fmt: skip
    assert later(life, hours=24) == []
    assert later(life, hours=30) == [
        ("task", "7", f"still-asks:{mine}", "101", f"Acme: {who} still waits for your answer",
         f"Who migrates?\n{LAPSES}{REPLY}", TOMORROW + timedelta(days=1, minutes=5)),
        ("mail", "7", f"silent:{mine}", "eva", f"Acme: Mia de Vries has not answered {who}",
         f"{who} asked Mia de Vries: Who migrates?\n{LAPSES} Nothing is asked of you.", None),
    ]  # fmt: skip
    assert later(life, hours=31) == []
    assert later(life, hours=50) == [
        ("close", "7", "main:7:anna:1", "made-0"),
        ("close", "7", f"question:{mine}", "made-2"),
        ("close", "7", f"still-asks:{mine}", "made-3"),
        ("task", "7", f"unanswered:{mine}", "101", "Acme: the request has lapsed",
         f"{who} asked you: Who migrates?\nThere was no answer in time.{REPLY}", TOMORROW + timedelta(days=2, hours=2)),
        ("mail", "7", f"no-reply:{mine}", "anna", "Acme: no answer to your question",
         ("You asked: Who migrates?\nNobody answered in time, so the request has lapsed and your task is closed. You"
          " are asked again when the rep asks again."), None),
    ]  # fmt: skip


def test_the_reps_reply_reaches_whoever_asked_and_the_reps_task_is_closed() -> None:
    life, _ = after("question", note="Who migrates?")
    life.now += timedelta(minutes=5)
    mine = f"main:7:contract:operations:{ASKED}"
    assert said(life.step(answer("reply", by="mia", at=life.now, note="We do."))) == [
        ("close", "7", f"question:{mine}", "made-2"),
        ("mail", "7", f"replied:{mine}:anna", "anna", "Acme: the answer to your question",
         f"You asked: Who migrates?\nThe answer: We do.{IN_THE_CRM}", 1),
    ]  # fmt: skip
    assert said(life.step()) == []


def test_a_move_back_names_both_ends_and_its_moment_and_says_why_twice() -> None:
    life = Life(deal("contract", 18), policy(gate()), history=moved("proposal", "contract"))
    effects = life.step()
    (back,) = [one for one in effects if isinstance(one, MoveBack)]
    key = "move:main:7:1795525200000"
    assert back == MoveBack("7", key, "default", "contract", "default", "proposal", NOW, None)
    why = (
        "Back in Proposal since 14:00: Contract needs Anna Bos (Operations) for 18 % discount. Answer by Wed 14:00. At"
        " 10 % or less, move it yourself now."
    )
    assert said(effects)[:2] == [
        ("note", "7", f"{key}:note", why),
        ("task", "7", f"{key}:task", "101", "Acme: back in Proposal", why, TOMORROW),
    ]


def test_a_rep_who_asks_is_told_what_is_missing_once_for_each_set_of_fields() -> None:
    life = Life(
        deal("proposal", 5, values={"number_of_users": None}), policy(gate()), history=moved("proposal")
    )
    assert [one for one in said(life.step()) if one[0] == "task"] == []
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.REQUEST: "yes"})
    ((kind, _, key, owner, title, body, _),) = said(life.step())
    assert (kind, owner, str(key).rpartition(":")[0]) == ("task", "101", "asked:main:7:contract")
    assert (title, body) == ("Acme: Contract needs something from you first", life.sentence)
    assert "Missing: number of users." in str(body)
    assert said(life.step()) == []
    life.fill(delivery_address=None)
    ((_, _, other, *_),) = said(life.step())
    assert str(other) != str(key)
    life.fill(delivery_address="Kade 1")
    assert said(life.step()) == []  # the first set again: its task has been written
    assert life.show(OurField.REQUEST) == "yes"  # it waits for what is missing


def test_a_row_that_informs_writes_to_whoever_it_names_and_asks_nothing() -> None:
    life = Life(
        deal("proposal", 12), policy(gate(matrices=("watched",))), history=moved("discovery", "proposal")
    )
    ((kind, number, _, person, subject, body, cycle),) = said(life.step())
    assert (kind, number, person, cycle) == ("mail", "7", "ruth", None)
    assert "12 % discount" in str(subject)
    assert str(body).startswith(
        "Mia de Vries is taking Acme into Contract. Nothing is asked of you:\n- 12 % discount"
    )
    ownerless = Life(
        deal("proposal", 12, owner=None),
        policy(gate(matrices=("watched",))),
        history=moved("discovery", "proposal"),
    )
    ((*_, nobodys, _),) = said(ownerless.step())
    assert str(nobodys).startswith("Sales is taking Acme into Contract. Nothing is asked of you:")


# --- the words of a card ---


def card(life: Life) -> tuple[str, str]:
    """Return title and body of the one decision that is asked for."""
    ((_, _, _, _, title, body, _),) = [one for one in said(life.step()) if one[0] == "decide"]
    return str(title), str(body)


def waits(discount: int = 18, **changes: object) -> Life:
    one = deal("proposal", discount, **changes)
    return Life(one, policy(gate()), history=moved("discovery", "proposal"))


def test_the_policys_own_words_and_the_reps_case_stand_on_the_card() -> None:
    dear = replace(
        row("dear", Ruling.SIGN_OFF, ["operations"], discount="> 10%"), text="Large customers matter."
    )
    life = waits()
    life.policy = policy(gate(matrices=("m",)), matrices={"m": matrix("m", row("all", Ruling.SALES), dear)})
    life.deal = replace(life.deal, shown={OurField.REQUEST_NOTE: " They are a pilot. "})
    lines = card(life)[1].splitlines()
    assert any("Large customers matter." in one for one in lines)
    assert any("They are a pilot." in one and " They are a pilot. " not in one for one in lines)
    assert not any("They are a pilot" in one for one in card(waits())[1].splitlines())


def test_a_deal_without_an_amount_or_a_currency_names_none() -> None:
    assert (
        card(waits(values={"amount": None}))[0]
        == "Decide by Wed 14:00: Acme, 18 % discount (rep's limit 10 %)"
    )
    assert card(waits(currency=None))[0].startswith("Decide by Wed 14:00: Acme, EUR 39,360")


def test_a_product_that_is_not_offered_has_no_limit_to_set() -> None:
    life = waits(5, line_items=(line(Decimal(5), product=None),))
    title, body = card(life)
    assert (
        title == "Decide by Wed 14:00: Acme, EUR 45,600, Data Platform Core is not in the standard offering"
    )
    assert "up to a limit" not in body


def test_the_rate_by_which_limits_count_is_on_the_card_with_its_day() -> None:
    life = waits(currency="USD")
    life.policy = policy(gate(), rates=Rates(NOW.date(), {"USD": Decimal("0.8612345")}))
    body = card(life)[1]
    assert "EUR 0.861235" in body
    assert "24 November 2026" in body
    assert "0.86" not in card(waits())[1]


# --- time ---


def test_reminded_escalated_and_lapsed_in_words() -> None:
    life = asked_about(
        rules=policy(gate(), waiting=Waiting(remind_after=4, escalate_after=8, expire_after=16))
    )
    assert later(life, hours=19) == []
    assert later(life, hours=20) == [
        ("mail", "7", "remind:main:7:contract:operations:1795525200:anna", "anna",
         "Still waiting for you: Acme, 18 % discount",
         f"To decide: 18 % discount (rep's limit 10 %).{IN_THE_CRM}", 1),
    ]  # fmt: skip
    assert later(life, hours=24) == [
        ("decide", "7", "main:7:ruth:1", "130", TITLE, RAISED, TOMORROW),
        ("mail", "7", "mail:main:7:ruth:1", "ruth", TITLE, RAISED_MAIL, 1),
    ]
    assert later(life, hours=47) == []
    assert later(life, hours=48) == [
        ("close", "7", "main:7:anna:1", "made-0"),
        ("close", "7", "main:7:ruth:1", "made-3"),
        ("task", "7", "expired:main:7:contract:operations:1", "101", "Acme: nobody answered in time",
         ("Anna Bos (Operations) and Ruth Klein (Founder) did not answer, and the question has lapsed. Choose Ask"
          " Operations to ask again."), TOMORROW + timedelta(days=2)),
    ]  # fmt: skip
