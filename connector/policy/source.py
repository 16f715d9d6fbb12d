"""A policy file as plain lists and blocks in which every value remembers its line.

Only what a policy needs of YAML is read: every scalar stays the text that was written; anchors, aliases,
tags, duplicate keys, a second document and deep nesting are refused by name.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from connector.policy.misread import unreadable
from connector.policy.problems import PolicyInvalid, Problem, one_of, shown

Path = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"] | None

_LONGEST = 1_000_000
_DEEPEST = 24
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
_QUICK: _Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(slots=True)
class Source:
    """The file's content, the line of every path, and the problems found so far."""

    file: str
    data: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    paths: set[Path] = field(default_factory=set)  # of the problems, and all above them
    unread: set[Path] = field(default_factory=set)

    def where(self, path: Path) -> str:
        """Return file:line of a path."""
        return f"{self.file}:{self.line(path)}"

    def line(self, path: Path) -> int:
        """Return the line of the path, or of the nearest thing around it that is written down."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def problem(self, path: Path, message: str) -> None:
        """Note something to mend; of what could not be read that alone is told."""
        self.paths.update(path[:length] for length in range(len(path) + 1))
        if path in self.unread:
            return
        self.problems.append(Problem(self.file, self.line(path), self.named(path), message))

    def broken(self, path: Path) -> bool:
        """Say whether a problem was noted at or below the path."""
        return path in self.paths

    def at(self, path: Path) -> Plain:
        """Return what is written at a path, None where nothing is."""
        found = self.data
        for step in path:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def texts(self, path: Path) -> tuple[str, ...]:
        """Return the texts written at a path, one alone or in a list, whatever the rest of it is."""
        found = self.at(path)
        return tuple(one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str))

    def names(self, *path: str | int) -> tuple[str, ...]:
        """Return the keys written in a block, whether what they hold is right or not."""
        found = self.at(path)
        return tuple(found) if isinstance(found, dict) else ()

    def refers(self, path: Path, name: str, known: Collection[str], what: str) -> bool:
        """Say whether a name is known; note a problem where it is not."""
        if name in known:
            return True
        self.problem(path, f"found {shown(name)}, which is no {what}; allowed: {one_of(name, known)}")
        return False

    def named(self, path: Path) -> str:
        """Write a path for people; items of a list go by their id where they have one."""
        words = []
        for length, step in enumerate(path):
            item = self.at(path[: length + 1])
            name = item.get("id") if isinstance(step, int) and isinstance(item, dict) else None
            place = str(step + 1) if isinstance(step, int) else step
            words.append(name if isinstance(name, str) and name else place)
        return ".".join(words)


def parse(text: str, file: str) -> Source:
    """Read the text; raise PolicyInvalid where it is not YAML of the allowed kind."""
    if len(text) > _LONGEST:
        _stop(Source(file), 1, f"found {len(text):,} characters; at most {_LONGEST:,} are read")
    try:
        return _Reader(Source(file)).read(text, _QUICK)
    except (yaml.YAMLError, ValueError, OverflowError):
        return _explained(text, Source(file))


def _explained(text: str, source: Source) -> Source:
    """Read with the parser that tells best what is wrong."""
    try:
        return _Reader(source).read(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        _stop(source, line, f"not readable as YAML: {unreadable(error)}")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        _stop(source, 1, f"not readable as YAML: {str(error).splitlines()[0]}")


def _stop(source: Source, line: int, message: str) -> NoReturn:
    raise PolicyInvalid.of([*source.problems, Problem(source.file, line, "", message)])


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.events: Iterator[yaml.Event] = iter(())

    def stop(self, line: int, message: str) -> NoReturn:
        _stop(self.source, line, message)

    def note(self, line: int, message: str) -> None:
        self.source.problems.append(Problem(self.source.file, line, "", message))

    def read(self, text: str, loader: _Loader) -> Source:
        self.events = yaml.parse(text, Loader=loader)
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.stop(_line(event), "found `---`, which begins a second document; a policy is one")
            elif isinstance(event, yaml.NodeEvent):
                self.source.data = self.value(event, ())
        return self.source

    def value(self, event: yaml.Event, path: Path) -> Plain:
        line = _line(event)
        self.source.lines.setdefault(path, line)
        self.refuse_extras(event, line)
        if len(path) > _DEEPEST:
            self.stop(line, f"found blocks nested more than {_DEEPEST} deep")
        if isinstance(event, yaml.MappingStartEvent):
            return self.block(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(path)
        if isinstance(event, yaml.AliasEvent):
            self.source.unread.add(path)
        plain = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        text = event.value if isinstance(event, yaml.ScalarEvent) else ""
        return None if plain and text in _NOTHING else text

    def refuse_extras(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            wanted = "write the value out, or put the text between quotes"
            self.note(line, f"found an anchor or alias (& or *); {wanted}")
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            self.note(line, f"found the tag {tag}; tags are not allowed")

    def items(self, path: Path) -> Plain:
        found: list[Plain] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, (*path, len(found))))
        return found

    def block(self, path: Path) -> Plain:
        found: dict[str, Plain] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self.key(event), _line(event)
            place = (*path, key)
            if key in found:
                message = f"found twice, first in line {self.source.lines[place]}; each key stands once"
                self.source.problems.append(
                    Problem(self.source.file, line, self.source.named(place), message)
                )
            self.source.lines[place] = line
            found[key] = self.value(next(self.events), place)
        return found

    def key(self, event: yaml.Event) -> str:
        line = _line(event)
        self.refuse_extras(event, line)
        if not isinstance(event, yaml.ScalarEvent):
            self.stop(line, "found a list or block as a key; a key is a word")
        return str(event.value)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
