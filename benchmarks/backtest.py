"""How long a backtest takes, and how much memory: crm_sales' 8,800 deals against a draft of 30 rows.

The draft has ten bands of discount in each of three regions; it is compared with the policy of the set, so
that every crossing is judged twice. The floor beside it: the same files read, and nothing judged.
"""

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.calls_deals import DATA
from benchmarks.support import Options, options, print_json, report
from connector.backtest.report import report as told
from connector.backtest.tally import Tally
from connector.backtest.trial import Trial
from connector.commands.csv_past import past_of
from connector.commands.demo import policy
from connector.drafts import read_draft
from connector.policy.model import Policy
from sandbox.loaders import crm_sales

_REGIONS = {"central": "Central", "east": "East", "west": "not(Central, East)"}
_BANDS = ("<= 2%", "(2%..4%]", "(4%..6%]", "(6%..8%]", "(8%..10%]", "(10%..12%]", "(12%..15%]", "(15%..20%]",
          "(20%..30%]", "> 30%")  # fmt: skip
_WHO = ("decides: sales",) * 4 + ("sign-off: sales-manager",) * 3 + ("sign-off: operations",) * 3


def draft_text() -> str:
    """Return the policy of the set with 30 rows in place of its three, and a gate at every stage."""
    text = policy("crm_sales").read_text(encoding="utf-8")
    head, _, rest = text.partition("authority:\n")
    rows = "".join(
        f'      - {{id: {name}-{place}, region: "{region}", discount: "{band}", {who}}}\n'
        for name, region in _REGIONS.items()
        for place, (band, who) in enumerate(zip(_BANDS, _WHO, strict=True))
    )
    matrix = f"authority:\n  discount:\n    hit: unique\n    inputs: [region, discount]\n    rows:\n{rows}\n"
    fields = "fields:\n  region: {hubspot: region, type: enum, options: [Central, East, West]}\n"
    return head.replace("fields:\n", fields) + matrix + "gates:\n" + rest.partition("gates:\n")[2]


def measure(folder: Path) -> dict[str, float | int]:
    """Return seconds to read the files, seconds of the whole backtest, and the peak of memory in MB."""
    with TemporaryDirectory() as place:
        path = Path(place) / "draft.yaml"
        path.write_text(draft_text(), encoding="utf-8")
        draft = read_draft(path).policy
    live = read_draft(policy("crm_sales")).policy
    before = time.perf_counter()
    crossings = sum(1 for _ in past_of(folder, draft).crossings)
    read = time.perf_counter()
    found = told(_tally(folder, draft, live))
    done = time.perf_counter()
    rows = sum(len(matrix.rows) for matrix in draft.matrices.values())
    counts = found["crossings"]
    judged = counts["all"] if isinstance(counts, dict) else 0
    return {
        "crossings": crossings,
        "judged": int(judged),
        "rows": rows,
        "read_seconds": round(read - before, 2),
        "seconds": round(done - read, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _tally(folder: Path, draft: Policy, live: Policy) -> Tally:
    past = past_of(folder, draft)
    return Tally(Trial(draft, past.world), Trial(live, past_of(folder, live).world)).add_all(past.crossings)


def main(asked: Options) -> None:
    """Measure, print a table, and the JSON where asked."""
    if not crm_sales.recognises(DATA):
        sys.exit(f"The data set crm_sales is not there: {DATA} holds no sales_pipeline.csv.")
    found = measure(DATA)
    report("crm_sales against a draft of 30 rows", ("", "seen"), list(found.items()))
    if asked.json:
        print_json(found)


if __name__ == "__main__":
    main(options("How long a backtest takes, and how much memory."))
