"""Capacity: when a deal's work fits beside everything else. Start reading in `search.ask`."""
