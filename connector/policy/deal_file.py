"""A deal that is only thought of, written down: its values in the policy's words, its product lines."""

from dataclasses import dataclass, field

from marshmallow import ValidationError

from connector.deals import Deal, Value
from connector.policy import written
from connector.policy.example_schemas import ExampleLineSchema
from connector.policy.examples import check_price, line_item
from connector.policy.literals import NotALiteral
from connector.policy.load import decoded, note
from connector.policy.model import Home, Policy
from connector.policy.problems import PolicyInvalid, Problem, shown
from connector.policy.shapes import Block, Currency, Loaded, Many, Named, Of, Text
from connector.policy.source import Path, Source, parse


class DealSchema(Block):
    """The shape of the file."""

    title = Text("name")
    pipeline = Text()
    stage = Text()
    owner = Text()
    currency = Currency()
    values_ = Named(Text(), "deal")
    lines = Many(Of(ExampleLineSchema()))


@dataclass(frozen=True, slots=True)
class DealFile:
    """`deal` as written, pipeline and stage by label; `computed` words that are written count as written."""

    deal: Deal
    computed: dict[str, Value] = field(default_factory=dict)


def read(text: str | bytes, name: str, policy: Policy) -> DealFile:
    """Read the file. `name` is how errors call it. Raise PolicyInvalid with every problem and its line."""
    source = parse(decoded(text, name), name)
    given = _shaped(source)
    currency = given.get("currency", policy.currency)
    values = _values(source, given.get("values_") or {}, policy, currency)
    owner = given.get("owner")
    if owner is not None:
        source.refers(("owner",), owner, sorted(policy.people), "person of the policy")
    computed = {one: value for one, value in values.items() if policy.fields[one].home is Home.DERIVED}
    lines = [(place, one) for place, one in enumerate(given.get("lines") or ()) if one is not None]
    for place, one in lines:
        check_price(source, ("lines", place), one, currency)
    deal = Deal(
        id=name,
        name=given.get("title", name),
        pipeline=given.get("pipeline", ""),
        stage=given.get("stage", ""),
        owner=owner,
        currency=currency,
        values={one: value for one, value in values.items() if one not in computed},
        line_items=tuple(line_item(one, place, policy.offering) for place, one in lines),
    )
    if source.problems:
        raise PolicyInvalid.of(source.problems)
    return DealFile(deal, computed)


def _shaped(source: Source) -> Loaded:
    if not isinstance(source.data, dict):
        message = f"found {shown(source.data)}; a deal is a block of keys, its values under `deal:`"
        raise PolicyInvalid.of([*source.problems, Problem(source.file, 1, "", message)])
    try:
        loaded: Loaded = DealSchema().load(source.data)
    except ValidationError as error:
        note(source, (), error.messages)
        return error.valid_data if isinstance(error.valid_data, dict) else {}
    return loaded


def _values(source: Source, given: Loaded, policy: Policy, currency: str | None) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, text in given.items():
        path: Path = ("deal", name)
        if text is None or not source.refers(path, name, sorted(policy.fields), "field of the policy"):
            continue
        try:
            found[name] = written.value(policy.fields[name], text, currency)
        except NotALiteral as error:
            source.problem(path, f"found {shown(text)}; allowed: {error}")
    return found
