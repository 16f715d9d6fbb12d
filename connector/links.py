"""Signed links by which an approver answers from a mail. A link names one card: person, deal and cycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

LIFETIME = timedelta(days=30)  # answers stay on record longer (DEALGATE_KEEP_DAYS), so none is given twice
_SALT = "dealgate-answer"


@dataclass(frozen=True, slots=True)
class Link:
    """The card that a link is for; it ends at `until`."""

    account: str
    deal: str
    person: str
    cycle: int
    until: datetime

    @property
    def digest(self) -> str:
        """Return what stands for the link on record: one answer each."""
        text = "\0".join((self.account, self.deal, self.person, str(self.cycle)))
        return sha256(text.encode()).hexdigest()[:32]


def token(link: Link, secrets: Sequence[str]) -> str:
    """Return the link's last part, signed with the newest secret (the last)."""
    ends = int(link.until.timestamp())
    signed: str = _signer(secrets[-1]).dumps([link.account, link.deal, link.person, link.cycle, ends])
    return signed


def read(text: str, secrets: Sequence[str], now: datetime) -> Link | None:
    """Return the link that one of the secrets signed, None where none did or its time is over."""
    for secret in secrets:
        try:
            account, deal, person, cycle, ends = _signer(secret).loads(text)
        except BadData:
            continue
        link = Link(account, deal, person, cycle, datetime.fromtimestamp(ends, UTC))
        return link if now <= link.until else None
    return None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT, signer_kwargs={"digest_method": sha256})
