"""Validation rules and formula fields of a package."""

from pathlib import Path

from sandbox.salesforce.drafts import Draft
from sandbox.salesforce.formula import Formula, compiled
from sandbox.salesforce.org import Org
from sandbox.salesforce.package import metadata
from sandbox.salesforce.package.formulas import formula_of, own_name
from sandbox.salesforce.package.metadata import Node
from sandbox.salesforce.rules import Rule
from sandbox.salesforce.scope import holds


def rules_of(org: Org, folder: Path) -> list[Rule]:
    """Return the active rules, ready to be asked."""
    nodes = metadata.every(folder, "validationRule", "ValidationRule")
    return [_rule(org, node) for node in nodes if node.says("active")]


def customer_rule(org: Org, sobject: str, formula: str, message: str, field: str) -> Rule:
    """Return a rule that comes from no package; FormulaError where its formula cannot be read."""
    read = compiled(formula).spelled(lambda name: own_name(org, name, sobject))
    name = f"Customer_{len(org.rules) + 1}"
    return Rule(name, sobject, message, lambda draft: refuses(org, read, draft), field)


def _rule(org: Org, node: Node) -> Rule:
    sobject = node.path.parent.parent.name
    formula = formula_of(org, node, node.needed("errorConditionFormula"), sobject)
    return Rule(
        node.needed("fullName"),
        sobject,
        node.needed("errorMessage"),
        lambda draft: refuses(org, formula, draft),
        node.text("errorDisplayField"),
    )


def refuses(org: Org, formula: Formula, draft: Draft) -> bool:
    """Say whether a formula that is true where a save is wrong is true of this one."""
    before = draft.before.values if draft.before else None
    return holds(org, formula, {**(before or {}), **draft.changes}, before, draft.user)


def computed_of(org: Org, folder: Path) -> dict[str, list[tuple[str, Formula]]]:
    """Return the formula fields of each object, without those that ask who looks: they are kept nowhere."""
    found: dict[str, list[tuple[str, Formula]]] = {}
    for node in metadata.every(folder, "field", "CustomField"):
        if node.text("formula"):
            owner = node.path.parent.parent.name
            sobject = "Task" if owner == "Activity" else owner
            formula = formula_of(org, node, node.text("formula"), sobject)
            if any(name.startswith("$") for name in formula.names):
                continue
            found.setdefault(sobject, []).append((node.needed("fullName"), formula))
    return found
