"""The mutants of a room: one small change of one function each, as mutmut's operators make them."""

import __future__

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from types import CodeType, FunctionType

import libcst as cst
from mutmut.mutation.file_mutation import Mutation, create_mutations

# mutmut leaves what is decorated alone, since it replaces whole functions; a body may change everywhere
_DECORATED = re.compile(r"^( *)@(dataclass|property|classmethod|staticmethod)\b.*$", re.MULTILINE)
_LATE = __future__.annotations.compiler_flag


@dataclass(frozen=True, slots=True)
class Mutant:
    """`function` of a file, and the source that it gets instead; its body is lines `first` to `last`."""

    name: str
    file: str
    function: str
    first: int
    last: int
    was: str
    source: str

    @property
    def difference(self) -> str:
        """Show the change."""
        lines = unified_diff(self.was.splitlines(), self.source.splitlines(), lineterm="", n=1)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++")))

    def apply(self) -> None:
        """Change the function where it is, for everybody who holds it."""
        made: dict[str, object] = {}
        around = dict(vars(importlib.import_module(_module(self.file))))
        exec(compile(self.source, self.file, "exec", _LATE), around, made)
        (changed,) = made.values()
        assert isinstance(changed, FunctionType)
        target = _found(self.file, self.function)
        target.__code__, target.__defaults__ = changed.__code__, changed.__defaults__
        target.__kwdefaults__ = changed.__kwdefaults__


@dataclass(frozen=True, slots=True)
class Draft:
    """A mutant that is not written yet: there are many, and a sample needs few."""

    name: str
    file: str
    function: str
    lines: tuple[int, int]
    module: cst.Module
    inside: cst.FunctionDef
    change: Mutation

    def made(self) -> Mutant | None:
        """Write it; None where the change makes no Python, or no difference."""
        after = self.inside.deep_replace(self.change.original_node, self.change.mutated_node)
        assert isinstance(after, cst.FunctionDef)
        was, source = _alone(self.module, self.inside), _alone(self.module, after)
        try:
            same = _code(was) == _code(source)
        except SyntaxError:
            return None
        return None if same else Mutant(self.name, self.file, self.function, *self.lines, was, source)


def drafts(file: Path) -> Iterator[Draft]:
    """Yield every change of a file; functions that close over their class are left out."""
    text = _DECORATED.sub(r"\1# decorated", file.read_text(encoding="utf-8"))
    module, mutations, _, _ = create_mutations(str(file), text)
    lines, names = _lines(text), dict(_functions(module))
    counted: dict[str, int] = {}
    for one in mutations:
        inside = one.contained_by_top_level_function
        if not isinstance(inside, cst.FunctionDef) or _found(str(file), names[inside]).__code__.co_freevars:
            continue
        name = names[inside]
        counted[name] = counted.get(name, 0) + 1
        yield Draft(f"{file}:{name}:{counted[name]}", str(file), name, lines[name], module, inside, one)


def _found(file: str, function: str) -> FunctionType:
    """Return the function as it is imported."""
    *owners, name = function.split(".")
    owner: object = importlib.import_module(_module(file))
    for one in owners:
        owner = getattr(owner, one)
    held = vars(owner)[name]
    held = getattr(held, "fget", None) or getattr(held, "__func__", None) or held
    assert isinstance(held, FunctionType), function
    return held


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _functions(module: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for one in module.body:
        if isinstance(one, cst.FunctionDef):
            yield one, one.name.value
        for inner in one.body.body if isinstance(one, cst.ClassDef) else ():
            if isinstance(inner, cst.FunctionDef) and isinstance(one, cst.ClassDef):
                yield inner, f"{one.name.value}.{inner.name.value}"


def _lines(text: str) -> dict[str, tuple[int, int]]:
    """Return the first and last line of each function's body."""
    tree = ast.parse(text)
    owned = [("", one) for one in tree.body]
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    owned += [(f"{one.name}.", inner) for one in classes for inner in one.body]
    return {
        owner + one.name: (one.body[0].lineno, one.end_lineno or one.lineno)
        for owner, one in owned
        if isinstance(one, ast.FunctionDef)
    }


def _alone(module: cst.Module, function: cst.FunctionDef) -> str:
    bare = function.with_changes(leading_lines=[], lines_after_decorators=[], decorators=[])
    return module.code_for_node(bare)


def _code(source: str) -> CodeType:
    code = compile(source, "", "exec", _LATE)
    assert isinstance(code, CodeType)
    return code
