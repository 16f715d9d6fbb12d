"""All that has to hold of every matrix, looked at in one go."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from connector.policy.model import Checklist, Gate, HitPolicy, Matrix, Policy
from connector.proof.boxes import Budget, TooMany
from connector.proof.decided import contradictions, gaps, without_rate
from connector.proof.faults import Fault, Kind
from connector.proof.heard import silent, unreachable
from connector.proof.holders import few_holders, nobody_above
from connector.proof.monotone import less_for_worse
from connector.proof.routed import routed
from connector.proof.signing import Signing
from connector.proof.space import Space, spaces
from connector.proof.together import few_together

BUDGET = 50_000  # combinations of one matrix, under a second; tables that people can read take a hundredth
_MOST = 5  # faults of one kind in one matrix: the next ones are told when these are mended


def prove(policy: Policy, most: int = BUDGET) -> tuple[Fault, ...]:
    """Return what is wrong with the policy's matrices, none where all is proved."""
    signing = Signing(policy)
    alone = [fault for one in policy.matrices.values() for fault in _prove_matrix(one, policy, signing, most)]
    said = {fault.said for fault in alone if fault.kind is Kind.FEW_HOLDERS}
    checks = [
        fault
        for one in policy.checklists.values()
        for fault in _prove_checks(one, policy, signing)
        if fault.said not in said
    ]
    together = [fault for gate in policy.gates for fault in _prove_gate(gate, policy, signing, most)]
    return (*alone, *checks, *together)


def _prove_matrix(matrix: Matrix, policy: Policy, signing: Signing, most: int) -> Iterator[Fault]:
    """Yield what is wrong with one matrix, with one NOT_PROVED where `most` combinations did not do."""
    yield from few_holders(matrix, policy, signing)
    yield from islice(nobody_above(matrix, policy), _MOST)
    budget = Budget(most)
    try:
        using = [gate for gate in policy.gates if matrix.id in gate.matrices]
        known = tuple(spaces(matrix, policy, using))
        yield from _in_all_currencies(known, budget)
    except TooMany:
        yield Fault(Kind.NOT_PROVED, matrix, checked=budget.spent)


def _prove_checks(checklist: Checklist, policy: Policy, signing: Signing) -> Iterator[Fault]:
    """Yield roles to which a check sends a deal that nobody beside its owner holds."""
    sending = Matrix(checklist.id, HitPolicy.COLLECT, (), tuple(routed(checklist, policy)))
    return (replace(one, path=f"checklists.{checklist.id}") for one in few_holders(sending, policy, signing))


def _prove_gate(gate: Gate, policy: Policy, signing: Signing, most: int) -> Iterator[Fault]:
    """Yield what is wrong with the matrices of one gate together."""
    budget = Budget(most)
    try:
        yield from islice(few_together(gate, policy, signing, budget), _MOST)
    except TooMany:
        whole = Matrix(gate.id, HitPolicy.COLLECT, (), (), gate.where)
        yield Fault(Kind.NOT_PROVED, whole, checked=budget.spent, path=f"gates.{gate.id}")


def _in_all_currencies(known: tuple[Space, ...], budget: Budget) -> Iterator[Fault]:
    yield from unreachable(known)
    decided = True
    for space in known:
        rates = tuple(without_rate(space, budget))
        decided = decided and not rates
        yield from (*islice(contradictions(space), _MOST), *rates, *gaps(space, budget))
    if decided:
        for space in known:
            yield from islice(less_for_worse(space, budget), _MOST)
        yield from islice(_silent(known, budget), _MOST)


def _silent(known: Iterable[Space], budget: Budget) -> Iterator[Fault]:
    """Yield rows that never count in any currency in which they can match."""
    counts: set[str] = set()
    found: dict[str, Fault] = {}
    for space in known:
        mute = {fault.rows[0].id: fault for fault in silent(space, budget)}
        counts.update(row.id for row, _ in space.rows if row.id not in mute)
        found = {**mute, **found}
    yield from (fault for name, fault in found.items() if name not in counts)
