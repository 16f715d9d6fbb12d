"""YAML -> Policy. A policy with anything wrong in it is refused, with everything that is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from marshmallow import ValidationError

from connector.policy import calendars, checklists, company, examples, matrices, rules, staffing, words
from connector.policy.checklist_words import Words
from connector.policy.model import (
    Brakes,
    Capacity,
    Derived,
    Deviations,
    Feasibility,
    FeasibleRow,
    Field,
    Home,
    Policy,
    RequiredData,
    Row,
    TellRep,
)
from connector.policy.problems import PolicyInvalid, Problem, shown
from connector.policy.schemas import PolicySchema
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source, parse
from connector.policy.vocabulary import OF_DEVIATIONS


def load(text: str | bytes, name: str) -> Policy:
    """Read a policy file. `name` is how errors call the file. Raise PolicyInvalid with every problem."""
    written = decoded(text, name)
    source = parse(written, name)
    loaded = _shaped(source)
    policy = _built(source, loaded, sha256(written.encode()).hexdigest()[:16])
    if source.problems:
        raise PolicyInvalid.of(source.problems)
    return policy


def decoded(text: str | bytes, name: str) -> str:
    """Return the text of a file. Raise PolicyInvalid where it is none."""
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise PolicyInvalid.of(
            [Problem(name, line, "", "not readable as UTF-8 text; save the file in that encoding")]
        ) from None


def _shaped(source: Source) -> Loaded:
    """Run the schema and note its errors; return what could be read."""
    if not isinstance(source.data, dict):
        message = (
            f"found {shown(source.data)}; a policy is a block of keys that starts with `policy:` and a name"
        )
        raise PolicyInvalid.of([*source.problems, Problem(source.file, 1, "", message)])
    try:
        loaded: Loaded = PolicySchema().load(source.data)
    except ValidationError as error:
        note(source, (), error.messages)
        return error.valid_data if isinstance(error.valid_data, dict) else {}
    return loaded


def note(source: Source, path: Path, messages: Any) -> None:
    """Note marshmallow's nested messages as problems with their paths."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            note(source, path if key == "_schema" else (*path, key), inner)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        source.problem(path, str(message))


def _built(source: Source, loaded: Loaded, version: str) -> Policy:
    currency = loaded.get("currency")
    fields = words.build(source, loaded.get("vocabulary") or {})
    people = staffing.people(source, loaded.get("people") or {})
    roles = staffing.roles(source, loaded.get("roles") or {})
    brakes = dict(loaded.get("brakes") or {})
    minutes = brakes.pop("move_back_minutes", 15)
    tell = loaded.get("tell") or {}
    sold = company.offering(source, loaded.get("offering") or {}, fields, currency)
    terms = Words(source, fields, sold, currency, _stages(source))
    policy = Policy(
        version=version,
        fields=fields,
        people=people,
        roles=roles,
        checklists=checklists.build(terms, loaded.get("checklists") or {}),
        matrices=matrices.build(source, loaded.get("authority") or {}, fields, currency),
        gates=rules.gates(source, loaded.get("gates") or (), fields),
        offering=sold,
        calendar=calendars.calendar(source, loaded.get("calendar") or {}),
        tell_rep=TellRep(tell.get("rep", TellRep.TASK)),
        private_tasks=tell.get("private_tasks", False),
        brakes=Brakes(**brakes),
        move_back_minutes=minutes,
        name=loaded.get("title", ""),
        currency=currency,
        delegations=staffing.delegations(source, loaded.get("delegations") or (), currency),
        waiting=calendars.waiting(source, loaded.get("waiting") or {}),
        waivers=staffing.waivers(source, loaded.get("waivers") or {}),
        rates=company.rates(source, loaded.get("rates") or {}, currency),
        examples=examples.build(terms, loaded.get("examples") or ()),
    )
    spoken = _spoken(policy, loaded.get("vocabulary") or {})
    _check_start(source, policy, spoken)
    return replace(policy, fields=spoken, day_limits=_day_limits(policy))


def _day_limits(policy: Policy) -> frozenset[int]:
    offering = policy.offering
    leads = {offering.lead_days or 0, *(product.lead_days for product in offering.products)}
    counting = {field.name for field in policy.fields.values() if field.derived is Derived.DAYS_TO_START}
    tables: list[Row | FeasibleRow] = [row for matrix in policy.matrices.values() for row in matrix.rows]
    for checklist in policy.checklists.values():
        for check in checklist.checks:
            tables += check.rows if isinstance(check, Feasibility) else ()
    cells = (cell for row in tables for cell in row.cells if cell.field in counting)
    named = {int(limit) for cell in cells for limit in cell.breakpoints if isinstance(limit, Decimal)}
    return frozenset({*named, *(days for days in leads if days is not None)})


def _check_start(source: Source, policy: Policy, spoken: Mapping[str, Field]) -> None:
    """Note days to a start that nobody has named the field of."""
    counting = any(field.derived is Derived.DAYS_TO_START for field in spoken.values())
    if policy.offering.start is None and (counting or policy.offering.lead_days is not None):
        needed = "needed: the field that holds the promised start"
        source.problem(
            ("offering", "start"), f"is missing, but days to start or a lead time counts; {needed}"
        )


def _stages(source: Source) -> tuple[str, ...]:
    """Return the stages at which gates stand, also those gates that something else is wrong with."""
    gates = source.at(("gates",))
    places = range(len(gates)) if isinstance(gates, list) else ()
    named = (stage for place in places for stage in source.texts(("gates", place, "stage")))
    return tuple(dict.fromkeys(named))


def _spoken(policy: Policy, declared: Collection[str]) -> Mapping[str, Field]:
    """Leave out built-in derived words that nothing speaks of: each is computed for each deal."""
    spoken = {*declared, *(name for matrix in policy.matrices.values() for name in matrix.inputs)}
    spoken |= {name for gate in policy.gates for name, _ in gate.scope.allowed}
    spoken |= {name for example in policy.examples for name in example.values}
    checks = [check for checklist in policy.checklists.values() for check in checklist.checks]
    for check in checks:
        if isinstance(check, RequiredData):
            spoken |= {required.field for required in check.fields}
        elif isinstance(check, Capacity):
            spoken |= {"effort", "margin"}
        elif isinstance(check, Feasibility):
            spoken |= {cell.field for row in check.rows for cell in row.cells}
    if any(isinstance(check, Deviations) for check in checks):
        spoken |= {"products-not-offered", "deviation-count", "deviation-worth"}
    if any(policy.fields[name].derived in OF_DEVIATIONS for name in spoken if name in policy.fields):
        spoken.add("discount")  # the overall discount is one of them
    return {
        name: field
        for name, field in policy.fields.items()
        if field.home is not Home.DERIVED or name in spoken
    }
