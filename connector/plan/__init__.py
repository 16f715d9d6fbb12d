"""From a verdict to what the CRM and the people should see. Start reading in `effects`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from connector.context import Context
from connector.deals import Deal, Value
from connector.effects import CloseTask, Effect, WriteFields
from connector.gates.place import pipeline_of
from connector.plan import fields, moving, notes, questions, telling, waiting
from connector.plan.case import Case
from connector.plan.questions import closing
from connector.policy.model import Policy
from connector.signoffs import Heard
from connector.signoffs.ground import Ground
from connector.verdicts import Verdict

__all__ = ["closing", "effects"]


def effects(  # noqa: PLR0917  one question, six things that it depends on
    deal: Deal, verdict: Verdict, policy: Policy, context: Context, answered: Iterable[Heard], now: datetime
) -> tuple[Effect, ...]:
    """Return the difference between the verdict and what is shown, told, asked and done already.

    `context` is the one that the verdict was made with; `answered` what became of the answers that
    `signoffs.count` folded into it. Absolute and idempotent: what was delivered is not returned again.
    """
    if context.observe_only:
        closed = closing(verdict, context.standing) if context.leaving else ()
        return (*fields.unblock(deal), *closed)
    pipeline = pipeline_of(deal, context)
    no_facts: Mapping[str, Value] = {}  # what is planned rests on the verdict alone
    ground = Ground(deal, no_facts, pipeline, policy, context, now)
    case = Case(ground, verdict, tuple(answered))
    return tuple(one for one in _all(case) if _news(one, context))


def _all(case: Case) -> Iterable[Effect]:
    if case.verdict.assessed:
        move = moving.back(case)
        yield from fields.write(case)
        yield from moving.told(case, move)
        yield from moving.over(case)
        yield from notes.changes(case)
        yield from telling.information(case)
        yield from telling.notices(case)
    yield from questions.asked(case)
    yield from questions.settled(case)
    yield from telling.answers(case)
    yield from waiting.news(case)
    yield from telling.reviews(case)
    yield from telling.reviewed(case)


def _news(effect: Effect, context: Context) -> bool:
    """Say whether a one-time effect has not been done yet; closings are filtered where they are made."""
    return isinstance(effect, WriteFields | CloseTask) or effect.key not in context.standing.done
