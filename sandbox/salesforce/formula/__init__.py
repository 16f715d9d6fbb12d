"""Salesforce formulas: enough of them to enforce validation rules and flow conditions on every save."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.formula.evaluate import KNOWN, Save, evaluate
from sandbox.salesforce.formula.nodes import FormulaError, Node, Value, functions, names, renamed
from sandbox.salesforce.formula.parse import parse
from sandbox.salesforce.formula.values import truth

__all__ = ["Formula", "FormulaError", "Save", "Value", "compiled"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read once. `names` are the fields and globals it needs."""

    tree: Node
    names: frozenset[str]

    def value(self, save: Save) -> Value:
        """Return what the formula gives for one save; raise FormulaError where it gives nothing."""
        return evaluate(self.tree, save)

    def spelled(self, name: Callable[[str], str]) -> "Formula":
        """Return the formula with every name as `name` writes it."""
        tree = renamed(self.tree, name)
        return Formula(tree, frozenset(names(tree)))

    def holds(self, save: Save) -> bool:
        """Return the answer of a condition."""
        return truth(self.value(save))


def compiled(text: str) -> Formula:
    """Read a formula; raise FormulaError for what is no formula, or a function that is not known here."""
    tree = parse(text)
    unknown = sorted(frozenset(functions(tree)) - KNOWN)
    if unknown:
        raise FormulaError(f"Unknown function {unknown[0]}")
    return Formula(tree, frozenset(names(tree)))
