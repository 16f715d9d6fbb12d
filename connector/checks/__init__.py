"""The intake checks: one pure file each, deal and facts in, findings out.

A fifth check is one file of twenty lines here, with `check(spec, case)`: docs/checks.md.
"""

from typing import assert_never

from connector.checks import capacity, deviations, feasibility, required_data
from connector.checks.case import Case
from connector.policy.model import Capacity, Check, Deviations, Feasibility, RequiredData
from connector.verdicts import Finding


def run(case: Case) -> tuple[Finding, ...]:
    """Return the findings of the gate's checklist, in its order."""
    if case.gate.checklist is None:
        return ()
    checks = case.policy.checklists[case.gate.checklist].checks
    return tuple([finding for spec in checks for finding in _one(spec, case)])


def _one(spec: Check, case: Case) -> tuple[Finding, ...]:
    match spec:
        case RequiredData():
            return required_data.check(spec, case)
        case Feasibility():
            return feasibility.check(spec, case)
        case Capacity():
            return capacity.check(spec, case)
        case Deviations():
            return deviations.check(spec, case)
        case _:
            assert_never(spec)
