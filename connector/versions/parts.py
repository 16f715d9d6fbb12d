"""A gate taken apart: its matrices, and each kind of check, answer by themselves, so that what one of them
asks hides nothing of the others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connector import authority, checks
from connector.capacity.records import Demand
from connector.checks import capacity, deviations, feasibility, required_data
from connector.checks.case import Case
from connector.checks.derived import derive
from connector.checks.effort import demand_of
from connector.checks.lines import lines_of
from connector.deals import Deal, LineItem
from connector.gates.examples import pipeline_of
from connector.policy.model import (
    Capacity,
    Cell,
    Check,
    Checklist,
    Deviations,
    Feasibility,
    Gate,
    Home,
    Policy,
    RequiredData,
)
from connector.versions.answer import Answer, of_part
from connector.versions.hours import board_of
from connector.versions.made_up import Facts, MadeUp

AUTHORITY = "authority"
_KINDS: dict[str, type[Check]] = {
    required_data.NAME: RequiredData,
    feasibility.NAME: Feasibility,
    deviations.NAME: Deviations,
    capacity.NAME: Capacity,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a gate looks at: `checks` of one kind, or its matrices (then there are none)."""

    policy: Policy
    gate: Gate
    checks: tuple[Check, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the words by which it decides."""
        read = authority.reads(self.policy, self.gate) if not self.checks else ()
        return tuple(dict.fromkeys((*read, *(name for one in self.checks for name in self._reads(one)))))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return the tests of its rows."""
        return tuple(cell for row in self.rows for cell in row)

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Return its rows, each as its tests; the test of a product first, where there is one."""
        return tuple(self._rows())

    @property
    def capacity(self) -> Capacity | None:
        """Return how it looks at the hours that there are, None where it does not."""
        return next((one for one in self.checks if isinstance(one, Capacity)), None)

    def demand(self, lines: tuple[LineItem, ...]) -> Demand:
        """Return the work that these product lines take."""
        return demand_of(lines_of(self._deal(MadeUp({}, lines)), self.policy, self.policy.currency))

    def answer(self, deal: MadeUp) -> Answer:
        """Return what it says of a deal."""
        policy, facts = self.policy, self._facts(deal)
        findings = checks.run(self._case(deal, facts)) if self.checks else ()
        needs = authority.needs(policy, self.gate, facts, policy.currency, findings)
        return of_part(findings, needs, policy.roles)

    def _facts(self, deal: MadeUp) -> Facts:
        if not deal.lines and not self.checks:
            return deal.values
        computed = {n: v for n, v in deal.values.items() if self._is_computed(n)}
        return {**derive(self._deal(deal), self.policy, deal.today), **computed}

    def _is_computed(self, name: str) -> bool:
        field = self.policy.fields.get(name)
        return field is not None and field.home is Home.DERIVED

    def _deal(self, deal: MadeUp) -> Deal:
        return Deal(
            "made-up", "made up", self.gate.pipeline, self.gate.stage,
            currency=self.policy.currency, values=deal.values, line_items=deal.lines,
        )  # fmt: skip

    def _case(self, deal: MadeUp, facts: Facts) -> Case:
        pipeline = pipeline_of(self.gate, self.policy)
        board = None
        if deal.hours is not None and self.capacity is not None:
            board = board_of(deal.hours, self.capacity, self.policy, deal.today)
        return Case(self.policy, self.gate, self._deal(deal), facts, pipeline, deal.today, board)

    def _reads(self, check: Check) -> Iterator[str]:
        match check:
            case RequiredData():
                yield from (name for one in check.fields for name in (one.field, *one.otherwise))
            case Feasibility():
                yield from (cell.field for row in check.rows for cell in row.cells)
                yield from filter(None, [self.policy.offering.start])
            case Deviations():
                discount = self.policy.vocabulary.discount
                yield from () if discount is None else (discount.name,)
            case _:
                return

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        for name in self.gate.matrices:
            yield from (row.cells for row in self.policy.matrices[name].rows)
        for check in self.checks:
            if isinstance(check, Feasibility):
                yield from (((row.product,) if row.product else ()) + row.cells for row in check.rows)


def parts(policy: Policy, gate: Gate) -> dict[str, Part]:
    """Return what a gate looks at, part by part; a part that it does not have says nothing against a deal."""
    known = policy.checklists[gate.checklist].checks if gate.checklist else ()
    found = {AUTHORITY: Part(policy, replace(gate, checklist=None))}
    for name, kind in _KINDS.items():
        found[name] = _of_checks(policy, gate, tuple(one for one in known if isinstance(one, kind)))
    return found


def _of_checks(policy: Policy, gate: Gate, several: tuple[Check, ...]) -> Part:
    alone = replace(policy, checklists={"alone": Checklist("alone", several)})
    return Part(alone, replace(gate, checklist="alone", matrices=()), several)
