"""Notes on the deal: what changed after a gate was cleared and is still inside the agreed range."""

from collections.abc import Iterable

from connector import texts, values
from connector.checks.derived import currency_of
from connector.effects import AddNote
from connector.plan.case import Case
from connector.policy.model import Mode
from connector.standing import Clearance


def changes(case: Case) -> Iterable[AddNote]:
    """Yield one note for each cleared gate whose inputs changed without opening it again."""
    before = case.ground.context.standing.clearances
    for gate in case.verdict.gates:
        old, new = before.get(gate.gate), case.verdict.clearances.get(gate.gate)
        if gate.mode is Mode.OBSERVE or old is None or new is None or old.how is not new.how:
            continue
        said = values.listing([text for text in _said(old, new, case) if text])
        if said:
            number = case.ground.context.standing.verdict + 1
            key = case.key("note", gate.gate, number)
            yield AddNote(case.ground.deal.id, key, texts.changed_inside(gate.label, said))


def _said(old: Clearance, new: Clearance, case: Case) -> Iterable[str]:
    currency = currency_of(case.ground.deal, case.ground.policy)
    for name, now in new.seen.items():
        field = case.ground.policy.fields.get(name)
        if field is not None and not field.hidden and name in old.seen and old.seen[name] != now:
            was = values.say(old.seen[name], field.type, currency)
            yield texts.changed_from(field.label, was, values.say(now, field.type, currency))
