"""docs/dependencies.md gives a reason for each dependency, and each has the bounds that it says."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UNBOUNDED = {"gunicorn", "structlog"}


def names(requirements: list[str]) -> dict[str, str]:
    """Return the bounds by name."""
    found = [re.fullmatch(r"([\w.-]+)(?:\[\w+\])?(.*)", one) for one in requirements]
    return {one[1]: one[2] for one in found if one}


def test_every_dependency_has_its_row_and_every_row_its_dependency() -> None:
    told = re.findall(r"^\| ([\w-]+) [^|]*\|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(["package", *names(PROJECT["dependencies"])])


def test_bounds_are_as_the_page_says() -> None:
    bounds = names(PROJECT["dependencies"])
    assert all(">=" in bound or "==" in bound for bound in bounds.values())
    assert {name for name, bound in bounds.items() if "<" not in bound and "==" not in bound} == UNBOUNDED
    assert all(name in PAGE.partition("| package |")[0] for name in UNBOUNDED)


def test_every_tool_of_development_is_named() -> None:
    prose = PAGE.partition("For development:")[2]
    assert {name for name in names(PROJECT["optional-dependencies"]["dev"]) if name not in prose} == set()


def test_every_tool_of_node_is_named_at_least_by_its_family() -> None:
    prose = PAGE.partition("For development:")[2]
    families = {"@types": "react", "@salesforce": "eslint configurations", "@lwc": "LWC"}
    for package in ("", "lwc/", "hubspot/"):
        text = (ROOT / f"tests-crm/{package}package.json").read_text(encoding="utf-8")
        for name in json.loads(text)["devDependencies"]:
            scope, _, short = name.rpartition("/")
            known = short in prose or families.get(scope, "-") in prose or scope.strip("@") in prose
            assert known or ("plugins" in prose and short.startswith("eslint-plugin")), name
