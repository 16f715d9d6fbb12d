"""HubSpot. `HubSpot` is loaded when it is first used: the vendor's client takes a while to import."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.adapters.hubspot.crm import HubSpot

__all__ = ["HubSpot"]


def __getattr__(name: str) -> object:
    if name != "HubSpot":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from connector.adapters.hubspot import crm

    return crm.HubSpot
