"""Formulas of a package: read once, and every name in them looked up."""

from sandbox.salesforce.formula import Formula, FormulaError, compiled
from sandbox.salesforce.org import Org
from sandbox.salesforce.package.metadata import DeployError, Node

_RECORD = "$Record."
_KNOWN = ("$User.", "$Profile.", "$Organization.", "$Flow.", "$Permission.")


def formula_of(org: Org, node: Node, text: str, sobject: str) -> Formula:
    """Return the formula; refuse one that cannot be read or names what is not there."""
    try:
        formula = compiled(text)
    except FormulaError as error:
        raise DeployError(node.path, f"the formula is wrong: {error}") from error
    for name in sorted(formula.names):
        if not _there(org, name, sobject):
            raise DeployError(node.path, f"the formula names {name}, which is not there")
    return formula


def _there(org: Org, name: str, sobject: str) -> bool:
    if name.startswith("$Setup."):
        _, owner, field = name.split(".", 2)
        setting = org.schema.find(owner)
        return setting is not None and setting.setting and setting.find(field) is not None
    if name.startswith(_KNOWN):
        return True
    plain = name.removeprefix("$Record__Prior.").removeprefix(_RECORD)
    return org.schema.get(sobject).find(plain) is not None
