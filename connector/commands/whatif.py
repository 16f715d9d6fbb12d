"""A deal that is only thought of: from a file, or one of the CRM with other values."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connector import gates, levers
from connector.checks.derived import currency_of, derive
from connector.context import Context
from connector.deals import Pipeline, Value
from connector.drafts import read_draft
from connector.errors import ConfigurationError
from connector.gates import examples
from connector.policy import deal_file, written
from connector.policy.literals import NotALiteral
from connector.policy.model import Gate, Policy
from connector.policy.problems import one_of
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.verdicts import Verdict


def from_file(file: Path, policy_file: Path) -> Ground:
    """Return the case of a deal that is written down, held against the policy file, without any CRM."""
    policy = read_draft(policy_file).policy
    try:
        text = file.read_bytes()
    except OSError as error:
        hint = "Give the path of a deal written down: values under `deal:`, products under `lines:`."
        raise ConfigurationError(
            f"The deal cannot be read: {error.strerror}.", where=f"--file {file}", hint=hint
        ) from error
    found = deal_file.read(text, str(file), policy)
    pipeline = examples.pipeline_of(_gate(found.deal.pipeline, policy), policy)
    stage = _stage(found.deal.stage, pipeline)
    context = Context("", {pipeline.id: pipeline}, examples.everybody(policy), history=())
    now = datetime.now(UTC)
    deal = replace(found.deal, pipeline=pipeline.id, stage=stage)
    facts = derive(deal, policy, local(now, policy.calendar).date())
    return Ground(deal, {**facts, **found.computed}, pipeline, policy, context, now)


def assessed(ground: Ground, settings: Iterable[str]) -> tuple[Ground, Verdict]:
    """Return the case with these values set, and what comes of it."""
    changes = tuple(_setting(text, ground) for text in settings)
    there = levers.changed(ground, changes) if changes else ground
    return there, gates.judged(there)


def _setting(text: str, ground: Ground) -> tuple[str, Value]:
    """Read one --set: NAME=VALUE."""
    name, equals, said = text.partition("=")
    fields, where = ground.policy.fields, f"--set {text}"
    if not equals:
        raise ConfigurationError("It sets nothing.", where=where, hint="Write NAME=VALUE: discount=12%.")
    if not said.strip():
        raise ConfigurationError(
            "It sets nothing.", where=where, hint=f"For an empty field write {name}=empty."
        )
    field = fields.get(name.strip())
    if field is None:
        hint = f"Allowed: {one_of(name.strip(), sorted(fields))}"
        raise ConfigurationError(f"The policy has no field {name.strip()!r}.", where=where, hint=hint)
    try:
        return field.name, written.value(field, said, currency_of(ground.deal, ground.policy))
    except NotALiteral as error:
        raise ConfigurationError(f"Found {said!r}.", where=where, hint=f"Allowed: {error}") from error


def _gate(pipeline: str, policy: Policy) -> Gate:
    """Return a gate of the pipeline of this name, the first one where none is named."""
    known = list(dict.fromkeys(gate.pipeline for gate in policy.gates))
    for gate in policy.gates:
        if not pipeline or gate.pipeline.casefold() == pipeline.casefold():
            return gate
    hint = f"Allowed: {one_of(pipeline, known)}"
    raise ConfigurationError(f"No gate stands in the pipeline {pipeline!r}.", where="pipeline", hint=hint)


def _stage(name: str, pipeline: Pipeline) -> str:
    known = [stage.id for stage in pipeline.stages]
    found = next((one for one in known if one.casefold() == name.casefold()), None)
    if name and found is None:
        hint = f"Allowed: {one_of(name, known)}"
        raise ConfigurationError(f"No gate stands at the stage {name!r}.", where="stage", hint=hint)
    return found or known[0]
