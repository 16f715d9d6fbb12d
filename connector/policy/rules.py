"""Build the gates. Whatever they name must exist."""

from collections.abc import Iterable, Mapping

from connector.policy.model import Ask, Field, FieldType, Gate, Mode, Scope, Switch
from connector.policy.problems import one_of, shown
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source

_SCOPED = frozenset({FieldType.ENUM, FieldType.TEXT})


def gates(source: Source, loaded: Iterable[Loaded | None], fields: Mapping[str, Field]) -> tuple[Gate, ...]:
    """Return the gates in the file's order; each id stands once."""
    found: dict[str, Gate] = {}
    for place, given in enumerate(loaded):
        path: Path = ("gates", place)
        _check_gate(source, path, given or {}, fields)
        if source.broken(path) or given is None:
            continue
        gate = _gate(given, source.where(path))
        if gate.id in found:
            source.problem(
                (*path, "id"), f'found "{gate.id}" again; it is the gate of {found[gate.id].where}'
            )
        found[gate.id] = gate
    return tuple(found.values())


def _check_gate(source: Source, path: Path, given: Loaded, fields: Mapping[str, Field]) -> None:
    checklist = given.get("checklist")
    if checklist is not None:
        source.refers((*path, "checklist"), checklist, source.names("checklists"), "checklist of this policy")
    for name in source.texts((*path, "authority")):
        source.refers(
            (*path, "authority"), name, source.names("authority"), "authority matrix of this policy"
        )
    if not {"checklist", "authority"} & set(source.names(*path)):
        source.problem(path, "checks nothing; needed: checklist, authority or both")
    mode = given.get("mode", Mode.BLOCK)
    switches = [one for one in given.get("switch", ()) if one] if not source.broken((*path, "switch")) else []
    _check_switches(source, (*path, "switch"), mode, switches)
    if given.get("move_back") and Mode.BLOCK not in {mode, *(one["mode"] for one in switches)}:
        source.problem((*path, "move-back"), f"found true in mode {mode}; only mode block moves deals back")
    if not source.broken((*path, "scope")):
        _check_scope(source, (*path, "scope"), given.get("scope", {}), fields)


def _check_switches(source: Source, path: Path, mode: str, switches: list[Loaded]) -> None:
    for place, one in enumerate(switches):
        before = switches[place - 1] if place else {"mode": mode}
        if one["mode"] == before["mode"]:
            source.problem((*path, place, "mode"), f"found {one['mode']}, which the gate is in already")
        if place and one["on"] <= before["on"]:
            source.problem((*path, place, "on"), f"found {one['on']}; allowed: a day after {before['on']}")


def _gate(given: Loaded, where: str) -> Gate:
    scope = given.get("scope", {})
    return Gate(
        id=given["id"],
        pipeline=given["pipeline"],
        stage=given["stage"],
        mode=Mode(given["mode"]),
        checklist=given.get("checklist"),
        matrices=tuple(dict.fromkeys(given.get("authority", ()))),
        scope=Scope(tuple((name, frozenset(words)) for name, words in scope.items())),
        since=given.get("since"),
        ask=frozenset(Ask(word) for word in given.get("ask", Ask)),
        move_back=given.get("move_back", False),
        where=where,
        switches=tuple(Switch(Mode(one["mode"]), one["on"]) for one in given.get("switch", ())),
    )


def _check_scope(
    source: Source, path: Path, given: Mapping[str, list[str]], fields: Mapping[str, Field]
) -> None:
    known = fields.keys() | set(source.names("fields"))
    for name, words in given.items():
        place: Path = (*path, name)
        if not source.refers(place, name, sorted(known), "field of this policy") or name not in fields:
            continue
        if fields[name].type not in _SCOPED:
            source.problem(place, f"found a field of type {fields[name].type}; allowed: enum or text")
        options = fields[name].options
        for word in words:
            if options and word not in options:
                source.problem(place, f"found {shown(word)}; allowed: {one_of(word, options)}")
