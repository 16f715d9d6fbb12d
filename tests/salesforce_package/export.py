"""Write what the node checks need: `python -m tests.salesforce_package.export FOLDER`.

The package as committed and as rendered for a policy in an org with everything on, and the truth table of the
gate's rule with the names as a formula engine without ISCHANGED and PRIORVALUE knows them.
"""

import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from connector.adapters.salesforce.package import write
from sandbox.salesforce.formula import Save, Value, compiled
from tests.salesforce_package import queries, source, truth, world

_PICKLISTS = ("StageName", "Region__c")
_TYPES = {bool: "checkbox", datetime: "datetime", date: "date", Decimal: "number", str: "text"}


def main(folder: Path) -> None:
    """Write packages and truth table below the folder."""
    for name, package in (("policy", world.package()), ("everything", world.package(world.EVERYTHING_ON))):
        write(folder / name, package)
    table = gate_table(source.rule(world.package(), "Opportunity", "Ops_Gate"), datetime.now(UTC))
    (folder / "queries.json").write_text(json.dumps(queries.sent()), encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(table), encoding="utf-8")


def gate_table(formula: str, now: datetime) -> dict[str, object]:
    """Return the formula with plain names, and the rows of the truth table for another engine: it takes 50 ms
    a row, knows no ISNEW and no arithmetic with blanks, so it sees at most two oddities at a time."""
    names = compiled(formula).names
    plain = re.sub(r"(PRIORVALUE|ISCHANGED)\((\w+)\)", lambda match: _plain(*match.groups()), formula)
    rows: dict[str, bool] = {}
    for one in truth.situations(2):
        if one.stage == "new" or one.beat == "never-open":
            continue
        values = json.dumps(_values(truth.save(one, now), names), sort_keys=True)
        expected = truth.refused(one)
        if rows.setdefault(values, expected) != expected:
            raise AssertionError(f"The table contradicts itself: {one}")
    return {"formula": plain, "rows": [{"values": json.loads(key), "refused": rows[key]} for key in rows]}


def _plain(function: str, name: str) -> str:
    return f"{'Prior' if function == 'PRIORVALUE' else 'Changed'}_{name}"


def _values(save: Save, names: frozenset[str]) -> Mapping[str, list[object]]:
    found: dict[str, list[object]] = {}
    for name in names:
        picklist = name in _PICKLISTS
        found[name] = _typed(save.value(name), picklist=picklist)
        if not name.startswith("$"):
            found[f"Prior_{name}"] = _typed(save.prior(name), picklist=picklist)
            found[f"Changed_{name}"] = _typed(save.changed(name))
    # what was done to our own fields in this save is not looked at: such rows are one row
    return {name: value for name, value in found.items() if not name.startswith(("Ops_", "Changed_Ops_"))}


def _typed(value: Value, *, picklist: bool = False) -> list[object]:
    if value is None:
        return ["null", None]
    if picklist:
        return ["picklist", value]
    kind = next(name for type_, name in _TYPES.items() if isinstance(value, type_))
    if isinstance(value, Decimal):
        return [kind, float(value)]
    return [kind, value.isoformat() if isinstance(value, date) else value]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
