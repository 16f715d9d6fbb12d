"""The HubSpot project as source: `render` makes every file of `hubspot/`."""

from connector.adapters.hubspot.project.render import ENDPOINT, render
from connector.adapters.hubspot.project.source import sources

__all__ = ["ENDPOINT", "render", "sources"]
