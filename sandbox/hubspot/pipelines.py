"""Deal pipelines and their stages."""

from dataclasses import dataclass

from sandbox.clock import iso
from sandbox.hubspot.errors import HubSpotError, JsonObject, not_found


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. Won is closed with probability 1.0, lost is closed with 0.0 (reference 4.4)."""

    id: str
    label: str
    probability: str
    closed: bool = False
    archived: bool = False

    def shown(self, order: int, created_ms: int) -> JsonObject:
        """Return the stage as the pipelines API does."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": order,
            "metadata": {"isClosed": str(self.closed).lower(), "probability": self.probability},
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            "createdAt": iso(created_ms),
            "updatedAt": iso(created_ms),
            "archived": self.archived,
        }


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    label: str
    stages: tuple[Stage, ...]
    display_order: int = 0
    created_ms: int = 0

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id and not stage.archived), None)

    def shown(self) -> JsonObject:
        """Return the pipeline as the pipelines API does."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.display_order,
            "stages": [stage.shown(order, self.created_ms) for order, stage in enumerate(self.stages)],
            "createdAt": iso(self.created_ms),
            "updatedAt": iso(self.created_ms),
            "archived": False,
        }


class Pipelines:
    """The deal pipelines of one account."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Pipeline] = {}

    def put(self, pipeline: Pipeline) -> None:
        """Add a pipeline or replace the one of the same id."""
        self._pipelines[pipeline.id] = pipeline

    def remove(self, pipeline_id: str) -> None:
        self.get(pipeline_id)
        del self._pipelines[pipeline_id]

    def all(self) -> tuple[Pipeline, ...]:
        return tuple(self._pipelines.values())

    def find(self, pipeline_id: str) -> Pipeline | None:
        return self._pipelines.get(pipeline_id)

    def get(self, pipeline_id: str) -> Pipeline:
        pipeline = self.find(pipeline_id)
        if pipeline is None:
            raise not_found(f"Pipeline not found with pipelineId: {pipeline_id}")
        return pipeline


def stage_in_use(stage_id: str) -> HubSpotError:
    return HubSpotError(
        400,
        f"Stage {stage_id} is in use.",
        "VALIDATION_ERROR",
        {"subCategory": "PipelineError.STAGE_ID_IN_USE", "context": {"stageId": [stage_id]}},
    )
