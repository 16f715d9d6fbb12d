"""A formula as a tree. Operators are calls: `A & B` is a call of "&"."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = None | bool | Decimal | str | date  # a moment is a datetime, which is a date


class FormulaError(ValueError):
    """The formula cannot be read, or asks for what its values do not allow."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A field or a global: "StageName", "$Setup.Dealgate__c.Off__c", "$Record.Amount"."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Literal | Name | Call


def names(node: Node) -> Iterator[str]:
    """Yield every name in the tree, with repetitions."""
    if isinstance(node, Name):
        yield node.path
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from names(argument)


def functions(node: Node) -> Iterator[str]:
    """Yield every function and operator in the tree, with repetitions."""
    if isinstance(node, Call):
        yield node.function
        for argument in node.arguments:
            yield from functions(argument)


def renamed(node: Node, name: Callable[[str], str]) -> Node:
    """Return the tree with every name replaced."""
    if isinstance(node, Name):
        return Name(name(node.path))
    if isinstance(node, Call):
        return Call(node.function, tuple(renamed(argument, name) for argument in node.arguments))
    return node
