"""Hold a policy against the CRM account it is for: its pipelines, stages, fields and people."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from connector.deals import Pipeline, Stage, StageKind
from connector.policy.model import Field, Gate, Home, Mode, Policy
from connector.policy.problems import Problem, one_of, shown

_LONGEST_LIST = 255  # Salesforce Text(255), and what HubSpot shows of a text property (design 1.5)


def check_against(
    policy: Policy,
    pipelines: Iterable[Pipeline],
    reachable: Collection[str] | None,
    known_fields: Collection[str] | None,
    property_of: Callable[[Field], str | None],
) -> tuple[Problem, ...]:
    """Return what the account does not have, in the order of the file.

    `reachable`: ids of the policy's people who are active CRM users; `known_fields`: the vendor's names of
    the deal properties; None where not known. `property_of`: a field's name at this vendor.
    """
    known = tuple(pipelines)
    found = (
        *_gates(policy, known),
        *_blocked_stages(policy, known),
        *(() if reachable is None else _people(policy, reachable)),
        *(() if known_fields is None else _fields(policy, known_fields, property_of)),
    )
    return tuple(sorted(found))


def _problem(where: str, path: str, message: str) -> Problem:
    file, _, line = where.rpartition(":")
    return Problem(file or "policy", int(line) if line.isdigit() else 1, path, message)


def pipeline_named(name: str, pipelines: Iterable[Pipeline]) -> Pipeline | None:
    """Return the pipeline with this id, else the one with this label; None where none or several have it."""
    known = tuple(pipelines)
    by_label = [one for one in known if one.label.casefold() == name.casefold()]
    by_id = [one for one in known if one.id == name]
    found = by_id or by_label
    return found[0] if len(found) == 1 else None


def stage_named(name: str, pipeline: Pipeline) -> Stage | None:
    """Return the stage with this id, else the one with this label; None where none or several have it."""
    by_label = [stage for stage in pipeline.stages if stage.label.casefold() == name.casefold()]
    by_id = [stage for stage in pipeline.stages if stage.id == name]
    found = by_id or by_label
    return found[0] if len(found) == 1 else None


def _gates(policy: Policy, pipelines: Sequence[Pipeline]) -> Iterator[Problem]:
    for gate in policy.gates:
        pipeline = pipeline_named(gate.pipeline, pipelines)
        if pipeline is None:
            yield _unknown(gate, "pipeline", gate.pipeline, [one.label for one in pipelines])
            continue
        stage = stage_named(gate.stage, pipeline)
        if stage is None:
            yield _unknown(gate, "stage", gate.stage, [one.label for one in pipeline.stages])
        elif stage.kind is StageKind.LOST:
            message = f"found {shown(gate.stage)}; a lost deal is left alone, no gate can stand there"
            yield _problem(gate.where, f"gates.{gate.id}.stage", message)


def _unknown(gate: Gate, what: str, name: str, labels: Sequence[str]) -> Problem:
    path = f"gates.{gate.id}.{what}"
    if [label.casefold() for label in labels].count(name.casefold()) > 1:
        return _problem(gate.where, path, f"found {shown(name)}, the label of several; name it by its id")
    message = f"found {shown(name)}, which the account does not have; allowed: {one_of(name, labels)}"
    return _problem(gate.where, path, message)


def _blocked_stages(policy: Policy, pipelines: Sequence[Pipeline]) -> Iterator[Problem]:
    """Refuse a pipeline whose list of blocked stages can grow too long: for a deal before its first gate."""
    for pipeline in pipelines:
        blocking = [
            (place, gate)
            for gate in policy.gates
            if Mode.BLOCK in gate.modes and pipeline_named(gate.pipeline, pipelines) is pipeline
            for stage in [stage_named(gate.stage, pipeline)]
            for place in [pipeline.position(stage.id) if stage else None]
            if place is not None
        ]
        if not blocking:
            continue
        place, gate = min(blocking, key=lambda one: one[0])
        later = [stage.id for stage in pipeline.stages[place:] if stage.kind is not StageKind.LOST]
        length = len(f";{';'.join(later)};")
        if length > _LONGEST_LIST:
            message = (
                f"blocks {len(later)} stages, {length} characters in one field; allowed: {_LONGEST_LIST}"
            )
            yield _problem(gate.where, f"gates.{gate.id}.stage", message)


def _people(policy: Policy, reachable: Collection[str]) -> Iterator[Problem]:
    for person in policy.people.values():
        if person.id not in reachable:
            message = (
                f"{person.name} ({person.email}) is not an active user of the CRM, or shares that e-mail"
            )
            yield _problem(person.where, f"people.{person.id}", message)


def _fields(
    policy: Policy, known: Collection[str], property_of: Callable[[Field], str | None]
) -> Iterator[Problem]:
    for field in policy.fields.values():
        if field.home is not Home.DEAL:
            continue
        name = property_of(field)
        path = f"fields.{field.name}"
        if name is None:
            yield _problem(field.where, path, "has no name in this CRM; it can never be read")
        elif name not in known:
            message = f"found {shown(name)}, which deals do not have; allowed: {one_of(name, sorted(known))}"
            yield _problem(field.where, path, message)
