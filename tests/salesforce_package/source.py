"""Read what was rendered: the same files that Salesforce gets."""

from collections.abc import Mapping
from xml.etree import ElementTree

ROOT = "force-app/main/default"
_NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


def tree(package: Mapping[str, str], path: str) -> ElementTree.Element:
    """Parse one file below the source folder."""
    return ElementTree.fromstring(package[f"{ROOT}/{path}"])


def text(element: ElementTree.Element, tag: str) -> str:
    """Return the text of the one element with this tag, however deep."""
    (found,) = texts(element, tag)
    return found


def texts(element: ElementTree.Element, tag: str) -> list[str]:
    """Return the texts of every element with this tag, however deep."""
    return [one.text or "" for one in element.iter(f"{_NAMESPACE}{tag}")]


def children(element: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    """Return the children with this tag."""
    return element.findall(f"{_NAMESPACE}{tag}")


def rule(package: Mapping[str, str], object_name: str, name: str) -> str:
    """Return the formula of a validation rule."""
    path = f"objects/{object_name}/validationRules/{name}.validationRule-meta.xml"
    return text(tree(package, path), "errorConditionFormula")


def condition(package: Mapping[str, str], flow: str) -> str:
    """Return the formula by which a flow starts."""
    return text(tree(package, f"flows/{flow}.flow-meta.xml"), "filterFormula")
