"""Formulas of a package: read once, and every name in them looked up."""

from sandbox.salesforce.formula import Formula, FormulaError, compiled
from sandbox.salesforce.org import Org
from sandbox.salesforce.package.metadata import DeployError, Node

_RECORD, _PRIOR = "$Record.", "$Record__Prior."
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
    return formula.spelled(lambda name: own_name(org, name, sobject))


def own_name(org: Org, name: str, sobject: str) -> str:
    """Return a name as the org spells it: in Salesforce case does not matter, in our records it does."""
    for start in (_PRIOR, _RECORD, "" if not name.startswith("$") else name):
        if name.startswith(start):
            found = org.schema.get(sobject).find(name.removeprefix(start))
            return f"{start}{found.name}" if found else name
    return name


def _there(org: Org, name: str, sobject: str) -> bool:
    if name.startswith("$Setup."):
        _, owner, field = name.split(".", 2)
        setting = org.schema.find(owner)
        return setting is not None and setting.setting and setting.find(field) is not None
    if name.startswith(_KNOWN):
        return True
    plain = name.removeprefix(_PRIOR).removeprefix(_RECORD)
    return org.schema.get(sobject).find(plain) is not None
