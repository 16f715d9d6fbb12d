"""The shape of what a policy says about people, roles and time. Names are checked by `staffing`."""

from marshmallow import ValidationError

from connector.policy.shapes import (
    Block,
    Choice,
    Day,
    Flag,
    Like,
    Loaded,
    Many,
    Money,
    Named,
    Of,
    Said,
    Text,
    Whole,
)
from connector.policy.staff import Found, Rhythm

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERYBODY = "all"


class PersonSchema(Block):
    """One human being."""

    full_name = Text("name", required=True)
    email = Like(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+", "an e-mail address", required=True)
    hubspot_user = Like(r"\d{1,20}", "the number of a HubSpot user or owner", "hubspot-user")
    salesforce_username = Text("salesforce-username")
    manager = Text()
    zone = Text()
    digest = Choice(Rhythm)


class Holder(Said):
    """A person, `owner.manager`, or one found in the CRM: `queue: NAME`, `team: NAME`."""

    allowed = "a person of this policy, owner.manager, `queue: NAME` or `team: NAME`"

    def read(self, value: object) -> str:
        """Return the holder as `Role.holders` spells it."""
        if not isinstance(value, dict):
            name = Text().deserialize(value)
            if name.partition(":")[0] in set(Found):
                raise self.refuse(value, "a block as {queue: Deal Desk}, with a space after the colon")
            return str(name)
        if len(value) != 1 or not set(value) <= set(Found):
            raise self.refuse(value)
        kind, name = next(iter(value.items()))
        return Found(kind).named(Text().deserialize(name))

    def described(self) -> Loaded:
        """Return a name, or a block of one key."""
        found = {kind.value: Text().described() for kind in Found}
        block = {"type": "object", "properties": found, "additionalProperties": False, "maxProperties": 1}
        return {"anyOf": [Text().described(), block]}


class _Needed(Said):
    """How many must sign."""

    allowed = "a whole number from 1 to 20, or all"

    def read(self, value: object) -> int | None:
        """Return the number, None for all."""
        if isinstance(value, str) and value.strip().casefold() == _EVERYBODY:
            return None
        try:
            number: int = Whole(1, 20).deserialize(value)
        except ValidationError:
            raise self.refuse(value) from None
        return number


class RoleSchema(Block):
    """Who may decide."""

    label = Text()
    holders = Many(Holder(), required=True, lone=True)
    backups = Many(Holder(), lone=True)
    needs = _Needed()
    chain = Text()
    level = Whole(1, 99)
    function = Text()
    top = Flag()
    last_resort = Flag("last-resort")
    lifted_by = Many(Text(), "veto-lifted-by", lone=True)


class DelegationSchema(Block):
    """Who signs for whom, and when."""

    giver = Text("from", required=True)
    to = Text(required=True)
    since = Day(required=True)
    until = Day(required=True)
    roles = Many(Text(), lone=True)
    up_to = Money("up-to")
    pipelines = Many(Text(), lone=True)


class QuarterEndSchema(Block):
    """Other hours at the end of a quarter."""

    last_days = Whole(1, 31, "last-days", required=True)
    opens = Whole(0, 23)
    closes = Whole(1, 24)
    days = Many(Choice(WEEKDAYS))
    answer_hours = Whole(1, 400, "answer-hours")


class CalendarSchema(Block):
    """When people work."""

    zone = Text()
    opens = Whole(0, 23)
    closes = Whole(1, 24)
    days = Many(Choice(WEEKDAYS))
    answer_hours = Whole(1, 400, "answer-hours")
    holidays = Many(Day())
    quarter_end = Of(QuarterEndSchema(), "quarter-end")
    first_month = Whole(1, 12, "year-begins-in-month")


class WaitingSchema(Block):
    """How long a question may wait, in working hours."""

    remind_after = Whole(1, 4000, "remind-after")
    escalate_after = Whole(1, 4000, "escalate-after")
    expire_after = Whole(1, 4000, "expire-after")
    pause_at_most = Whole(0, 4000, "pause-at-most")
    question_within = Whole(1, 400, "question-within")
    urgent_days = Whole(0, 90, "urgent-within-days")
    urgent_hours = Whole(1, 400, "urgent-hours")


class WaiversSchema(Block):
    """Who may grant exceptions."""

    grant = Named(Many(Text(), lone=True), required=True)
    reasons = Many(
        Like(Named.spelling.pattern, "small letters, digits and hyphens"), required=True, lone=True
    )
    longest_days = Whole(1, 3660, "at-most-days")
    break_glass = Many(Text(), "break-glass", lone=True)
    review_days = Whole(1, 90, "review-within-days")
