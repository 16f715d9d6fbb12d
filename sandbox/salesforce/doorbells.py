"""Which saves make an outbound message."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.drafts import Change


@dataclass(frozen=True, slots=True)
class Doorbell:
    """One outbound message: of which object, with which fields, for which saves."""

    name: str
    sobject: str
    fields: tuple[str, ...]
    rings: Callable[[Change], bool]
