"""Where a policy comes from on the command line: a file, a published version by its hash, or `live`."""

from dataclasses import replace
from pathlib import Path

from connector.desk import Desk
from connector.drafts import Draft, priced, read_draft
from connector.errors import ConfigurationError
from connector.store.policies import Publication
from connector.worker.publish import draft_of

LIVE = "live"
SHORTEST = 4


def published(desk: Desk, name: str) -> Publication:
    """Return the newest publication of the version whose hash begins so, or the live one."""
    history = desk.store.policies.history(desk.account)
    if name == LIVE and history:
        return history[0]
    found = [one for one in history if len(name) >= SHORTEST and one.version.startswith(name.casefold())]
    if len({one.version for one in found}) == 1:
        return found[0]
    what = "is the beginning of several versions" if found else "is no published version"
    raise ConfigurationError(
        f"{name!r} {what}.", hint="`dealgate policy versions` lists them; a file is named by its path."
    )


def is_file(name: str) -> bool:
    """Say whether the name can only mean a file."""
    return Path(name).is_file() or name.endswith((".yaml", ".yml")) or "/" in name


def draft_named(name: str, desk: Desk | None) -> Draft:
    """Return the policy behind a name; `desk` where versions are wanted."""
    if desk is None:
        return read_draft(Path(name))
    if is_file(name):
        return read_draft(Path(name), desk.crm.rates)
    if name == LIVE:
        desk.picture()  # an empty database publishes the file once
    kept = draft_of(published(desk, name))
    return replace(kept, policy=priced(kept.policy, desk.crm.rates))
