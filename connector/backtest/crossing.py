"""A crossing: a deal as it was when it entered a stage, and the company around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.deals import Deal, Pipeline, Unreadable, Value
from connector.directory import Directory
from connector.standing import Waiver

NO_HISTORY = Unreadable("no history at that time", ours=True)
NO_TEAM = "no team"


@dataclass(frozen=True, slots=True)
class Crossing:
    """`deal` stands in the stage that it entered; `before` is the position it came from, -1 from outside of
    the pipeline. `given` are derived values that the source itself names. What nobody knows any more is
    `NO_HISTORY`. `waivers` are all that the deal was ever granted: which of them held, its time says."""

    deal: Deal
    at: datetime
    before: int = -1
    given: Mapping[str, Value] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """The pipelines by id, and who is who."""

    pipelines: Mapping[str, Pipeline]
    directory: Directory

    def team_of(self, owner: str | None) -> str:
        """Return the team of a deal's owner: whoever manages him."""
        person = self.directory.people.get(self.directory.by_owner.get(owner or "", ""))
        manager = self.directory.people.get(person.manager or "") if person else None
        return manager.name if manager else NO_TEAM

    def pipeline(self, pipeline: str) -> Pipeline:
        """Return the pipeline of this id, one without stages where it is not known."""
        return self.pipelines.get(pipeline) or Pipeline(pipeline, pipeline, ())
