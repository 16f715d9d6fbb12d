"""Build the rules: checklists and gates. Whatever they name must exist."""

from collections.abc import Iterable, Mapping

from connector.policy.model import (
    Ask,
    Check,
    Checklist,
    Deviations,
    Field,
    FieldType,
    Gate,
    Home,
    Mode,
    RequiredData,
    RequiredField,
    Role,
    Scope,
)
from connector.policy.problems import one_of, shown
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source

_SCOPED = frozenset({FieldType.ENUM, FieldType.TEXT})


def checklists(
    source: Source,
    loaded: Mapping[str, list[Loaded]],
    fields: Mapping[str, Field],
    roles: Mapping[str, Role],
) -> dict[str, Checklist]:
    """Return the checklists by id."""
    found: dict[str, Checklist] = {}
    for name, given in loaded.items():
        path: Path = ("checklists", name)
        sound = [
            (place, one) for place, one in enumerate(given or ()) if one and not source.broken((*path, place))
        ]
        checks = tuple(_check(source, (*path, place), one, fields, roles) for place, one in sound)
        kinds = [one["kind"] for _, one in sound]
        for index, (place, one) in enumerate(sound):
            if one["kind"] in kinds[:index]:
                source.problem(
                    (*path, place), f"found {one['kind']} twice; a check stands once in a checklist"
                )
        found[name] = Checklist(name, checks)
    return found


def _check(
    source: Source, path: Path, given: Loaded, fields: Mapping[str, Field], roles: Mapping[str, Role]
) -> Check:
    kind = given["kind"]
    identity = f"{path[1]}.{kind}"
    if kind == "deviations":
        return Deviations(identity, source.where(path))
    role = given.get("unknown_goes_to")
    if role is not None:
        known = roles.keys() | set(source.names("roles"))
        source.refers((*path, kind, "unknown-goes-to"), role, sorted(known), "role of this policy")
    inner: Path = (*path, kind, "fields")
    wanted = tuple(
        _required(source, (*inner, place), one, fields, role)
        for place, one in enumerate(given["fields_wanted"])
    )
    names = [one.field for one in wanted]
    for place, name in enumerate(names):
        if name in names[:place]:
            source.problem((*inner, place), f'found "{name}" twice; each field stands once')
    return RequiredData(identity, wanted, source.where(path), role)


def _required(
    source: Source, path: Path, given: Loaded, fields: Mapping[str, Field], role: str | None
) -> RequiredField:
    name = given["field"]
    known = fields.keys() | set(source.names("fields"))
    if source.refers(path, name, sorted(known), "field of this policy") and name in fields:
        if fields[name].home is Home.DERIVED:
            source.problem(path, f'found "{name}", which is computed; nobody fills it in')
        if "pattern" in given and fields[name].type not in _SCOPED:
            source.problem((*path, "pattern"), f"found a pattern for a field of type {fields[name].type}")
    if given.get("may_be_unknown") and role is None:
        source.problem(
            (*path, "may-be-unknown"), "found true, but no `unknown-goes-to` names who decides then"
        )
    return RequiredField(name, given.get("pattern"), given.get("may_be_unknown", True), source.where(path))


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
    for name in given.get("authority", ()) if not source.broken((*path, "authority")) else ():
        source.refers(
            (*path, "authority"), name, source.names("authority"), "authority matrix of this policy"
        )
    if not {"checklist", "authority"} & set(source.names(*path)):
        source.problem(path, "checks nothing; needed: checklist, authority or both")
    mode = given.get("mode", Mode.BLOCK)
    if given.get("move_back") and mode != Mode.BLOCK:
        source.problem((*path, "move-back"), f"found true in mode {mode}; only mode block moves deals back")
    if not source.broken((*path, "scope")):
        _check_scope(source, (*path, "scope"), given.get("scope", {}), fields)


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
