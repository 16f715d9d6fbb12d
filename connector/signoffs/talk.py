"""What is said about a question without deciding it: the approver asks the rep, or waits for the customer;
the rep replies, or takes the question back; a condition is met."""

from collections.abc import Iterable
from dataclasses import replace

from connector import texts
from connector.signoffs import timers
from connector.signoffs.conditions import open_conditions
from connector.signoffs.ground import Ground
from connector.signoffs.obstacles import Given, meant_by
from connector.signoffs.states import moved
from connector.standing import OPEN, Answer, AnswerKind, Signoff, SignoffState

REPS = frozenset({AnswerKind.REPLY, AnswerKind.WITHDRAW, AnswerKind.MET})


def is_for_the_rep(kind: AnswerKind) -> bool:
    """Say whether it is the rep's word, not the approver's."""
    return kind in REPS


def obstacle(given: Given, ground: Ground) -> str | None:
    """Return why an approver's word changes nothing, None if it does."""
    kind, meant = given.answer.kind, [one for one, _ in meant_by(given)]
    if all(one.state not in OPEN for one in meant):
        return texts.nothing_asked()
    if kind is AnswerKind.ASK and not given.answer.note.strip():
        return texts.no_question()
    if kind is AnswerKind.PAUSE and all(_used_up(one, ground) for one in meant):
        return texts.pause_used_up(ground.policy.waiting.pause_at_most)
    return None


def moves(given: Given, ground: Ground) -> tuple[Signoff, ...]:
    """Return the requests as the approver's word has made them."""
    return tuple(_moved(one, given, ground) for one, _ in meant_by(given) if one.state in OPEN)


def _moved(signoff: Signoff, given: Given, ground: Ground) -> Signoff:
    answer = given.answer
    match answer.kind:
        case AnswerKind.ASK if signoff.state is SignoffState.REQUESTED:
            running = timers.resumed(signoff, answer.at, ground)
            asked = replace(moved(running, SignoffState.INFO), asked_at=answer.at, unanswered=False)
            return replace(asked, question=answer.note.strip(), asked_by=given.person)
        case AnswerKind.ASK:
            return replace(signoff, question=answer.note.strip(), asked_by=given.person)
        case AnswerKind.PAUSE if signoff.paused_at is None and not _used_up(signoff, ground):
            return replace(signoff, paused_at=answer.at)
        case AnswerKind.RESUME:
            return timers.resumed(signoff, answer.at, ground)
        case _:
            return signoff


def _used_up(signoff: Signoff, ground: Ground) -> bool:
    return signoff.paused >= ground.policy.waiting.pause_at_most * 60


def rep_moves(answer: Answer, who: str, asked: Iterable[Signoff], ground: Ground) -> tuple[Signoff, ...]:
    """Return the requests that the rep's word has changed; none where it says nothing new."""
    if answer.kind is AnswerKind.REPLY:
        return tuple(_replied(one, answer, ground) for one in asked if _awaits_reply(one, answer))
    if answer.kind is AnswerKind.WITHDRAW:
        return tuple(_taken_back(one, who, answer) for one in asked if _is_reps_question(one))
    return tuple(_met(one, who, answer) for one in asked if open_conditions(one))


def _is_reps_question(signoff: Signoff) -> bool:
    """Say whether a rep may take it back: nobody takes away another's right to stop a deal."""
    return signoff.state in OPEN and signoff.stops is None


def _awaits_reply(signoff: Signoff, answer: Answer) -> bool:
    return signoff.state is SignoffState.INFO and (signoff.asked_at or answer.at) <= answer.at


def _replied(signoff: Signoff, answer: Answer, ground: Ground) -> Signoff:
    return replace(timers.replied(signoff, answer.at, ground), note=answer.note.strip())


def _taken_back(signoff: Signoff, who: str, answer: Answer) -> Signoff:
    return replace(
        moved(signoff, SignoffState.WITHDRAWN), decided_by=who, decided_at=answer.at, note=answer.note
    )


def _met(signoff: Signoff, who: str, answer: Answer) -> Signoff:
    """Mark the conditions that the answer names, all of them where it names none."""
    about = answer.note.strip().casefold()
    settled = tuple(
        one
        if one.met_at is not None or (about and about not in one.text.casefold())
        else replace(one, met_at=answer.at, met_by=who)
        for one in signoff.conditions
    )
    return replace(signoff, conditions=settled)
