"""What came of a rollback, for people and for machines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connector import values
from connector.desk import Desk
from connector.policy.model import Policy
from connector.signoffs.hours import local
from connector.standing import Signoff, SignoffState
from connector.worker.rollback import Moved, RolledBack


@dataclass(frozen=True, slots=True)
class Seen:
    """How people call what a rollback touched: deals with their owners, stages, roles, and the time."""

    policy: Policy
    names: Mapping[str, str]
    owners: Mapping[str, str]
    stages: Mapping[str, str]

    @classmethod
    def of(cls, desk: Desk, done: RolledBack) -> "Seen":
        """Look up the deals that the rollback names."""
        picture = desk.picture()
        touched = {deal for deal, _ in (*done.withdrawn, *done.kept, *done.answered)}
        touched |= {one.deal for one in done.moves}
        kept = {deal: desk.store.views.kept(desk.account, deal) for deal in sorted(touched)}
        deals = {name: one.inputs.deal for name, one in kept.items() if one and one.inputs}
        people = picture.context.directory.names
        return cls(
            policy=picture.policy,
            names={name: deal.name for name, deal in deals.items()},
            owners={name: people.get(deal.owner or "", "") for name, deal in deals.items()},
            stages={one.id: one.label for pipe in picture.context.pipelines.values() for one in pipe.stages},
        )

    def row(self, deal: str) -> dict[str, object]:
        return {"deal": deal, "name": self.names.get(deal), "owner": self.owners.get(deal)}

    def deal(self, deal: str) -> str:
        return f"{self.names[deal]} ({deal})" if self.names.get(deal) else f"deal {deal}"

    def asked(self, deal: str, one: Signoff) -> str:
        people = [self.policy.people[name].name for name in one.asked if name in self.policy.people]
        return f"{self.deal(deal)}, {one.gate}: {' and '.join(people) or one.role}"

    def answered(self, deal: str, one: Signoff) -> str:
        who = self.policy.people.get(one.decided_by or "")
        word = "yes" if one.state is SignoffState.APPROVED else "no"
        return f"{self.deal(deal)}, {one.gate}: {word} by {who.name if who else one.role}"

    def moved(self, move: Moved) -> str:
        owner = self.owners.get(move.deal)
        stages = " -> ".join(self.stages.get(one, one) for one in (move.from_stage, move.to_stage))
        at = local(move.at, self.policy.calendar)
        whose = f", {owner}" if owner else ""
        return f"{self.deal(move.deal)}{whose}: {stages}, {at:%d %B %Y at %H:%M}"


def rolled_json(done: RolledBack, seen: Seen) -> dict[str, object]:
    """Return it for machines."""
    return {
        "withdrawn": list(_questions(done.withdrawn, seen)),
        "still_asked": list(_questions(done.kept, seen)),
        "answered": [
            {**seen.row(deal), "gate": one.gate, "by": one.decided_by, "state": one.state}
            for deal, one in done.answered
        ],
        "move_backs": [
            {**seen.row(one.deal), "at": one.at, "from": one.from_stage, "to": one.to_stage}
            for one in done.moves
        ],
        "left": done.left,
    }


def _questions(several: Iterable[tuple[str, Signoff]], seen: Seen) -> Iterator[dict[str, object]]:
    for deal, one in several:
        yield {**seen.row(deal), "gate": one.gate, "role": one.role, "asked": one.asked}


def rolled_lines(done: RolledBack, version: str, seen: Seen) -> Iterator[str]:
    """Yield the lines for people."""
    count = len(done.withdrawn)
    taken = f"{values.counted(count, 'question')} taken back{':' if count else '.'}"
    yield f"Version {version[:8]} is live again. {taken}"
    yield from (f"  {seen.asked(deal, one)}" for deal, one in done.withdrawn)
    if done.kept:
        stand = "stands" if len(done.kept) == 1 else "stand"
        yield f"{values.counted(len(done.kept), 'question')} {stand}: this version asks it, too."
    if done.answered:
        stay = "answer stays" if len(done.answered) == 1 else "answers stay"
        yield f"{len(done.answered)} {stay} on record:"
        yield from (f"  {seen.answered(deal, one)}" for deal, one in done.answered)
    if not done.moves:
        yield "No deal was moved back under it."
        return
    were = "deal was" if len(done.moves) == 1 else "deals were"
    yield f"{len(done.moves)} {were} moved back under it; look at each, nothing moves them again:"
    yield from (f"  {seen.moved(move)}" for move in done.moves)
