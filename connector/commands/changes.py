"""How the effect of a policy on deals is shown: one form for publish and diff."""

from collections.abc import Iterator

from connector import values
from connector.policy.model import Mode, Policy
from connector.versions.answer import Answer, words
from connector.versions.effect import Changed, Effect

_SHOWN = 10
_HOLES = 4


def effect_lines(found: Effect, live: Policy, draft: Policy) -> Iterator[str]:
    """Yield the lines for people."""
    changed = found.deals_changed
    yield f"{changed} of {values.counted(found.deals, 'deal')} would get another answer."
    for gate, count in sorted(found.by_gate.items()):
        yield f"  {gate}: {count}"
    if found.unsure:
        rules = values.listing([f"{rule} ({count})" for rule, count in found.holes.most_common(_HOLES)])
        yield f"  {found.unsure} more hang on something that is not known of them: {rules}."
    for (gate, turned), count in found.modes.items():
        since = f" from {values.day(turned.on)}" if turned.on else ""
        yield f"  {gate}: {values.counted(count, 'held deal')}: {turned.was} -> {turned.now}{since}"
    for (gate, role), count in sorted(found.asked.items()):
        label = draft.roles[role].label if role in draft.roles else role
        yield f"  {gate}: {label} would be asked about {count} more, each when somebody touches the deal"
    for (gate, role), count in sorted(found.withdrawn.items()):
        label = live.roles[role].label if role in live.roles else role
        yield f"  {gate}: {values.counted(count, 'question')} to {label} would be taken back"
    for one in found.changed[:_SHOWN]:
        was, now = _said(one.gate, one.was, live), _said(one.gate, one.now, draft)
        yield f"  {one.name} ({one.deal}), {one.gate}: {was} -> {now}"
    if len(found.changed) > _SHOWN:
        yield f"  and {len(found.changed) - _SHOWN} more"


def effect_json(found: Effect, live: Policy, draft: Policy) -> dict[str, object]:
    """Return it for machines."""
    return {
        "deals": found.deals,
        "changed": found.deals_changed,
        "by_gate": dict(found.by_gate),
        "unsure": found.unsure,
        "holes": dict(found.holes.most_common()),
        "modes": [
            {"gate": gate, "was": one.was, "now": one.now, "on": one.on, "deals": count}
            for (gate, one), count in found.modes.items()
        ],
        "asked": _counts(found.asked),
        "withdrawn": _counts(found.withdrawn),
        "examples": [_example(one, live, draft) for one in found.changed[:_SHOWN]],
    }


def _counts(counted: dict[tuple[str, str], int]) -> list[dict[str, object]]:
    return [{"gate": gate, "role": role, "deals": count} for (gate, role), count in sorted(counted.items())]


def _example(one: Changed, live: Policy, draft: Policy) -> dict[str, str]:
    was, now = _said(one.gate, one.was, live), _said(one.gate, one.now, draft)
    return {"deal": one.deal, "gate": one.gate, "was": was, "now": now}


def _said(gate: str, answer: Answer | None, policy: Policy) -> str:
    """Say the answer of a gate; one that is there and gives none only observes, or is not for the deal."""
    if answer is not None:
        return words(answer, policy)
    known = next((one for one in policy.gates if one.id == gate), None)
    return "only counted" if known is not None and Mode.OBSERVE in known.modes else "no gate"
