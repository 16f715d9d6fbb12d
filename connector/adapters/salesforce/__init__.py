"""Salesforce. `Salesforce` is loaded when it is first used: the client takes a while to import."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.adapters.salesforce.crm import Salesforce

__all__ = ["Salesforce"]


def __getattr__(name: str) -> object:
    if name != "Salesforce":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from connector.adapters.salesforce import crm

    return crm.Salesforce
