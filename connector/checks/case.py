"""One deal at one gate, as the checks see it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from connector.capacity.board import Board
from connector.deals import Deal, Pipeline, Value
from connector.policy.model import Gate, Policy


class Case(NamedTuple):
    """`facts` comes from `derived.derive`, `today` is the day in the policy's time zone, `pipeline` the
    deal's own, `board` the account's capacity."""

    policy: Policy
    gate: Gate
    deal: Deal
    facts: Mapping[str, Value]
    pipeline: Pipeline
    today: date
    board: Board | None = None
