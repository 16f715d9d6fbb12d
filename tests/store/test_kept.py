"""What earlier versions kept is read by this one: `tests/store/kept` holds their rows, a file for each day on
which the form of a record changed. Add one before a change that old rows might not survive."""

import json
from pathlib import Path

import pytest

from connector.inputs import Inputs
from connector.standing import Answer, Clearance, Signoff
from connector.store.encode import decode, encode
from connector.verdicts import Verdict

KEPT = sorted((Path(__file__).parent / "kept").glob("*.json"))
KINDS = {kind.__name__: kind for kind in (Verdict, Inputs, Signoff, Clearance, Answer)}


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_an_earlier_version_kept_is_read_after_the_upgrade(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert "Verdict" in kept
    for name, bodies in kept.items():
        assert bodies
        for body in bodies:
            record = decode(KINDS[name], json.dumps(body))
            assert decode(KINDS[name], encode(record)) == record


def test_a_member_and_an_optional_word_that_are_gone_are_left_out() -> None:
    kept = json.loads(KEPT[-1].read_text(encoding="utf-8"))["Verdict"][0]
    gates = [{**gate, "why_clear": "in the words of then"} for gate in kept["gates"]]
    verdict = decode(Verdict, json.dumps({**kept, "gates": gates, "weather": "fine"}))
    assert {gate.why_clear for gate in verdict.gates} == {None}
