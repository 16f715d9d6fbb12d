"""The gates: the only place where a deal is judged.

Start reading in `assess`; from there in the order of its work: `place` (which gates, where the deal stands),
`before` (did the gate exist), `judge` and `folding` (what one gate says), `asking`, `occasions`, `questions`
(who is asked), `badge` (what is shown), `way_out` (what would open it), `record`, `clearing` (what is kept).
"""

from connector.gates.again import again, under
from connector.gates.assess import assess, judged, retire
from connector.gates.record import after

__all__ = ["after", "again", "assess", "judged", "retire", "under"]
