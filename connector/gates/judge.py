"""One gate judged: its checklist, its authority, the answers on record, and what they come to."""

from collections.abc import Iterable
from typing import NamedTuple

from connector import authority, checks
from connector.checks import rates
from connector.checks.case import Case
from connector.checks.derived import currency_of
from connector.checks.lines import strangers
from connector.deals import Unreadable
from connector.gates import clearing
from connector.gates.folding import fold, with_strings
from connector.gates.place import Place
from connector.policy.model import Policy, Ruling
from connector.policy.reads import with_dates
from connector.signoffs.choose import NOBODY, Chosen, choose
from connector.signoffs.cover import Settled, demands, settle_all
from connector.signoffs.ground import Ground
from connector.signoffs.stops import stops
from connector.signoffs.waivers import excuse
from connector.standing import Clearance, ClearedHow, Signoff, SignoffState
from connector.texts import findings as words
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness, Waived


class Draft(NamedTuple):
    """A gate's verdict with what the rest of the assessment needs to know of it.

    `found`: what the checklist said before waivers; `old`: the clearance that the verdict builds on; `keep`:
    our own source is down; `untold`: only the history can say whether the gate existed; `chosen`: whom to
    ask; `stops`: who may stop the deal, and has not been waited for.
    """

    place: Place
    verdict: GateVerdict
    settled: tuple[Settled, ...] = ()
    found: tuple[Finding, ...] = ()
    old: Clearance | None = None
    keep: bool = False
    chosen: Chosen = NOBODY
    stops: tuple[Settled, ...] = ()
    untold: bool = False

    @property
    def owed(self) -> bool:
        """Say whether the deal stands at the gate or beyond without having passed it."""
        return self.verdict.owed

    def reads(self, policy: Policy) -> tuple[str, ...]:
        """Return the words of the vocabulary that the gate looked at, each once."""
        named = [name for one in self.found for name in one.reads]
        return with_dates((*named, *authority.reads(policy, self.place.gate)), policy)


def exempt(place: Place) -> Draft:
    """Return the draft of a gate that came after the deal."""
    return Draft(place, _passed(place, ClearedHow.BEFORE_THE_GATE))


def judge(place: Place, ground: Ground) -> Draft:
    """Return what the gate says of the deal as it is now."""
    old = clearing.standing_clearance(place, ground)
    changed = clearing.reopens(clearing.moved(old, ground), ground.policy) if old is not None else None
    if old is not None and not changed:
        return Draft(place, _still_passed(place, old, ground), old=old)
    found, needs = _found(place, ground)
    findings = found
    rests = _under(old, findings, needs, ground) if old is not None and old.waived else ()
    if changed is not None:  # the rest has passed
        findings = tuple(one for one in findings if changed.intersection(one.reads))
        needs = tuple(one for one in needs if changed.intersection(one.seen))
    excused = excuse(findings, needs, ground, rests)
    findings, needs = excused.findings, excused.needs
    rulings = [one.ruling for one in needs]
    settled = _settled(place, needs, ground) if Ruling.SIGN_OFF in rulings else ()
    chosen = choose(settled, ground) if settled else NOBODY
    down = [one for one in findings if one.ours and one.outcome is not Outcome.NOT_APPLICABLE]
    ours = bool(down or [one for one in needs if one.ours])
    stopping = stops(needs, place.gate, ground) if Ruling.VETO in rulings else ()
    stopped = [one for one in stopping if one.veto] if stopping else ()
    folded = fold(place, excused, (*settled, *stopped), chosen, ground)
    if old is not None:
        folded = folded._replace(readiness=with_strings(folded.readiness, _rests_on(old, ground), ()))
    return Draft(place, folded, settled, found, old, ours, chosen, stopping)


def _found(place: Place, ground: Ground) -> tuple[tuple[Finding, ...], tuple[Need, ...]]:
    """Return what the checklist and the matrices of the gate say, waivers left out of account."""
    findings = _scope_findings(place, ground) if place.unclear else ()
    if place.gate.checklist is not None:
        findings += checks.run(_case(place, ground))
    currency = currency_of(ground.deal, ground.policy)
    signoffs = ground.context.standing.signoffs
    fixed = rates.fixed(signoffs, place.gate.id) if signoffs else None
    factors = rates.factors(currency, ground.policy, fixed)
    needs = authority.needs(
        ground.policy, place.gate, ground.facts, currency, findings, factors, _strange(ground)
    )
    return findings, needs


def _strange(ground: Ground) -> tuple[str, ...]:
    """Return the names of the products that are not offered, where a rule counts them and there are any."""
    words = ground.policy.vocabulary.counts_strangers
    some = [word for word in words if ground.facts.get(word)] if words else ()
    return strangers(ground.deal, ground.policy) if some else ()


def _under(
    old: Clearance, findings: tuple[Finding, ...], needs: tuple[Need, ...], ground: Ground
) -> tuple[Waived, ...]:
    """Return what a gate would still fail by without the waivers by which it was passed."""
    waived = excuse(findings, needs, ground).waived
    return tuple(one for one in waived if one.waiver in old.waived)


def _still_passed(place: Place, old: Clearance, ground: Ground) -> GateVerdict:
    """Say of a gate that was passed only by a waiver, or by a yes with open conditions, that it is so."""
    verdict = _passed(place, ClearedHow.PASSED)
    waived = _under(old, *_found(place, ground), ground) if old.waived else ()
    readiness = with_strings(verdict.readiness, _rests_on(old, ground), waived)
    return verdict if readiness is verdict.readiness else verdict._replace(readiness=readiness, waived=waived)


def _rests_on(old: Clearance, ground: Ground) -> list[Signoff]:
    return [one for one in ground.context.standing.signoffs if one.name in old.rests_on]


def _case(place: Place, ground: Ground) -> Case:
    currency = currency_of(ground.deal, ground.policy)
    return Case(
        rates.priced(ground.policy, currency, ground.context.standing.signoffs),
        place.gate,
        ground.deal,
        ground.facts,
        ground.pipeline,
        ground.today,
        ground.context.board,
    )


def _settled(place: Place, needs: tuple[Need, ...], ground: Ground) -> tuple[Settled, ...]:
    asked = demands(needs, place.gate, ground.policy, ground.facts)
    return settle_all(asked, place.gate, ground)


def asked_back(draft: Draft, record: Iterable[Signoff]) -> Draft:
    """Return the draft with its readiness as the record after asking makes it: where an approver has asked
    the rep, it is the rep's turn."""
    gate = draft.verdict
    mine = (one for one in record if one.gate == gate.gate and one.stops is None)
    asks = any(one.state is SignoffState.INFO for one in mine)
    if not asks or gate.readiness is not Readiness.NEEDS_SIGN_OFF:
        return draft
    return draft._replace(verdict=gate._replace(readiness=Readiness.NEEDS_INFO))


def _passed(place: Place, how: ClearedHow) -> GateVerdict:
    return GateVerdict(
        gate=place.gate.id,
        stage=place.stage.id,
        label=place.stage.label,
        mode=place.mode,
        owed=False,
        clear=True,
        readiness=Readiness.READY,
        why_clear=how,
    )


def _scope_findings(place: Place, ground: Ground) -> tuple[Finding, ...]:
    return tuple([_unclear(name, place, ground) for name in place.unclear])


def _unclear(name: str, place: Place, ground: Ground) -> Finding:
    label = ground.policy.fields[name].label if name in ground.policy.fields else name
    value = ground.facts.get(name)
    ours = isinstance(value, Unreadable) and value.ours
    said = words.scope_unknown(label, place.stage.label)
    return Finding(
        "scope", "scope-unknown", Outcome.UNKNOWN, said, said, (name,),
        missing=() if ours else (name,), ours=ours, where=place.gate.where,
    )  # fmt: skip
