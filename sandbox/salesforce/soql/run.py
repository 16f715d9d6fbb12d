"""Runs a query over the records of an org, as one user sees them."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from sandbox.salesforce.errors import JsonObject, bad_request, unknown_type
from sandbox.salesforce.records import Record, Records
from sandbox.salesforce.schema import Child, Schema, SObject, Type
from sandbox.salesforce.soql import parse, tokens
from sandbox.salesforce.soql.conditions import Tests
from sandbox.salesforce.soql.fields import Lookup, Sees, Walk
from sandbox.salesforce.soql.parts import Column, Order, Query
from sandbox.salesforce.values import Value, shown

Show = Callable[[Record], JsonObject]


@dataclass(frozen=True, slots=True)
class Answer:
    """`rows` are made as they are taken; of COUNT() only the number is known."""

    total: int
    rows: Iterator[JsonObject]


@dataclass(frozen=True)
class Engine:
    """Everything a query needs besides its text. `page` is how many children come with their parent."""

    schema: Schema
    records: Records
    sees: Sees
    blind: AbstractSet[str]
    now: datetime
    base: str
    deleted_too: bool
    page: int
    keep: Callable[[list[JsonObject]], str]

    def answer(self, text: str) -> Answer:
        """Answer a query, or refuse it with MALFORMED_QUERY, INVALID_FIELD or INVALID_TYPE."""
        query = parse.parse(text)
        sobject = self.schema.find(query.source)
        if sobject is None or sobject.name in self.blind:
            raise unknown_type(query.source)
        run = _Run(self, text)
        found = run.found(query, sobject)
        if query.counts:
            return Answer(len(found), iter(()))
        show = run.show(query, sobject)
        return Answer(len(found), (show(record) for record in found))


@dataclass(frozen=True)
class _Run:
    """One query under way; `parents` keeps rows of records that many others lead to."""

    engine: Engine
    text: str
    parents: dict[tuple[str, "_Tree"], JsonObject | None] = field(default_factory=dict)

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.engine.schema, self.engine.sees, self.text)

    @cached_property
    def tests(self) -> Tests:
        return Tests(self.lookup, self.engine.records, self.engine.now, self.values)

    def values(self, query: Query) -> set[Value]:
        """Return what the one column of a query inside IN holds."""
        sobject = self.engine.schema.get(query.source)
        walk = self._walk(query.columns[0], sobject)
        return {walk.of(record, self.engine.records) for record in self.found(query, sobject)} - {None}

    def found(self, query: Query, sobject: SObject) -> list[Record]:
        return self.chooser(query, sobject)(self._candidates(query, sobject))

    def chooser(self, query: Query, sobject: SObject) -> Callable[[Iterable[Record]], list[Record]]:
        """Return what picks the records that a query wants, in its order, from those it may find."""
        fits = None if query.where is None else self.tests.of(query.where, sobject)
        walks = [(order, self._walk(order.column, sobject)) for order in reversed(query.order)]
        end = None if query.limit is None else query.offset + query.limit
        deleted_too = self.engine.deleted_too

        def choose(candidates: Iterable[Record]) -> list[Record]:
            found = [one for one in candidates if deleted_too or not one.deleted]
            if fits is not None:
                found = list(filter(fits, found))
            for order, walk in walks:
                found = self._sorted(found, order, walk)
            return found[query.offset : end]

        return choose

    def _walk(self, column: Column, sobject: SObject) -> Walk:
        return self.lookup.walk(sobject, column.path, column.at)

    def _candidates(self, query: Query, sobject: SObject) -> Iterable[Record]:
        narrowed = self.tests.ids_in(query.where, sobject)
        records = self.engine.records
        if narrowed is None:
            return records.all(sobject.name)
        name, wanted = narrowed
        keys = sorted(key for key in wanted if isinstance(key, str))
        if name == "Id":
            return [record for key in keys if (record := records.of(sobject, key))]
        return [record for key in keys for record in records.children(sobject.name, name, key)]

    def _sorted(self, found: list[Record], order: Order, walk: Walk) -> list[Record]:
        if len(found) < 2:
            return found
        fold = walk.field.type not in {Type.ID, Type.REFERENCE}  # ids sort by case, texts do not
        keyed = [(_sortable(walk.of(one, self.engine.records), fold=fold), one) for one in found]
        nothing = [one for key, one in keyed if key is None]
        rest = [pair for pair in keyed if pair[0] is not None]
        rest.sort(key=itemgetter(0), reverse=order.descending)
        known = [one for _, one in rest]
        return [*known, *nothing] if order.nulls_last else [*nothing, *known]

    def show(self, query: Query, sobject: SObject) -> Show:
        """Return what makes a row of a record."""
        walks = [self._walk(column, sobject) for column in query.columns]
        plain = [walk.field.name for walk in walks if not walk.steps]
        parents = _tree(walk for walk in walks if walk.steps)
        children = [self._children(inner, sobject) for inner in query.subqueries]
        head = f"{self.engine.base}/sobjects/{sobject.name}/"

        def row(record: Record) -> JsonObject:
            values = record.values
            made: JsonObject = {"attributes": {"type": sobject.name, "url": head + record.id}}
            for name in plain:
                made[name] = shown(values.get(name))
            for tree in parents:
                made[tree.relation] = self._parent(tree, record)
            for child, show_children in children:
                made[child.relation] = show_children(record)
            return made

        return row

    def _parent(self, tree: "_Tree", record: Record) -> JsonObject | None:
        key = record.values.get(tree.field)
        if not isinstance(key, str):
            return None
        if (key, tree) not in self.parents:
            self.parents[key, tree] = self._parent_row(tree, key)
        return self.parents[key, tree]

    def _parent_row(self, tree: "_Tree", key: str) -> JsonObject | None:
        parent = self.engine.records.find(key)
        if parent is None:
            return None
        url = f"{self.engine.base}/sobjects/{parent.sobject.name}/{parent.id}"
        made: JsonObject = {"attributes": {"type": parent.sobject.name, "url": url}}
        made |= {name: shown(parent.values.get(name)) for name in tree.names}
        made |= {inner.relation: self._parent(inner, parent) for inner in tree.inner}
        return made

    def _children(self, query: Query, parent: SObject) -> tuple[Child, Callable[[Record], JsonObject | None]]:
        wanted = query.source.lower()
        child = next(
            (one for one in self.engine.schema.children(parent) if one.relation.lower() == wanted), None
        )
        if child is None or child.sobject.name in self.engine.blind:
            problem = f"Didn't understand relationship '{query.source}' in FROM part of query call."
            raise bad_request("INVALID_TYPE", tokens.where(self.text, query.at) + problem)
        show, choose = self.show(query, child.sobject), self.chooser(query, child.sobject)
        records = self.engine.records

        def some(record: Record) -> JsonObject | None:
            candidates = records.children(child.sobject.name, child.field.name, record.id)
            found = choose(candidates)
            return self._listed([show(one) for one in found]) if found else None

        return child, some

    def _listed(self, rows: list[JsonObject]) -> JsonObject:
        page = self.engine.page
        listed: JsonObject = {"totalSize": len(rows), "done": len(rows) <= page, "records": rows[:page]}
        if len(rows) > page:
            listed["nextRecordsUrl"] = self.engine.keep(rows)
        return listed


@dataclass(frozen=True, slots=True)
class _Tree:
    """Fields of a parent, and of its parents."""

    field: str
    relation: str
    names: tuple[str, ...]
    inner: tuple["_Tree", ...]


def _tree(walks: Iterable[Walk]) -> tuple[_Tree, ...]:
    by_step: dict[tuple[str, str], list[Walk]] = {}
    for walk in walks:
        by_step.setdefault(walk.steps[0], []).append(Walk(walk.steps[1:], walk.field))
    return tuple(_branch(step, rest) for step, rest in by_step.items())


def _branch(step: tuple[str, str], rest: list[Walk]) -> _Tree:
    names = tuple(walk.field.name for walk in rest if not walk.steps)
    return _Tree(*step, names, _tree(walk for walk in rest if walk.steps))


def _sortable(value: Value, *, fold: bool) -> Any:
    return value.lower() if fold and isinstance(value, str) else value
