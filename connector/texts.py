"""The one catalogue of what people read (design 9), ready for translation. English.

Words in, sentence out: nothing is decided here. "Agreed range" is the word for what a yes covers; reps and
approvers never read verdict, finding, envelope, assessed or owed.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from connector.standing import AnswerKind
from connector.verdicts import Readiness

BADGES: Mapping[Readiness, str] = MappingProxyType(
    {
        Readiness.READY: "Ready",
        Readiness.NEEDS_INFO: "Your turn",
        Readiness.NEEDS_SIGN_OFF: "Waiting for sign-off",
        Readiness.BLOCKED: "Stopped by Operations",
        Readiness.EXCEPTION: "Ready, with exception",
        Readiness.NOT_ASSESSED: "Not checked yet",
    }
)
_ANSWERS = {
    AnswerKind.YES: "yes",
    AnswerKind.UP_TO: "yes, up to a limit,",
    AnswerKind.NO: "no",
    AnswerKind.ASK: "question",
    AnswerKind.PAUSE: "pause",
    AnswerKind.RESUME: "go-on",
    AnswerKind.REPLY: "reply",
    AnswerKind.WITHDRAW: "withdrawal",
    AnswerKind.MET: "word on a condition",
    AnswerKind.CLOSED: "task",
    AnswerKind.PASSED_ON: "task",
    AnswerKind.REQUEST: "request",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(at: datetime, now: datetime) -> str:
    """Write a local time: "Thu 14:00" within the coming week, "Thu 12 Mar 14:00" beyond it."""
    day = _DAYS[at.weekday()]
    near = 0 <= (at.date() - now.date()).days < 7
    date = "" if near else f" {at.day} {_MONTHS[at.month - 1]}"
    return f"{day}{date} {at:%H:%M}"


def capital(text: str) -> str:
    """Begin with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def title(name: str) -> str:
    """Shorten a deal's name for a title."""
    return name if len(name) <= 60 else f"{name[:57].rstrip()}..."


# --- one sentence on the deal ---


def ready_for(stage: str) -> str:
    return f"Ready for {stage}."


def all_clear() -> str:
    return "Ready. Nothing is open."


def was_there_before(stage: str) -> str:
    return f"Ready. It stood in {stage} or beyond before that gate existed."


def agreed(who: str, limits: str) -> str:
    return f"{who} agreed: {limits}. Inside that, change what you like." if limits else f"{who} agreed."


def may_stop(who: str, when: str) -> str:
    return f"{who} may still stop it, until {when}."


def exception(who: str, why: str, last: str) -> str:
    return f"Exception by {who} until {last}: {why}."


def on_condition(text: str, day: str) -> str:
    return f"On condition: {text} by {day}."


def your_turn(stage: str) -> str:
    return f"{stage}: your turn."


def missing(labels: str) -> str:
    return f"Missing: {labels}."


def may_be_unknown(role: str) -> str:
    return f"Don't know one yet? Write why and {role} takes it from there."


def waiting_for(stage: str, who: str) -> str:
    return f"{stage}: waiting for {who}"


def until(who: str, when: str) -> str:
    return f"{who} until {when}"


def customer_first(who: str) -> str:
    return f"{who}, once the customer has answered"


def needs_sign_off(stage: str, who: str) -> str:
    return f"{stage}: needs sign-off by {who}"


def by_yourself(stage: str, said: str) -> str:
    return f"{stage}: {said[:1].lower()}{said[1:]}"


def because(reasons: str) -> str:
    return f", because {reasons}."


def nobody_can(stage: str, role: str) -> str:
    return f"{stage}: needs sign-off by {role}, but nobody who may give it is active here; your admin is told"


def stopped_by(stage: str, who: str) -> str:
    return f"{stage}: stopped by {who}"


def not_allowed(stage: str) -> str:
    return f"{stage}: not possible"


def and_more(count: int) -> str:
    return f"and {count} more"


def gone() -> str:
    return "the deal is gone"


def closed_lost() -> str:
    return "the deal is closed as lost"


def stage_unknown() -> str:
    return "its stage is not known"


def not_checked(why: str) -> str:
    return f"Not checked: {why}."


def source_down(stage: str) -> str:
    return f"{stage}: our own source does not answer, the last answer stays. Nothing for you to do."


def lever_alone(terms: str) -> str:
    return f"At {terms} you need nobody."


def lever_other(terms: str, who: str) -> str:
    return f"At {terms} {who} decides."


def less() -> str:
    return "less"


def more() -> str:
    return "more"


def earlier() -> str:
    return "earlier"


def later() -> str:
    return "later"


def offer(most: str, who: str) -> str:
    return f"At {most} {who} says yes."


# --- to the rep ---


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


def answer_by(when: str) -> str:
    return f"Answer by {when}."


def move_it_yourself(terms: str) -> str:
    return f"At {terms}, move it yourself now."


def changed_inside(stage: str, changes: str) -> str:
    return f"Changed after {stage} was cleared, and still inside the agreed range: {changes}."


def changed_from(label: str, was: str, now: str) -> str:
    return f"{label} from {was} to {now}"


def asks_back(who: str, question: str) -> str:
    return f"{who} asks: {question}"


def asks_back_title(deal: str, who: str) -> str:
    return f"{title(deal)}: {who} asks you something"


def asks_back_body(question: str) -> str:
    return (
        f"{question}\nWrite your answer under Your case for Operations and choose Ask Operations: "
        "the decision goes on from there."
    )


def condition_title(deal: str, condition: str) -> str:
    return f"{title(deal)}: not done yet: {condition}"


def condition_body(who: str, condition: str, day: str, shuts: str) -> str:
    then = f"Until {shuts} nothing changes, then the yes is gone."
    return f"{who} said yes on condition: {condition} by {day}. {then}"


def lapsed_title(deal: str) -> str:
    return f"{title(deal)}: nobody answered in time"


def lapsed_body(people: str) -> str:
    return f"{people} did not answer, and the question has lapsed. Choose Ask Operations to ask again."


# --- to an approver ---


def still_waiting(deal: str, what: str) -> str:
    return f"Still waiting for you: {title(deal)}, {what}"


def because_of(why: str) -> str:
    return f"You are asked because {why}." if why else "You are asked for a decision."


def replied_title(deal: str) -> str:
    return f"{title(deal)}: the answer to your question"


def replied(question: str, reply: str) -> str:
    return f"You asked: {question}\nThe answer: {reply or 'see the deal'}"


def decide_by(when: str, deal: str, facts: str) -> str:
    return f"Decide by {when}: {title(deal)}, {facts}"


def confirm_by(when: str, deal: str, facts: str) -> str:
    return f"Confirm by {when}: {title(deal)}, {facts}"


def stop_by(when: str, deal: str, facts: str) -> str:
    return f"You may stop this until {when}: {title(deal)}, {facts}"


def stop_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} wants to take {deal} into {stage}. Nobody waits for you, but you may stop it:"


def how_to_stop(when: str) -> str:
    return (
        "To stop it, set the decision on this task to no, and note what would make it acceptable."
        f" Yes lets it pass now; so does doing nothing until {when}."
    )


def how_to_confirm() -> str:
    return (
        "Set the decision on this task: yes if it is so, else no, with a note. Closing it confirms nothing."
    )


def too_late_to_stop() -> str:
    return "the time in which you could have stopped this deal is over."


def reps_limit(what: str, limit: str) -> str:
    return f"{what} (rep's limit {limit})"


def decision_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} wants to take {deal} into {stage}. You decide:"


def how_to_decide(lever: str) -> str:
    up_to = f"yes up to a limit ({lever}), " if lever else ""
    return f"Set the decision on this task: yes, {up_to}or no, with a note. Closing the task decides nothing."


def task_is_there() -> str:
    return "The task is waiting in the CRM; a reply to this mail decides nothing."


def for_information(deal: str, facts: str) -> str:
    return f"For your information: {title(deal)}, {facts}"


def notice_intro(who: str, deal: str, stage: str) -> str:
    return f"{who} is taking {deal} into {stage}. Nothing is asked of you:"


def rate(currency: str, worth: str, day: str) -> str:
    of = f", of {day}" if day else ""
    return f"Exchange rate: {currency} 1 is {worth}{of}. It is fixed for this question."


def policy_says(text: str) -> str:
    return f"Policy: {text}"


def rep_says(note: str) -> str:
    return f"The rep writes: {note}"


def does_not_count(kind: AnswerKind, deal: str, reason: str) -> str:
    return f"Your {_ANSWERS[kind]} for {title(deal)} does not count: {reason}"


def review_title(deal: str, who: str) -> str:
    return f"{title(deal)}: review the emergency exception of {who}"


def review_body(who: str, rule: str, note: str, waiver: str) -> str:
    why = f" {who} wrote: {note}" if note else ""
    then = f"Look at it, then run: dealgate waiver review {waiver} --as YOU"
    return f"{who} let this deal pass {rule} in an emergency.{why} {then}"


def cannot_be_passed_on(deal: str, reason: str) -> str:
    why = f": {reason}" if reason else "."
    return f"The question about {title(deal)} was passed to you, but you cannot answer it{why}"


def answer_title(deal: str) -> str:
    return f"{title(deal)}: your answer does not count"


def own_deal(instead: str | None) -> str:
    return f"you own this deal. {_instead(instead)}"


def not_a_holder(role: str, instead: str | None) -> str:
    return f"it takes {role}. {_instead(instead)}"


def nothing_asked() -> str:
    return "nothing is waiting for a decision on this deal."


def own_request(instead: str | None) -> str:
    return f"you asked for this decision. {_instead(instead)}"


def stands_in(instead: str | None) -> str:
    return f"you stand in for whoever owns this deal or asked. {_instead(instead)}"


def already_decided(who: str, *, yes: bool) -> str:
    return f"{who} has said {'yes' if yes else 'no'} already, and decides at your level."


def may_not_lift(who: str, roles: str) -> str:
    return f"{who} has said no, and only {roles} may lift that."


def signed_in_that_name(holder: str) -> str:
    return f"it takes several people, and {holder} or whoever stands in has signed already."


def signed_for_another(role: str, instead: str | None) -> str:
    return f"you have signed for another function, and {role} must be somebody else. {_instead(instead)}"


def delegation_does_not_cover(giver: str, days: str) -> str:
    return f"you stand in for {giver} from {days}, within limits, and this deal is not covered today."


def condition_without_day(text: str) -> str:
    return f'the condition "{title(text)}" names no day to come. Write it as "condition: ... by 15 February".'


def no_question() -> str:
    return "it asks the rep, but not what. Write your question under Why and choose again."


def somebody() -> str:
    return "Somebody who has left"


def no_reason() -> str:
    return "it does not say why, and the rep has to read that. Write your reason under Why and choose again."


def pause_used_up(hours: int) -> str:
    return f"the {hours} working hours that the customer may have are used up. Say yes or no."


def question_is_gone() -> str:
    return "the deal has changed since, and the question was withdrawn."


def no_limit() -> str:
    return "it says up to a limit, but names none. Fill in the limit and decide again."


def nothing_to_limit() -> str:
    return "there is no single value here that a limit could be set on. Say yes or no."


def no_actor() -> str:
    return "A decision was written on this deal, but nobody can prove who made it. It does not count."


def _instead(name: str | None) -> str:
    return (
        f"Asked instead: {name}"
        if name
        else "Nobody else who may give it is active here; your admin is told."
    )


def anchor_subject(account: str, entries: int) -> str:
    return f"Dealgate: {account} has {entries} entries on record"


def anchor_body(account: str, head: str) -> str:
    return (
        f"Keep this mail. It proves later that the record of {account} was not rewritten and its end not cut"
        f" off:\n\n{head}\n\nTo check it: dealgate ledger verify --anchor {head}"
    )


def answer_here(url: str) -> str:
    return f"Or answer here, once, within 30 days: {url}"


def answer_wanted(deal: str) -> str:
    return f"Your decision on deal {deal}"


def answer_noted() -> str:
    return "Thank you, your answer is noted"


def answer_is_heard() -> str:
    return "The deal shows it within moments and the rep is told. Should it not count, you hear why."


def answered_before() -> str:
    return "You have answered this already"


def answer_elsewhere() -> str:
    return "To change your answer, decide on your task in the CRM."


def answer_not_needed() -> str:
    return "Nothing is waiting for you here any more"


def link_ended() -> str:
    return "This link is not valid any more"


# --- the daily digest ---


def digest_subject(count: int) -> str:
    return "1 decision waits for you" if count == 1 else f"{count} decisions wait for you"


def digest_line(when: str, deal: str, why: str) -> str:
    return f"By {when}: {deal}, because {why}."


# --- the card's answers ---


def card_asks() -> str:
    return "Noted. Dealgate asks whoever decides; the card shows whom, and until when."


def card_waits_for_data() -> str:
    return "Noted. Fill in what is missing, and whoever decides is asked at once."


def card_replied() -> str:
    return "Noted. Whoever asked reads it within moments and decides."


def card_withdrawn() -> str:
    return "Noted. What is asked about this deal is taken back within moments."


def card_unknown() -> str:
    return "Dealgate has not checked this deal yet. If the account has it, it is looked at now."


def card_nobody() -> str:
    return "You are not a person of the policy, so your decision could not be proved. An admin can add you."


def card_not_yours() -> str:
    return "Only the deal's owner, or somebody whom the policy names, may speak for this deal."


# --- the tree, and what the rep may decide alone ---


def alone(limits: str) -> str:
    return f"You alone: {limits}"


def all_alone() -> str:
    return "You decide this alone"


def nothing_alone() -> str:
    return "Nothing here is yours alone to decide"


def up_to(value: str) -> str:
    return f"up to {value}"


def at_least(value: str) -> str:
    return f"{value} or more"


def from_day(day: str) -> str:
    return f"from {day}"


def until_day(day: str) -> str:
    return f"until {day}"


def held_by_figures() -> str:
    return "figures that Operations keeps decide it"


def not_for_this_deal(stage: str) -> str:
    return f"{stage}: not for this deal"


def not_looked_at(name: str) -> str:
    return f"{name}: not looked at again"


def ruled(who: str, why: str) -> str:
    return f"{who}: {why}" if why else who


def sales_decides() -> str:
    return "Sales decides"


def signs(role: str) -> str:
    return f"{role} decides"


def states(role: str, fact: str) -> str:
    return f'{role} confirms "{fact}"'


def has_stated(role: str, fact: str) -> str:
    return f'{role} has confirmed "{fact}"'


def stops(role: str) -> str:
    return f"{role} may stop it"


def has_signed(role: str) -> str:
    return f"{role} has decided"


def is_told(role: str) -> str:
    return f"{role} is told"


def forbidden() -> str:
    return "Not allowed"


def not_decided() -> str:
    return "Not known yet"
