"""Whether the CRM's webhooks reach us: the public address answers, and something was heard lately."""

from collections.abc import Iterator
from datetime import timedelta

import requests

from connector.adapters.base import Symptom
from connector.adapters.outbound import authorities, proxies
from connector.desk import Desk

_TIMEOUT = (2.0, 5.0)
_SILENT = timedelta(days=3)  # longer than a weekend


def webhooks(desk: Desk) -> Iterator[Symptom]:
    """Look from outside, and at what any web process has put on record."""
    yield _address(desk.settings.public_url)
    yield _silence(desk)


def _address(url: str) -> Symptom:
    try:
        answer = _asked(f"{url}/healthz")
        well = answer.ok and "application/json" in answer.headers.get("Content-Type", "")
        said = "answers" if well else f"answers {answer.status_code}, but not as Dealgate does"
    except requests.RequestException:
        well, said = False, "does not answer"
    hint = "" if well else "Start `dealgate serve` or `web`, and check DEALGATE_PUBLIC_URL."
    return Symptom("webhooks reach us", well=well, message=f"{url} {said}", hint=hint)


def _asked(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False  # by the same way as calls to the CRM
        session.proxies, session.verify = proxies(url), authorities() or True
        return session.get(url, timeout=_TIMEOUT, allow_redirects=False)


def _silence(desk: Desk) -> Symptom:
    last = desk.store.accounts.get(desk.account).heard_at
    if last is None:
        hint = f"Change a deal; if this stays, check {desk.crm.tells_by}."
        return Symptom("webhooks heard", well=False, message="none ever", hint=hint)
    well = desk.now() - last < _SILENT
    hint = "" if well else f"Check {desk.crm.tells_by}; the sweep repairs meanwhile."
    return Symptom("webhooks heard", well=well, message=f"last about {last:%Y-%m-%d %H:%M} UTC", hint=hint)
