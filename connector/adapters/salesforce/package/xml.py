"""Write metadata files: elements with text or children, indented by four spaces as Salesforce writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"


@dataclass(frozen=True, slots=True)
class Element:
    """One element; `raw` text (a formula) stands in CDATA, so that it reads in a diff as it does in Setup."""

    tag: str
    text: str = ""
    children: tuple["Element", ...] = ()
    raw: bool = False
    attribute: tuple[str, str] | None = None

    @property
    def opening(self) -> str:
        """Return what stands between the angle brackets at its start."""
        return self.tag if self.attribute is None else '{} {}="{}"'.format(self.tag, *self.attribute)


Content = str | bool | int | Iterable[Element]


def element(tag: str, content: Content) -> Element:
    """Make an element of a text, a truth, a number or its children."""
    if isinstance(content, bool):
        return Element(tag, "true" if content else "false")
    if isinstance(content, str | int):
        return Element(tag, str(content))
    return Element(tag, children=tuple(content))


def formula(tag: str, text: str) -> Element:
    """Make an element that holds a formula."""
    return Element(tag, text, raw=True)


def document(root: str, children: Iterable[Element]) -> str:
    """Return the text of a metadata file."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    for child in children:
        lines.extend(_lines(child, 1))
    return "\n".join([*lines, f"</{root}>", ""])


def _lines(one: Element, depth: int) -> Iterable[str]:
    indent = "    " * depth
    if not one.children:
        # "]]>" would end the section early; no formula of ours needs it
        text = f"<![CDATA[{one.text}]]>" if one.raw else escape(one.text)
        yield f"{indent}<{one.opening}>{text}</{one.tag}>"
        return
    yield f"{indent}<{one.opening}>"
    for child in one.children:
        yield from _lines(child, depth + 1)
    yield f"{indent}</{one.tag}>"
