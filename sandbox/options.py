"""What the command line of the sandbox says."""

from pathlib import Path
from typing import TypedDict


class Options(TypedDict):
    """What the command line says."""

    crm: str
    package: Path | None
    public_key: Path | None
    port: int
    data: Path | None
    deals: int
    seed: int
    webhook_url: str | None
    public_url: str | None
    client_secret: str
    portal_id: int
    app_id: str
    access_token: str
    duplicates: float
    disorder: float
    loss: float
    speed: float
    rate_limit: bool
