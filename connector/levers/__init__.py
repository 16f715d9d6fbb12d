"""The cheapest way to ready: what the rep may change alone, tried out by the engine before it is shown."""

from connector.levers.change import Changes, changed, moved_money
from connector.levers.find import find, wanted

__all__ = ["Changes", "changed", "find", "moved_money", "wanted"]
