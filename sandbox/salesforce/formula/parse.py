"""Read a formula: text -> tree, by precedence climbing."""

import re
from dataclasses import dataclass
from decimal import Decimal

from sandbox.salesforce.formula.nodes import Call, FormulaError, Literal, Name, Node

_TOKEN = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/)
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<name>\{!\$?[A-Za-z][\w.]*\}|\$?[A-Za-z][\w.]*)
    |(?P<sign><>|!=|==|<=|>=|&&|\|\||[-+*/^&=<>!(),])""",
    re.VERBOSE | re.DOTALL,
)
_SAME = {"==": "=", "!=": "<>", "&&": "AND", "||": "OR"}
_BINDING = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("=", "==", "<>", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("&", "+", "-"), 5),
    **dict.fromkeys(("*", "/"), 6),
    "^": 7,
}
_UNARY = 8
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """Return the tree of a formula; raise FormulaError with the place of what cannot be read."""
    reader = _Reader(_tokens(text))
    tree = reader.expression(0)
    reader.expect("end", "")
    return tree


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise FormulaError(f"Character {at + 1}: {text[at]!r} is not part of a formula")
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup, match.group(), at))
        at = match.end()
    return [*found, _Token("end", "", at)]


class _Reader:
    """A cursor over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def expression(self, binding: int) -> Node:
        """Read an operand and every operator behind it that binds more tightly."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FormulaError("The formula is nested too deeply")
        left = self._operand()
        while _BINDING.get(self._sign(), 0) > binding:
            sign = self._next().text
            right = self.expression(_BINDING[sign])
            left = Call(_SAME.get(sign, sign), (left, right))
        self._depth -= 1
        return left

    def expect(self, kind: str, text: str) -> _Token:
        """Take the next token, which must be this one."""
        token = self._next()
        if (token.kind, token.text) != (kind, text):
            raise FormulaError(
                f"Character {token.at + 1}: expected {text or 'the end'!r}, found {token.text!r}"
            )
        return token

    def _operand(self) -> Node:
        token = self._next()
        if token.kind == "number":
            return Literal(Decimal(token.text))
        if token.kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL))
        if token.kind == "name":
            return self._named(token.text)
        if token.text == "(":
            inside = self.expression(0)
            self.expect("sign", ")")
            return inside
        if token.text in {"-", "!", "+"}:
            return _unary(token.text, self.expression(_UNARY))
        raise FormulaError(f"Character {token.at + 1}: {token.text or 'the end'!r} does not start a value")

    def _named(self, text: str) -> Node:
        word = text.removeprefix("{!").removesuffix("}")
        if self._sign() == "(" and not text.startswith(("$", "{")):
            self._next()
            return Call(word.upper(), self._arguments())
        if word.upper() in _CONSTANTS:
            return Literal(_CONSTANTS[word.upper()])
        return Name(word)

    def _arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._sign() != ")":
            if found:
                self.expect("sign", ",")
            found.append(self.expression(0))
        self._next()
        return tuple(found)

    def _sign(self) -> str:
        token = self._tokens[self._at]
        return token.text if token.kind == "sign" else ""

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token


def _unary(sign: str, operand: Node) -> Node:
    if sign == "!":
        return Call("NOT", (operand,))
    return operand if sign == "+" else Call("-", (Literal(Decimal(0)), operand))
