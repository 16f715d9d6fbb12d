"""Evaluate a tree over one save of one record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sandbox.salesforce.formula.functions import FUNCTIONS
from sandbox.salesforce.formula.nodes import FormulaError, Literal, Name, Node, Value
from sandbox.salesforce.formula.values import blank, equal, truth

_RECORD, _PRIOR = "$Record.", "$Record__Prior."


@dataclass(frozen=True, slots=True)
class Save:
    """One save: the record's fields `after` it and `before` it (None: a new record), by API name.

    `globals` holds "$User.Id", "$Setup.Dealgate__c.Off__c" and so on by their full names; what is missing is
    blank, and a permission that is missing is not held. `now` in the time zone of the user.
    `zeroes` are number fields whose blanks read as zero, as formulas may be told to.
    """

    after: Mapping[str, Value]
    before: Mapping[str, Value] | None
    now: datetime
    globals: Mapping[str, Value] = field(default_factory=dict)
    zeroes: frozenset[str] = frozenset()

    def value(self, path: str) -> Value:
        """Return what a name stands for."""
        if path.startswith(_PRIOR):
            return self.prior(path.removeprefix(_PRIOR))
        if path.startswith("$") and not path.startswith(_RECORD):
            return self.globals.get(path, False if path.startswith("$Permission.") else None)
        return self._read(self.after, path)

    def prior(self, path: str) -> Value:
        """Return what a field held before this save; a new record held nothing."""
        return self._read(self.before or {}, path)

    def changed(self, path: str) -> bool:
        """Say whether this save changes a field; in a new record nothing is changed."""
        return self.before is not None and not equal(self.value(path), self.prior(path))

    def _read(self, fields: Mapping[str, Value], path: str) -> Value:
        name = path.removeprefix(_RECORD)
        value = fields.get(name)
        return Decimal(0) if value is None and name in self.zeroes else value


def evaluate(node: Node, save: Save) -> Value:
    """Return the value of a tree; raise FormulaError where the values do not allow one."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return save.value(node.path)
    lazy = _LAZY.get(node.function)
    if lazy is not None:
        return lazy(node.arguments, save)
    function = FUNCTIONS.get(node.function)
    if function is None:
        raise FormulaError(f"Unknown function {node.function}")
    try:
        return function(*(evaluate(argument, save) for argument in node.arguments))
    except (TypeError, ArithmeticError) as error:
        raise FormulaError(f"{node.function}: {error}") from error


Arguments = tuple[Node, ...]


def _and(arguments: Arguments, save: Save) -> Value:
    return all(truth(evaluate(one, save)) for one in arguments)


def _or(arguments: Arguments, save: Save) -> Value:
    return any(truth(evaluate(one, save)) for one in arguments)


def _not(arguments: Arguments, save: Save) -> Value:
    _count("NOT", arguments, 1)
    return not truth(evaluate(arguments[0], save))


def _if(arguments: Arguments, save: Save) -> Value:
    _count("IF", arguments, 3)
    condition, then, other = arguments
    return evaluate(then if truth(evaluate(condition, save)) else other, save)


def _case(arguments: Arguments, save: Save) -> Value:
    if len(arguments) < 4 or len(arguments) % 2:
        raise FormulaError("CASE takes a value, pairs and what holds otherwise")
    value = evaluate(arguments[0], save)
    for option, result in zip(arguments[1:-1:2], arguments[2:-1:2], strict=True):
        if equal(value, evaluate(option, save)):
            return evaluate(result, save)
    return evaluate(arguments[-1], save)


def _blank_value(arguments: Arguments, save: Save) -> Value:
    _count("BLANKVALUE", arguments, 2)
    value = evaluate(arguments[0], save)
    return evaluate(arguments[1], save) if blank(value) else value


def _field(function: str, arguments: Arguments) -> str:
    _count(function, arguments, 1)
    if not isinstance(arguments[0], Name):
        raise FormulaError(f"{function} takes a field")
    return arguments[0].path


def _count(function: str, arguments: Arguments, wanted: int) -> None:
    if len(arguments) != wanted:
        raise FormulaError(f"{function} takes {wanted} values, not {len(arguments)}")


_LAZY: Mapping[str, Callable[[Arguments, Save], Value]] = MappingProxyType(
    {
        "AND": _and,
        "OR": _or,
        "NOT": _not,
        "IF": _if,
        "CASE": _case,
        "BLANKVALUE": _blank_value,
        "NULLVALUE": _blank_value,
        "ISNEW": lambda _, save: save.before is None,
        "ISCHANGED": lambda arguments, save: save.changed(_field("ISCHANGED", arguments)),
        "PRIORVALUE": lambda arguments, save: save.prior(_field("PRIORVALUE", arguments)),
        "TODAY": lambda _, save: save.now.date(),
        "NOW": lambda _, save: save.now,
    }
)
KNOWN = frozenset(_LAZY) | frozenset(FUNCTIONS)
