"""What goes on record in the ledger about one look at a deal."""

from collections.abc import Iterator, Mapping, Sequence

from connector.backtest.pilot import Worth
from connector.effects import Effect, MoveBack
from connector.policy.model import Mode
from connector.signoffs import Counted, Heard, Hearing
from connector.standing import Promise, Standing
from connector.store.chain import Note
from connector.verdicts import GateVerdict, Verdict
from connector.versions.answer import of_gate, rules
from connector.worker.moves import identity, moves


def notes(
    before: Standing, verdict: Verdict, counted: Counted, effects: Sequence[Effect], worth: Worth = None
) -> tuple[Note, ...]:
    """Return the notes, in the order in which things happened; nothing new makes none. `worth` is the deal's
    amount with its currency."""
    return (
        *_decisions(verdict.deal, counted),
        *moves(verdict, before.signoffs, counted.standing.signoffs, _movers(counted)),
        *_verdict(before, verdict, worth),
        *moves(verdict, counted.standing.signoffs, verdict.signoffs),
        *_closed(before, verdict),
        *_moves(effects),
    )


def _movers(counted: Counted) -> Mapping[str, str]:
    """Return whose word moved each sign-off, the last one's."""
    return {
        identity(one): heard.person
        for heard in counted.heard
        if heard.hearing is Hearing.COUNTED and heard.person is not None
        for one in heard.signoffs
    }


def _decisions(deal: str, counted: Counted) -> Iterator[Note]:
    for heard in counted.heard:
        if heard.hearing is not Hearing.KNOWN:
            yield _decision(deal, heard)


def _decision(deal: str, heard: Heard) -> Note:
    answer = heard.answer
    body = {
        "answer": answer.id,
        "kind": answer.kind,
        "at": answer.at,
        "limit": answer.limit,
        "counted": heard.hearing is Hearing.COUNTED,
        "signoffs": [identity(one) for one in heard.signoffs],
    }
    personal = {"person": heard.person or "", "note": answer.note, "sentence": heard.sentence}
    return Note("decision", deal, body, {name: text for name, text in personal.items() if text})


def _verdict(before: Standing, verdict: Verdict, worth: Worth) -> Iterator[Note]:
    """The verdict, and the gates that it cleared or that lapsed with it."""
    cleared = {
        gate: clearance.how
        for gate, clearance in verdict.clearances.items()
        if before.clearances.get(gate) != clearance
    }
    lost = sorted(before.clearances.keys() - verdict.clearances.keys())
    if verdict.fingerprint == before.fingerprint and not cleared and not lost:
        return
    body: dict[str, object] = {
        "readiness": verdict.readiness,
        "gate": verdict.gate,
        "policy": verdict.policy_version,
        "fingerprint": verdict.fingerprint,
        "blocked": list(verdict.blocked_stages),
    }
    observed = {gate.gate: _stop(gate) for gate in verdict.gates if gate.mode is Mode.OBSERVE and gate.owed}
    if observed:
        body["observed"] = observed
        if worth is not None:
            body["worth"] = {"amount": str(worth[0]), "currency": worth[1]}
    if cleared:
        body["cleared"] = cleared
    promised = dict(_promised(before, verdict))
    if promised:
        body["promised"] = promised
    if lost:
        body["lost"] = lost
    yield Note("verdict", verdict.deal, body, {"sentence": verdict.sentence})


def _stop(gate: GateVerdict) -> dict[str, object]:
    """Say how a gate that only observes would have held the deal."""
    answer = of_gate(gate)
    return {"ends": answer.kind, "roles": list(answer.roles), "rules": list(rules(gate))}


def _promised(before: Standing, verdict: Verdict) -> Iterator[tuple[str, Promise]]:
    """What was promised at the gates that cleared just now."""
    for gate, clearance in verdict.clearances.items():
        was = before.clearances.get(gate)
        if clearance.promise is not None and (was is None or was.promise != clearance.promise):
            yield gate, clearance.promise


def _closed(before: Standing, verdict: Verdict) -> Iterator[Note]:
    """The waivers that nobody needs any more."""
    known = {one.id: one for one in before.waivers}
    for one in verdict.waivers:
        if one.ended_at is not None and known[one.id].ended_at is None:
            body = {"waiver": one.id, "event": "unneeded", "rule": one.rule, "actor": one.ended_by}
            yield Note("waiver", verdict.deal, body)


def _moves(effects: Sequence[Effect]) -> Iterator[Note]:
    for effect in effects:
        if isinstance(effect, MoveBack):
            body = {"from": effect.from_stage, "to": effect.to_stage, "moved_at": effect.moved_at}
            yield Note("move-back", effect.deal, body)
