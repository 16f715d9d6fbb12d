"""Whatever a sign-off goes through, both databases give back exactly what was decided."""

from dataclasses import replace
from datetime import timedelta

from connector.policy.model import Waiting
from connector.standing import Answer, AnswerKind, Standing
from connector.store import DealRecord, Store
from tests.core.world import ROLES, Life, answer, deal, gate, moved, policy
from tests.store.deals import claim

RULES = policy(
    gate(),
    waiting=Waiting(remind_after=2, escalate_after=4),
    roles={**ROLES, "operations": replace(ROLES["operations"], needs=2)},
)


def kept(store: Store, life: Life, before: Standing) -> None:
    """Commit what the last look decided, read it back, and compare."""
    assert life.verdict is not None
    held = claim(store, life.deal.id)
    store.records.commit(held, [DealRecord(before, life.verdict, "default", life.deal.stage)], life.now)
    store.claims.finish(held, held.bells, life.now)
    found = store.standings.of("a", [life.deal.id])[life.deal.id]
    assert (found.signoffs, found.clearances) == (life.standing.signoffs, life.standing.clearances)


def test_every_state_comes_back_as_it_was_kept(store: Store) -> None:
    life = Life(deal("proposal", 18), RULES, history=moved("discovery", "proposal"))
    words: list[tuple[str, str, str]] = [
        ("question", "anna", "Why?"),
        ("reply", "mia", "So."),
        ("wait-for-customer", "anna", ""),
        ("go-on", "anna", ""),
        ("yes", "anna", "Condition: customer delivers data by 15 February"),
        ("yes-up-to", "jan", "valid until 31 March"),
        ("condition-met", "anna", ""),
        ("no", "ruth", "After all"),
    ]
    before = life.standing
    life.step()
    kept(store, life, before)
    for kind, who, note in words:
        life.now += timedelta(hours=1)
        before = life.standing
        given = answer(kind, by=who, at=life.now, limit=19, note=note)
        life.step(Answer(f"{kind}{who}", "7", AnswerKind(kind), given.at, given.limit, note, person=who))
        kept(store, life, before)
    [signoff] = life.standing.signoffs
    assert (signoff.state, len(signoff.votes), signoff.decided_by) == ("rejected", 0, "ruth")
