"""Tasks and mails for those who decide: one card for each person and deal, closed when it is settled."""

from collections.abc import Iterable
from dataclasses import replace

from connector import texts
from connector.effects import CloseTask, CreateTask, Effect, SendMail
from connector.explain.who import open_ones, stopping, waits_for
from connector.plan.case import Case
from connector.plan.letter import Letter, lines_of, title_of, written
from connector.signoffs.answers import task_key
from connector.signoffs.hours import calendar_of, local
from connector.signoffs.queues import asked_as, by_mail
from connector.standing import Signoff, SignoffState, Standing
from connector.verdicts import Verdict

_STANDING = frozenset({SignoffState.REQUESTED, SignoffState.INFO})
_OTHERS = ("mail:", "close:")  # done under a key of their own for the same card


def asked(case: Case) -> Iterable[Effect]:
    """Yield a task and a mail for each person who is asked; what was sent before is filtered by its key."""
    if not case.verdict.assessed:
        return
    for (person, card), signoffs in _cards(case).items():
        key = task_key(case.ground.context.account, case.ground.deal.id, person, card)
        letter = written(signoffs, case, person, whole=True)
        readers = by_mail(person, signoffs[0], case.ground)
        owner = _task_owner(person, case)
        if owner is not None:
            due = min(one.due_at for one in signoffs)
            due_at = local(due, calendar_of(person, case.ground.policy))  # a CRM may keep the day alone
            task = _on_task(letter, signoffs, case, person, mailed=bool(readers))
            yield CreateTask(
                case.ground.deal.id, key, owner, task.title, task.body, due_at, decision=True,
                figures=_left_out(letter, task),
            )  # fmt: skip
        for reader in readers:
            mail = written(signoffs, case, reader, whole=True, mailed=True)
            name = f"mail:{key}" if reader == person else f"mail:{key}:{reader}"
            yield SendMail(case.ground.deal.id, name, reader, mail.title, mail.body, signoffs[0].cycle)


def put_to(person: str, cycle: int, case: Case) -> tuple[str, list[str]] | None:
    """Return title and lines of what a person is asked, however it is answered; None where nothing waits."""
    directory = case.ground.context.directory
    cards = (one for (who, _), one in _cards(case).items() if asked_as(person, (who,), directory))
    mine = next((one for one in cards if one[0].cycle == cycle), None)
    return (
        None if mine is None else (title_of(mine, case, person, whole=True), lines_of(mine, case, whole=True))
    )


def _on_task(letter: Letter, signoffs: list[Signoff], case: Case, person: str, *, mailed: bool) -> Letter:
    """Return what stands on the task: whoever reads the deal's activities in the CRM reads it (ADR 240)."""
    policy = case.ground.policy
    if policy.private_tasks or not (policy.vocabulary.hidden or policy.capacity):
        return letter
    shown = written(signoffs, case, person, whole=False)
    return shown if shown == letter else replace(shown, body=f"{shown.body}\n{texts.left_out(mailed=mailed)}")


def _left_out(whole: Letter, shown: Letter) -> str:
    """Return the lines that are not on the task."""
    told = shown.body.splitlines()
    return "\n".join(line for line in whole.body.splitlines() if line not in told)


def _task_owner(person: str, case: Case) -> str | None:
    """Return who owns the task in the CRM: the person, or the queue that is asked."""
    directory = case.ground.context.directory
    user = directory.user_of.get(person)
    return user.owner if user is not None else directory.queues.get(person)


def settled(case: Case) -> Iterable[CloseTask]:
    """Yield the closing of every task that no open question stands behind any more."""
    yield from closing(case.verdict, case.ground.context.standing)


def closing(verdict: Verdict, standing: Standing) -> tuple[CloseTask, ...]:
    """Return the closing of the deal's tasks that no open question stands behind, each once."""
    asked = (one for one in verdict.signoffs if one.state in _STANDING)
    waited_for = {(person, one.card) for one in asked for person in waits_for(one)}
    known = {
        (person, card)
        for one in verdict.signoffs
        for person in (*one.asked, *one.formerly)
        for card in (one.card, str(one.cycle))
    }
    settled_cards = known - waited_for
    ends = tuple(task_key("", verdict.deal, *card) for card in settled_cards)
    return tuple(
        CloseTask(verdict.deal, key, task)
        for key, task in standing.done.items()
        if task and key.endswith(ends) and not key.startswith(_OTHERS) and f"close:{key}" not in standing.done
    )


def _cards(case: Case) -> dict[tuple[str, str], list[Signoff]]:
    cards: dict[tuple[str, str], list[Signoff]] = {}
    asked = case.verdict.signoffs
    for signoff in (*open_ones(asked), *stopping(asked)):
        for person in waits_for(signoff):
            cards.setdefault((person, signoff.card), []).append(signoff)
    return cards
