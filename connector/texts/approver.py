"""Tasks and mails for whoever decides, may stop, or is only told."""

from connector.texts.words import title


def decide_by(when: str, deal: str, facts: str) -> str:
    return f"Decide by {when}: {title(deal)}, {facts}"


def confirm_by(when: str, deal: str, facts: str) -> str:
    return f"Confirm by {when}: {title(deal)}, {facts}"


def stop_by(when: str, deal: str, facts: str) -> str:
    return f"You may stop this until {when}: {title(deal)}, {facts}"


def decision_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} wants to take {deal} into {stage}. You decide:"


def confirm_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} wants to take {deal} into {stage}. Is it so?"


def stop_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} wants to take {deal} into {stage}. Nobody waits for you, but you may stop it:"


def sales() -> str:
    return "Sales"


def reps_limit(what: str, limit: str) -> str:
    return f"{what} (rep's limit {limit})"


def rate(currency: str, worth: str, day: str) -> str:
    of = f", of {day}" if day else ""
    return f"Exchange rate: {currency} 1 is {worth}{of}. It is fixed for this question."


def policy_says(text: str) -> str:
    return f"Policy: {text}"


def asked_before(who: str) -> str:
    return f"Asked first, without an answer yet: {who}."


def rep_says(note: str) -> str:
    return f"The rep writes: {note}"


def on_this_task() -> str:
    return "on this task"


def on_the_task() -> str:
    return "on your task in the CRM"


def how_to_decide(lever: str, where: str) -> str:
    up_to = f"yes up to a limit ({lever}), " if lever else ""
    return f"Set the decision {where}: yes, {up_to}or no, with a note. Closing the task decides nothing."


def how_to_confirm(where: str) -> str:
    return f"Set the decision {where}: yes if it is so, else no, with a note. Closing it confirms nothing."


def how_to_stop(when: str, where: str) -> str:
    return (
        f"To stop it, set the decision {where} to no, and note what would make it acceptable."
        f" Yes lets it pass now; so does doing nothing until {when}."
    )


def task_is_there() -> str:
    return "The task is waiting in the CRM; a reply to this mail decides nothing."


def no_reply() -> str:
    return "A reply to this mail decides nothing."


def open_deal(url: str) -> str:
    return f"The deal: {url}"


def answer_here(url: str) -> str:
    return f"Answer here, once, within 30 days, or say there that you are away: {url}"


def still_waiting(deal: str, what: str) -> str:
    return f"Still waiting for you: {title(deal)}, {what}"


def to_decide(what: str) -> str:
    return f"To decide: {what}." if what else "You are asked for a decision."


def replied_title(deal: str) -> str:
    return f"{title(deal)}: the answer to your question"


def replied(question: str, reply: str) -> str:
    return f"You asked: {question}\nThe answer: {reply or 'see the deal'}"


def no_answer_title(deal: str) -> str:
    return f"{title(deal)}: no answer to your question"


def let_go(question: str) -> str:
    return (
        f"You asked: {question}\nNobody answered in time, so the request has lapsed and your task is closed. "
        "You are asked again when the rep asks again."
    )


def let_pass(question: str) -> str:
    return (
        f"You asked: {question}\nNobody answered in time, and your time to stop the deal is over. "
        "It is not stopped."
    )


def given_back(question: str, when: str) -> str:
    return f"You asked: {question}\nNobody answered in time. You may still stop the deal, until {when}."


def notice_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} is taking {deal} into {stage}. Nothing is asked of you:"


def left_out(*, mailed: bool) -> str:
    where = "; the mail to you has it" if mailed else ""
    return f"Reps may read this task, so it leaves out what only Operations is told{where}."


def for_information(deal: str, facts: str) -> str:
    return f"For your information: {title(deal)}, {facts}"


def review_title(deal: str, who: str) -> str:
    return f"{title(deal)}: review the emergency exception of {who}"


def review_body(who: str, rule: str, note: str, waiver: str) -> str:
    why = f" {who} wrote: {note.rstrip('.')}." if note else ""
    then = f"Look at it, then run: dealgate waiver review {waiver} --as YOU"
    return f"{who} let this deal pass {rule} in an emergency.{why} {then}"


def digest_subject(count: int) -> str:
    return "1 decision waits for you" if count == 1 else f"{count} decisions wait for you"


def digest_line(when: str, deal: str, what: str) -> str:
    return f"By {when}: {deal}, {what}."
