"""The intake checks: one pure file each, deal and facts in, findings out.

A fifth check is twenty lines: its record in `connector.policy.model.Check`, its schema in
`connector.policy.schemas`, one file here with `check(spec, ...) -> tuple[Finding, ...]`, one case below.
"""

from collections.abc import Mapping
from typing import assert_never

from connector.checks import deviations, required_data
from connector.deals import Deal, Value
from connector.policy.model import Check, Deviations, Gate, Policy, RequiredData
from connector.verdicts import Finding


def run(policy: Policy, gate: Gate, deal: Deal, facts: Mapping[str, Value]) -> tuple[Finding, ...]:
    """Return the findings of the gate's checklist, in its order. `facts` comes from `derived.derive`."""
    if gate.checklist is None:
        return ()
    checks = policy.checklists[gate.checklist].checks
    return tuple(finding for spec in checks for finding in _one(spec, policy, deal, facts))


def _one(spec: Check, policy: Policy, deal: Deal, facts: Mapping[str, Value]) -> tuple[Finding, ...]:
    match spec:
        case RequiredData():
            return required_data.check(spec, policy, deal, facts)
        case Deviations():
            return deviations.check(spec, policy, deal, facts)
        case _:
            assert_never(spec)
