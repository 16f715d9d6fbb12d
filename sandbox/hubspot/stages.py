"""What a deal's stage brings along: which stage may be set, and the values HubSpot calculates from it."""

from collections.abc import Mapping

from sandbox.clock import iso
from sandbox.hubspot.errors import PropertyProblem, invalid, invalid_properties
from sandbox.hubspot.pipelines import Pipeline, Pipelines, Stage

DEFAULT_PIPELINE = "default"


def settle(changes: Mapping[str, str], current: Mapping[str, str], pipelines: Pipelines) -> dict[str, str]:
    """Return the changes with the pipeline filled in, or refuse a stage that the pipeline does not have."""
    if "dealstage" not in changes and "pipeline" not in changes:
        return dict(changes)
    pipeline = _pipeline(changes.get("pipeline") or current.get("pipeline"), pipelines)
    stage_id = changes.get("dealstage") or current.get("dealstage", "")
    if pipeline.stage(stage_id) is None:
        listed = ", ".join(stage.id for stage in pipeline.stages)
        message = f"{stage_id} was not one of the allowed options: [{listed}]"
        raise invalid_properties([PropertyProblem("dealstage", "INVALID_OPTION", message)])
    return {**changes, "pipeline": pipeline.id}


def _pipeline(pipeline_id: str | None, pipelines: Pipelines) -> Pipeline:
    known = pipelines.all()
    pipeline = pipelines.find(pipeline_id or DEFAULT_PIPELINE) or (known[0] if not pipeline_id else None)
    if pipeline is None:
        listed = ", ".join(one.id for one in known)
        message = f"{pipeline_id} was not one of the allowed options: [{listed}]"
        raise invalid_properties([PropertyProblem("pipeline", "INVALID_OPTION", message)])
    return pipeline


def stage_of(values: Mapping[str, str], pipelines: Pipelines) -> Stage | None:
    """Return the stage a deal stands in."""
    pipeline = pipelines.find(values.get("pipeline", ""))
    return pipeline.stage(values.get("dealstage", "")) if pipeline else None


def calculated(values: Mapping[str, str], stage: Stage, *, entered_ms: int | None) -> dict[str, str]:
    """Return the read-only values that follow from the stage; `entered_ms` None leaves the entry time."""
    won = stage.closed and float(stage.probability) == 1.0
    answer = {
        "hs_is_closed": str(stage.closed).lower(),
        "hs_is_closed_won": str(won).lower(),
        "hs_is_closed_lost": str(stage.closed and not won).lower(),
        "hs_deal_stage_probability": stage.probability,
    }
    if "amount" in values:
        answer["hs_projected_amount"] = str(float(values["amount"]) * float(stage.probability))
        answer["amount_in_home_currency"] = values["amount"]
    if entered_ms is not None:
        answer["hs_v2_date_entered_current_stage"] = iso(entered_ms)
    return answer


def demand(
    required: Mapping[str, tuple[str, ...]], changes: Mapping[str, str], values: Mapping[str, str]
) -> None:
    """Refuse entry to a stage whose conditional properties are empty (2026-09 paths and the screen)."""
    missing = [name for name in required.get(changes.get("dealstage", ""), ()) if not values.get(name)]
    if missing:
        message = f"Conditionally required properties are missing: {', '.join(missing)}"
        code = "MISSING_CONDITIONAL_REQUIRED_PROPERTY"
        raise invalid(
            message, errors=[{"message": message, "code": code, "context": {"propertyName": missing}}]
        )
