"""The Salesforce package as source: `render` makes every file of `salesforce/`."""

from connector.adapters.files import write
from connector.adapters.salesforce.package.render import (
    ENDPOINT,
    INTEGRATION_USER,
    REFUSING_FLOW,
    Org,
    render,
)

__all__ = ["ENDPOINT", "INTEGRATION_USER", "REFUSING_FLOW", "Org", "render", "write"]
