"""/cards/v1: what the card in HubSpot reads and does. Start reading in `actions`."""

from webhooks.cards.routes import SOURCE, blueprint

__all__ = ["SOURCE", "blueprint"]
