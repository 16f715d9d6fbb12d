"""One deal with its verdict: what every part of the plan looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connector.effects import AddNote, CloseTask, CreateTask, Effect, SendMail
from connector.policy.model import TellRep
from connector.signoffs import Heard
from connector.signoffs.ground import Ground
from connector.signoffs.hours import due, local
from connector.standing import Signoff
from connector.verdicts import GateVerdict, Verdict


@dataclass(frozen=True, slots=True)
class Case:
    """`answered` is what became of the answers that were counted just before the verdict."""

    ground: Ground
    verdict: Verdict
    answered: tuple[Heard, ...] = ()

    @property
    def gate(self) -> GateVerdict | None:
        """Return the gate that the badge speaks of."""
        return self.named(self.verdict.gate)

    def named(self, gate: str | None) -> GateVerdict | None:
        """Return the gate of this id."""
        return next((one for one in self.verdict.gates if one.gate == gate), None)

    def key(self, *parts: object) -> str:
        """Return the key of a one-time effect: its kind, the account, the deal, and what tells it apart."""
        kind, *rest = (str(part) for part in parts)
        return ":".join((kind, self.ground.context.account, self.ground.deal.id, *rest))

    def local(self, at: datetime) -> datetime:
        """Return the moment in the policy's time zone."""
        return local(at, self.ground.policy.calendar)

    def tell_rep(self, key: str, title: str, body: str, due_at: datetime | None = None) -> Effect:
        """Tell the deal's owner by task or mail, as the policy says; without one, note it on the deal."""
        ground, owner = self.ground, self.ground.deal.owner
        if owner is None:
            return AddNote(ground.deal.id, key, f"{title}\n{body}")
        person = ground.context.directory.by_owner.get(owner)
        if ground.policy.tell_rep is TellRep.MAIL and person is not None:
            return SendMail(ground.deal.id, key, person, title, body)
        return self.tell(key, owner, title, body, due_at)

    def tell(self, key: str, owner: str, title: str, body: str, due_at: datetime | None = None) -> CreateTask:
        """Tell somebody by a task that asks for no decision. `owner` is the CRM's owner id."""
        due_at = self.local(due_at or due(self.ground.now, self.ground.policy.calendar))
        return CreateTask(self.ground.deal.id, key, owner, title, body, due_at, decision=False)


def name(signoff: Signoff) -> tuple[str, str]:
    """Return what names a question in keys: its gate and its role."""
    return signoff.gate, signoff.role


def stamp(at: datetime) -> int:
    """Write a moment in a key."""
    return int(at.timestamp())


def closed(key: str, case: Case) -> Iterable[CloseTask]:
    """Yield the closing of what was told by this key, once; of a mail a person is on record, and no task."""
    done = case.ground.context.standing.done
    task = done.get(key)
    if task and task not in case.ground.policy.people and f"close:{key}" not in done:
        yield CloseTask(case.ground.deal.id, key, task)
