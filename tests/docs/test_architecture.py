"""docs/architecture.md: every room is on it, every file and function that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
TABLE, STORY = PAGE.partition("## The life of one stage change")[::2]
PLACES = (ROOT, ROOT / "connector")
_PATH = re.compile(r"`([\w./-]+(?:/|\.py|\.toml))`")


def test_every_file_and_folder_that_the_page_names_exists() -> None:
    named = set(_PATH.findall(PAGE))
    assert len(named) > 50
    assert [one for one in named if not any((place / one).exists() for place in PLACES)] == []


def test_every_function_that_the_page_names_is_in_a_file_of_its_step() -> None:
    named = 0
    for step in re.split(r"^\d\. ", STORY, flags=re.MULTILINE)[1:]:
        files = [next(p / one for p in PLACES if (p / one).exists()) for one in _PATH.findall(step)]
        code = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix == ".py")
        code += (ROOT / "connector/adapters/base.py").read_text(encoding="utf-8")
        names = set(re.findall(r"`(\w+)\(\)`", step))
        assert {name for name in names if f"def {name}(" not in code} == set(), step
        named += len(names)
    assert named > 12


def test_every_room_is_in_the_table() -> None:
    told = set(_PATH.findall(TABLE))
    rooms = {
        entry.name if entry.suffix == ".py" else f"{entry.name}/"
        for entry in (ROOT / "connector").iterdir()
        if not entry.name.startswith("__") and (entry.suffix == ".py" or (entry / "__init__.py").exists())
    }
    lacking = {room for room in rooms if not {room, f"connector/{room}"} & told}
    assert lacking == set()
