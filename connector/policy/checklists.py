"""Build the checklists. Whatever they name must exist."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from connector.policy.broken_checks import check_parts
from connector.policy.checklist import (
    Band,
    Capacity,
    Check,
    Checklist,
    Deviations,
    Feasibility,
    Feasible,
    FeasibleRow,
    Question,
    RequiredData,
    RequiredField,
)
from connector.policy.checklist_words import PRODUCT, ROW_KEYS, Words, check_answer, with_product
from connector.policy.problems import one_of, shown
from connector.policy.rows import Table, cells, check_inputs
from connector.policy.shapes import Loaded
from connector.policy.source import Path
from connector.policy.vocabulary import FieldType, Home

_PATTERNED = frozenset({FieldType.ENUM, FieldType.TEXT})


def build(words: Words, loaded: Mapping[str, list[Loaded]]) -> dict[str, Checklist]:
    """Return the checklists by id; each kind of check stands once in a checklist."""
    found: dict[str, Checklist] = {}
    for name, given in loaded.items():
        path: Path = ("checklists", name)
        sound = [
            (place, one)
            for place, one in enumerate(given or ())
            if one and not words.source.broken((*path, place))
        ]
        for place, one in enumerate(given or ()):
            if not one or words.source.broken((*path, place)):
                check_parts(words, (*path, place))
        checks = tuple(_check(words, (*path, place), one) for place, one in sound)
        kinds = [one["kind"] for _, one in sound]
        for index, (place, one) in enumerate(sound):
            if one["kind"] in kinds[:index]:
                message = f"found {one['kind']} twice; a check stands once in a checklist"
                words.source.problem((*path, place), message)
        found[name] = Checklist(name, checks, words.source.where(path))
    return found


def _check(words: Words, path: Path, given: Loaded) -> Check:
    kind = given["kind"]
    identity, where = f"{path[1]}.{kind}", words.source.where(path)
    inner: Path = (*path, kind)
    match kind:
        case "required-data":
            return _required_data(words, inner, given, identity, where)
        case "feasibility":
            return _feasibility(words, inner, given, identity, where)
        case "capacity":
            return _capacity(words, inner, given, identity, where)
        case _:
            return Deviations(identity, where, _bands(words, (*inner, "bands"), given.get("bands", ())))


def _required_data(words: Words, path: Path, given: Loaded, identity: str, where: str) -> RequiredData:
    role = given.get("unknown_goes_to")
    words.is_role((*path, "unknown-goes-to"), role)
    inner: Path = (*path, "fields")
    wanted = tuple(
        _required(words, (*inner, place), one, role) for place, one in enumerate(given["fields_wanted"])
    )
    names = [one.field for one in wanted]
    for place, name in enumerate(names):
        if name in names[:place]:
            words.source.problem((*inner, place), f'found "{name}" twice; each field stands once')
    return RequiredData(identity, wanted, where, role)


def _required(words: Words, path: Path, given: Loaded, role: str | None) -> RequiredField:
    source = words.source
    for name in (given["field"], *given.get("otherwise", ())):
        field = words.field(path, name)
        if field is not None and field.home is Home.DERIVED:
            source.problem(path, f'found "{name}", which is computed; nobody fills it in')
        if field is not None and "pattern" in given and field.type not in _PATTERNED:
            source.problem((*path, "pattern"), f"found a pattern for a field of type {field.type}")
    if given.get("may_be_unknown") and role is None:
        message = "found true, but no `unknown-goes-to` names who decides then"
        source.problem((*path, "may-be-unknown"), message)
    due = given.get("due")
    stages = {stage.casefold() for stage in words.stages}
    if due is not None and due.casefold() not in stages and not words.unclear_stages:
        message = f"found {shown(due)}, where no gate stands; allowed: {one_of(due, words.stages)}"
        source.problem((*path, "due"), message)
    return RequiredField(
        given["field"],
        given.get("pattern"),
        given.get("may_be_unknown", True),
        source.where(path),
        due,
        tuple(given.get("otherwise", ())),
    )


def _feasibility(words: Words, path: Path, given: Loaded, identity: str, where: str) -> Feasibility:
    inputs = tuple(dict.fromkeys(given.get("inputs", ())))
    table = Table(words.source, with_product(words), words.currency, inputs, ROW_KEYS)
    check_inputs(table, (*path, "inputs"))
    role = given.get("role")
    words.is_role((*path, "goes-to"), role)
    questions = given.get("questions", {})
    for name in questions:
        if name not in inputs:
            message = f"found a question about {name}, which is no input; allowed: {one_of(name, inputs)}"
            words.source.problem((*path, "questions", name), message)
    rows = _rows(words, table, (*path, "rows"), given.get("rows", ()), role)
    otherwise = Feasible(given["otherwise"]) if "otherwise" in given else None
    if otherwise is Feasible.REVIEW and role is None:
        words.source.problem((*path, "otherwise"), f"found {otherwise}, but no `goes-to` names who reviews")
    return Feasibility(
        identity,
        rows,
        tuple(Question(name, one["ask"], one.get("answered_by", "")) for name, one in questions.items()),
        otherwise if rows or otherwise else Feasible.YES,
        role,
        where,
    )


def _rows(words: Words, table: Table, path: Path, loaded: Any, role: str | None) -> tuple[FeasibleRow, ...]:
    rows: dict[str, FeasibleRow] = {}
    for place, given in enumerate(loaded):
        where: Path = (*path, place)
        row = _row(words, table, where, given, role)
        if row.id in rows:
            message = f'found "{row.id}" again; it is the row of {rows[row.id].where}'
            words.source.problem((*where, "id"), message)
        rows[row.id] = row
    return tuple(rows.values())


def _row(words: Words, table: Table, path: Path, given: Loaded, role: str | None) -> FeasibleRow:
    found = cells(table, path, given)
    answer = Feasible(given["answer"])
    goes_to = given.get("goes-to", role)
    words.is_role((*path, "goes-to"), given.get("goes-to"))
    check_answer(words.source, path, answer, sent=goes_to is not None, told="says" in given)
    return FeasibleRow(
        given["id"],
        tuple(cell for cell in found if cell.field != PRODUCT),
        answer,
        next((cell for cell in found if cell.field == PRODUCT), None),
        goes_to if answer in {Feasible.REVIEW, Feasible.CHANGED} else None,
        given.get("says", ""),
        words.source.where(path),
    )


def _capacity(words: Words, path: Path, given: Loaded, identity: str, where: str) -> Capacity:
    start = given.get("start", words.offering.start or "")
    if not start:
        words.source.problem(
            (*path, "start"), "is missing; needed: the field of the promised start, here or in the offering"
        )
    elif (field := words.field((*path, "start"), start)) is not None and field.type is not FieldType.DATE:
        words.source.problem((*path, "start"), f"found a field of type {field.type}; allowed: a date")
    words.is_role((*path, "goes-to"), given.get("role"))
    _check_chance(words, (*path, "win-chance"), given.get("win_chance"))
    usual = Capacity(identity, start)
    return Capacity(
        identity,
        start,
        given.get("fallback_days"),
        given.get("role"),
        given.get("fresh_days", usual.fresh_days),
        given.get("win_chance"),
        given.get("hold_days", usual.hold_days),
        where,
    )


def _check_chance(words: Words, path: Path, name: str | None) -> None:
    field = None if name is None else words.field(path, name)
    if field is not None and field.type is not FieldType.PERCENT:
        words.source.problem(path, f"found a field of type {field.type}; allowed: a percent")


def _bands(words: Words, path: Path, given: Any) -> tuple[Band, ...]:
    bands = [_band(words, (*path, place), one) for place, one in enumerate(given) if one]
    for place, (one, after) in enumerate(pairwise(bands)):
        if one.limit is None:
            words.source.problem((*path, place), "found no `up-to`; only the last band has none")
        elif after.limit is not None and after.limit <= one.limit:
            words.source.problem((*path, place + 1, "up-to"), "found no more than the band before")
    return tuple(bands)


def _band(words: Words, path: Path, given: Loaded) -> Band:
    limit, named = given.get("limit", (None, None))
    currency = named or words.currency
    if limit is not None and currency is None:
        words.source.problem((*path, "up-to"), "found an amount without a currency; write it as EUR 50,000")
    return Band(given["name"], limit, currency)
