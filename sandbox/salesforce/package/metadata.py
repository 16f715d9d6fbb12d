"""Metadata files as trees without namespaces, and what cannot be deployed."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

_NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


class DeployError(Exception):
    """A package that an org would not take. The message names the file."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


class Node:
    """One element: its own text, its children by name."""

    def __init__(self, path: Path, element: ElementTree.Element) -> None:
        self.path = path
        self._element = element

    @property
    def kind(self) -> str:
        return self._element.tag.removeprefix(_NAMESPACE)

    @property
    def own(self) -> str:
        return (self._element.text or "").strip()

    def text(self, name: str, default: str = "") -> str:
        """Return the text of a child; `a/b` goes deeper."""
        found = self._element.findtext(_qualified(name))
        return default if found is None else found.strip()

    def needed(self, name: str) -> str:
        """Return the text of a child that must be there."""
        found = self.text(name)
        if not found:
            raise DeployError(self.path, f"<{self.kind}> needs <{name}>")
        return found

    def number(self, name: str, default: int = 0) -> int:
        found = self.text(name, str(default))
        if not found.isdecimal():
            raise DeployError(self.path, f"<{name}> is no number: {found}")
        return int(found)

    def says(self, name: str) -> bool:
        return self.text(name) == "true"

    def has(self, name: str) -> bool:
        return self._element.find(_qualified(name)) is not None

    def all(self, name: str) -> Iterator["Node"]:
        return (Node(self.path, one) for one in self._element.findall(_qualified(name)))

    def child(self, name: str) -> "Node":
        """Return a child that must be there."""
        found = next(self.all(name), None)
        if found is None:
            raise DeployError(self.path, f"<{self.kind}> needs <{name}>")
        return found


def read(path: Path, kind: str) -> Node:
    """Return the root of a file, which must be of that kind."""
    try:
        root = ElementTree.parse(path).getroot()  # noqa: S314 - source of our own repository
    except ElementTree.ParseError as error:
        raise DeployError(path, f"no XML: {error}") from error
    node = Node(path, root)
    if node.kind != kind or not root.tag.startswith(_NAMESPACE):
        raise DeployError(path, f"is no <{kind}>")
    return node


def every(folder: Path, suffix: str, kind: str) -> Iterator[Node]:
    """Yield the roots of all files of a kind below a folder, in the order of their paths."""
    return (read(path, kind) for path in sorted(folder.rglob(f"*.{suffix}-meta.xml")))


def _qualified(name: str) -> str:
    return "/".join(_NAMESPACE + part for part in name.split("/"))
