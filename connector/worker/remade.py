"""Every recorded verdict made again from what it was made from, by the live policy, and held against the
record: whatever else has changed since, nothing else decides."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.desk import Desk
from connector.gates import again
from connector.verdicts import Verdict
from connector.worker.backfill import pages
from connector.worker.preview import side

_PAGE = 500
# What is decided. The clear range is left out: whether the CRM shows one is not kept with the deal.
DECIDED = (
    "readiness", "gate", "gates", "sentence", "signoffs", "clearances", "waivers", "blocked_stages", "levers",
    "fingerprint", "valid_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remade:
    """One deal's verdict of the record, and the one that comes of its inputs now."""

    deal: str
    recorded: Verdict
    made: Verdict

    @property
    def differs(self) -> tuple[str, ...]:
        """Return what is not as it was; nothing where the verdict is reproduced."""
        return tuple(name for name in DECIDED if getattr(self.made, name) != getattr(self.recorded, name))


def remade(desk: Desk) -> Iterator[Remade]:
    """Yield every deal whose newest verdict was made by the live policy."""
    live = side(desk, desk.picture().policy)
    ours = desk.store.views.under(desk.account, live.policy.version)
    for page in pages(ours, _PAGE):
        for deal in page:
            kept = desk.store.views.kept(desk.account, deal)
            if kept is not None and kept.inputs is not None:
                yield Remade(deal, kept.verdict, again(kept.inputs, live.policy, live.directory))
