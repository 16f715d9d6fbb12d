"""POST graphql: records as pages query them, through a schema made for whoever asks: a field that he may not
see, or that is not there, fails the whole query, unless it says `@optional`.

https://developer.salesforce.com/docs/platform/graphql/overview and, for the rules of a query, Salesforce's
own skill using-ui-bundle-salesforce-data (github.com/forcedotcom/afv-library). What is not modelled is no
part of the schema: a query with it is refused.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    REMOVE,
    DirectiveLocation,
    FieldNode,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLDirective,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute_sync,
    parse,
    specified_directives,
    validate,
    visit,
)
from graphql.language import DocumentNode

from sandbox.salesforce import query_api
from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.errors import JsonObject, bad_request
from sandbox.salesforce.schema import Field, SObject, Type
from sandbox.wire import Reply

_FIRST, _MOST = 10, 200  # without `first` ten records come; more than 200 want `upperBound`
_SCALARS: Mapping[str, GraphQLScalarType] = {
    "ID": GraphQLID,
    "String": GraphQLString,
    "Boolean": GraphQLBoolean,
    "Int": GraphQLInt,
    "Double": GraphQLFloat,
}
_NAMES = {
    Type.ID: "ID",
    Type.REFERENCE: "ID",
    Type.BOOLEAN: "Boolean",
    Type.PICKLIST: "Picklist",
    Type.CURRENCY: "Currency",
    Type.DOUBLE: "Double",
    Type.INT: "Int",
    Type.PERCENT: "Percent",
    Type.DATE: "Date",
    Type.DATETIME: "DateTime",
    Type.EMAIL: "Email",
    Type.URL: "Url",
    Type.PHONE: "PhoneNumber",
}
_FILTERED = frozenset({"ID", "Boolean", "String", "Picklist", "TextArea"})
_OPTIONAL = GraphQLDirective("optional", [DirectiveLocation.FIELD])


def answer(call: Call) -> Reply:
    """Answer one query. Whatever is wrong with it, the status is 200 and `errors` says so."""
    given = call.body()
    query, variables = given.get("query"), given.get("variables")
    if not isinstance(query, str) or not isinstance(variables, dict | None):
        raise bad_request("JSON_PARSER_ERROR", "query: a text, and variables: an object")
    schema = _Schema(call).made()
    try:
        document = _without_unseen(parse(query), schema)
    except GraphQLError as error:
        return _told(None, [error])
    if errors := validate(schema, document):
        return _told(None, errors)
    done = execute_sync(schema, document, variable_values=variables)
    return _told(done.data, done.errors or [])


def _told(data: JsonObject | None, errors: Iterable[GraphQLError]) -> Reply:
    return reply({"data": data or {}, "errors": [error.formatted for error in errors]})


def _without_unseen(document: DocumentNode, schema: GraphQLSchema) -> DocumentNode:
    """Take out the optional fields that the user's schema does not have."""
    types = TypeInfo(schema)

    class Optional(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> Any:
            optional = any(one.name.value == _OPTIONAL.name for one in node.directives or ())
            return REMOVE if optional and types.get_field_def() is None else None

    found: DocumentNode = visit(document, TypeInfoVisitor(types, Optional()))
    return found


class _Schema:
    """What one user can query."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._values: dict[str, GraphQLObjectType] = {}
        self._operators: dict[str, GraphQLInputObjectType] = {}
        self._scalars: dict[str, GraphQLScalarType] = dict(_SCALARS)

    def made(self) -> GraphQLSchema:
        kinds = [one for one in self._call.org.schema if one.api_writes and not one.setting]
        query = GraphQLObjectType("RecordQuery", {one.name: self._connection(one) for one in kinds})
        uiapi = GraphQLObjectType("UIAPI", {"query": GraphQLField(GraphQLNonNull(query), resolve=_here)})
        root = GraphQLObjectType("Query", {"uiapi": GraphQLField(GraphQLNonNull(uiapi), resolve=_here)})
        return GraphQLSchema(root, directives=[*specified_directives, _OPTIONAL])

    def _connection(self, sobject: SObject) -> GraphQLField:
        seen = [one for one in sobject.fields.values() if self._call.sees(sobject, one)]
        node = GraphQLObjectType(sobject.name, {one.name: self._field(one) for one in seen})
        edge = GraphQLObjectType(f"{sobject.name}Edge", {"node": GraphQLField(node)})
        connection = GraphQLObjectType(
            f"{sobject.name}Connection",
            {
                "edges": GraphQLField(GraphQLList(edge)),
                "totalCount": GraphQLField(GraphQLNonNull(GraphQLInt)),
            },
        )
        tests = {one.name: GraphQLInputField(self._operator(one)) for one in seen if _is_tested(one)}
        where = GraphQLInputObjectType(f"{sobject.name}_Filter", tests)
        arguments = {"first": GraphQLArgument(GraphQLInt), "where": GraphQLArgument(where)}

        def resolve(_: object, __: object, **given: Any) -> JsonObject:
            return _found(self._call, sobject, seen, given)

        return GraphQLField(connection, arguments, resolve=resolve)

    def _field(self, field: Field) -> GraphQLField:
        if field.type is Type.ID:
            return GraphQLField(GraphQLNonNull(GraphQLID))
        name = _name(field)
        if name not in self._values:
            members = {"value": GraphQLField(self._scalar(name)), "displayValue": GraphQLField(GraphQLString)}
            self._values[name] = GraphQLObjectType(f"{name}Value", members)
        return GraphQLField(self._values[name])

    def _operator(self, field: Field) -> GraphQLInputObjectType:
        name = _name(field)
        if name not in self._operators:
            one = GraphQLInputField(self._scalar(name))
            some = GraphQLInputField(GraphQLList(self._scalar(name)))
            members = {"eq": one, "ne": one} | ({} if name == "Boolean" else {"in": some, "nin": some})
            self._operators[name] = GraphQLInputObjectType(f"{name}Operators", members)
        return self._operators[name]

    def _scalar(self, name: str) -> GraphQLScalarType:
        if name not in self._scalars:
            self._scalars[name] = GraphQLScalarType(name)
        return self._scalars[name]


def _here(*_: object) -> JsonObject:
    return {}


def _name(field: Field) -> str:
    if field.type is Type.TEXTAREA:
        return "TextArea" if field.filterable else "LongTextArea"
    return _NAMES.get(field.type, "String")


def _is_tested(field: Field) -> bool:
    return field.filterable and _name(field) in _FILTERED


def _found(call: Call, sobject: SObject, seen: Sequence[Field], given: Mapping[str, Any]) -> JsonObject:
    """Ask by SOQL, which has the same rules for ids, case and nothing."""
    first = given.get("first", _FIRST)
    if not 0 < first <= _MOST:
        raise GraphQLError(f"first: from 1 to {_MOST}")
    columns = ", ".join(one.name for one in seen)
    tests = " AND ".join(_tests(given.get("where") or {}))
    where = f" WHERE {tests}" if tests else ""
    found = query_api.answer(call, f"SELECT {columns} FROM {sobject.name}{where}").rows  # noqa: S608
    nodes = [{one.name: _shown(one, row[one.name]) for one in seen} for row in found]
    return {"edges": [{"node": one} for one in nodes[:first]], "totalCount": len(nodes)}


def _shown(field: Field, value: object) -> object:
    return value if field.type is Type.ID else {"value": value, "displayValue": None}


def _tests(where: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Several fields, and several operators of one, are all to hold."""
    for name, tests in where.items():
        for operator, value in tests.items():
            match operator:
                case "eq" | "ne":
                    yield f"{name} {'=' if operator == 'eq' else '!='} {_literal(value)}"
                case _:
                    listed = ", ".join(_literal(one) for one in value)
                    yield f"{name} {'IN' if operator == 'in' else 'NOT IN'} ({listed})"


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
