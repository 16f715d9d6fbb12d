"""Tasks and notes for the rep, and what the rep's manager is told."""

from connector.texts.words import title


def says_yes(deal: str, who: str) -> str:
    return f"{title(deal)}: {who} says yes"


def counter_offer(deal: str, who: str, most: str) -> str:
    return f"{title(deal)}: not as it is. At {most} {who} says yes"


def says_no(deal: str, who: str) -> str:
    return f"{title(deal)}: {who} says no"


def note_of(who: str, note: str) -> str:
    return f"{who} wrote: {note}" if note else ""


def asks_for(deal: str, stage: str) -> str:
    return f"{title(deal)}: {stage} needs something from you first"


def back_title(deal: str, stage: str) -> str:
    return f"{title(deal)}: back in {stage}"


def back_in(stage: str, time: str, reason: str) -> str:
    return f"Back in {stage} since {time}: {reason}"


def gate_needs(stage: str, who: str, what: str) -> str:
    return f"{stage} needs {who} for {what}."


def gate_needs_because(stage: str, who: str, why: str) -> str:
    return f"{stage} needs {who}, because {why}."


def answer_by(when: str) -> str:
    return f"Answer by {when}."


def move_it_yourself(terms: str) -> str:
    return f"At {terms}, move it yourself now."


def changed_inside(stage: str, changes: str) -> str:
    return f"Changed after {stage} was cleared, and still inside the agreed range: {changes}."


def changed_from(label: str, was: str, now: str) -> str:
    return f"{label} from {was} to {now}"


def asks_back_title(deal: str, who: str) -> str:
    return f"{title(deal)}: {who} asks you something"


def asks_back_body(question: str) -> str:
    return f"{question}\n{_reply_here()} The decision goes on from there."


def still_asks_title(deal: str, who: str) -> str:
    return f"{title(deal)}: {who} still waits for your answer"


def still_asks_body(question: str, end: str) -> str:
    return f"{question}\n{end} {_reply_here()}"


def silence_lapses(when: str) -> str:
    return f"Without an answer by {when} the request lapses, and nobody decides on it any more."


def silence_helps_nobody(when: str) -> str:
    return f"Without an answer by {when} whoever may stop the deal decides without it."


def unanswered_title(deal: str) -> str:
    return f"{title(deal)}: the request has lapsed"


def unanswered_body(who: str, question: str) -> str:
    return f"{who} asked you: {question}\nThere was no answer in time. {_reply_here()}"


def _reply_here() -> str:
    return "Write your answer under Your case for Operations and choose Ask Operations."


def silent_title(deal: str, rep: str, who: str) -> str:
    return f"{title(deal)}: {rep} has not answered {who}"


def silent_body(who: str, rep: str, question: str, end: str) -> str:
    return f"{who} asked {rep}: {question}\n{end} Nothing is asked of you."


def condition_title(deal: str, condition: str) -> str:
    return f"{title(deal)}: not done yet: {condition}"


def condition_body(who: str, condition: str, day: str, shuts: str) -> str:
    then = f"Until {shuts} nothing changes, then the yes is gone."
    return f"{who} said yes on condition: {condition} by {day}. {then}"


def lapsed_title(deal: str) -> str:
    return f"{title(deal)}: nobody answered in time"


def lapsed_body(people: str) -> str:
    return f"{people} did not answer, and the question has lapsed. Choose Ask Operations to ask again."
