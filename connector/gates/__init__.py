"""The gates: the only place where a deal is judged. Start reading in `assess`."""

from connector.gates.again import again, under
from connector.gates.assess import assess, judged, retire
from connector.gates.record import after

__all__ = ["after", "again", "assess", "judged", "retire", "under"]
