"""Read the truth tables of docs/rules.md."""

from pathlib import Path

RULES = Path(__file__).parents[2] / "docs" / "rules.md"


def table(title: str) -> list[dict[str, str]]:
    """Return the rows under this heading as dictionaries; `-` stays as it is."""
    section = RULES.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, cells, strict=True)) for cells in body]


def named(row: dict[str, str]) -> str:
    """Name a test after its row."""
    return " | ".join(row.values())


def titles() -> list[str]:
    """Return the headings of all tables."""
    text = RULES.read_text(encoding="utf-8")
    return [part.splitlines()[0] for part in text.split("\n## ")[1:]]
