"""Why an answer does not count, to whoever gave it."""

from connector.standing import AnswerKind
from connector.texts.words import title

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


def answer_title(deal: str) -> str:
    return f"{title(deal)}: your answer does not count"


def does_not_count(kind: AnswerKind, deal: str, reason: str) -> str:
    return f"Your {_ANSWERS[kind]} for {title(deal)} does not count: {reason}"


def cannot_be_passed_on(deal: str, reason: str) -> str:
    why = f": {reason}" if reason else "."
    return f"The question about {title(deal)} was passed to you, but you cannot answer it{why}"


def no_actor() -> str:
    return "A decision was written on this deal, but nobody can prove who made it. It does not count."


def own_deal(instead: str | None) -> str:
    return f"you own this deal. {_instead(instead)}"


def own_request(instead: str | None) -> str:
    return f"you asked for this decision. {_instead(instead)}"


def stands_in(instead: str | None) -> str:
    return f"you stand in for whoever owns this deal or asked. {_instead(instead)}"


def not_a_holder(role: str, instead: str | None) -> str:
    return f"it takes {role}. {_instead(instead)}"


def delegation_does_not_cover(giver: str, days: str) -> str:
    return f"you stand in for {giver} from {days}, within limits, and this deal is not covered today."


def signed_in_that_name(holder: str) -> str:
    return f"it takes several people, and {holder} or whoever stands in has signed already."


def signed_for_another(role: str, instead: str | None) -> str:
    return f"you have signed for another function, and {role} must be somebody else. {_instead(instead)}"


def already_decided(who: str, *, yes: bool) -> str:
    return f"{who} has said {'yes' if yes else 'no'} already, and decides at your level."


def may_not_lift(who: str, roles: str) -> str:
    return f"{who} has said no, and only {roles} may lift that."


def nothing_asked() -> str:
    return "nothing is waiting for a decision on this deal."


def question_is_gone() -> str:
    return "the deal has changed since, and the question was withdrawn."


def not_your_turn(before: str) -> str:
    return f"it is the turn of {before} first, and you are asked then."


def too_late_to_stop() -> str:
    return "the time in which you could have stopped this deal is over."


def no_reason() -> str:
    return "it does not say why, and the rep has to read that. Write your reason under Why and choose again."


def no_question() -> str:
    return "it asks the rep, but not what. Write your question under Why and choose again."


def day_is_over() -> str:
    return "the day until which it should hold was over. Fill in a day to come, or none, and decide again."


def no_limit() -> str:
    return "it says up to a limit, but names none. Fill in the limit and decide again."


def nothing_to_limit() -> str:
    return "there is no single value here that a limit could be set on. Say yes or no."


def condition_without_day(text: str) -> str:
    return f'the condition "{title(text)}" names no day to come. Write it as "condition: ... by 15 February".'


def pause_used_up(hours: int) -> str:
    return f"the {hours} working hours that the customer may have are used up. Say yes or no."


def _instead(name: str | None) -> str:
    return (
        f"Asked instead: {name}"
        if name
        else "Nobody else who may give it is active here; your admin is told."
    )
