"""Who plays: the CRMs that are started for a demo, test or benchmark."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from connector.demo.sides import HubSpotSide, SalesforceSide, Side
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.faults import FaultPlan
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.salesforce.sandbox import SalesforceSandbox

CRMS = ("hubspot", "salesforce")
_ADD_ON = 250  # calls in 10 seconds with HubSpot's API limit add-on


@contextmanager
def sides(
    company: Company,
    crms: Iterable[str] = CRMS,
    *,
    clock: Clock | None = None,
    faults: FaultPlan | None = None,
) -> Iterator[tuple[Side, ...]]:
    """Start these CRMs with the same company in each, one clock for all where one is given."""
    with ExitStack() as stack:
        yield tuple(_side(stack, name, company, clock, faults) for name in crms)


def _side(
    stack: ExitStack, name: str, company: Company, clock: Clock | None, faults: FaultPlan | None
) -> Side:
    if name == "hubspot":
        limits = Limits(burst=_ADD_ON)
        return HubSpotSide(
            stack.enter_context(HubSpotSandbox(company, limits=limits, clock=clock, faults=faults))
        )
    if name == "salesforce":
        return SalesforceSide(stack.enter_context(SalesforceSandbox(company, clock=clock, faults=faults)))
    raise ValueError(f"There is no {name} in small.")
