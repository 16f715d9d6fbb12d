"""What has happened to a deal, as the card tells it: newest entries in order, for reps without figures that
are not theirs."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from connector.explain.story import Names, Told, sentence

_FOR_REPS = frozenset({"verdict", "request", "sign-off", "decision", "move-back"})


def history(
    entries: Iterable[Told], reader: str | None, hidden: Collection[str], *, operations: bool
) -> list[Told]:
    """Return the entries that the reader (a policy person) may read; `hidden` are the fields that are not for
    reps. Of his own answer he is told, too, why it did not count."""
    news = [one for one in entries if not _is_double(one)]
    if operations:
        return news
    return [_for_rep(one, reader, hidden) for one in news if one.kind in _FOR_REPS]


def line(told: Told, names: Names) -> dict[str, str]:
    """Return one entry as the card shows it."""
    return {"at": told.at.isoformat(), "text": sentence(told, names)}


def _is_double(told: Told) -> bool:
    """Say whether the sign-off that an answer moved tells it again."""
    return told.kind == "decision" and bool(told.body.get("counted")) and bool(told.body.get("signoffs"))


def _for_rep(told: Told, reader: str | None, hidden: Collection[str]) -> Told:
    """Leave out why somebody was asked and what a yes covers of hidden fields (both may name a margin), and
    what another person was told of an answer."""
    kept = {name: text for name, text in told.beside.items() if name != "why"}
    if told.kind == "decision" and told.beside.get("person") != reader:
        kept.pop("sentence", None)
    covered = told.body.get("envelope")
    if not isinstance(covered, list):
        return replace(told, beside=kept)
    seen = [one for one in covered if one.get("field") not in hidden]
    return replace(told, body={**told.body, "envelope": seen}, beside=kept)
