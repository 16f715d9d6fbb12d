"""What the doctor looks at on our own side: policy, people, web, database, backlog, parked, alarms."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import requests
from prometheus_client.parser import text_string_to_metric_families

from connector.adapters.base import Symptom
from connector.desk import Desk
from connector.errors import DealgateError
from connector.mail import MailRefused, MailUnavailable
from connector.picture import Picture, misfits
from connector.policy.model import OWNER_MANAGER, Mode
from connector.worker.clock import SWEEP

_TIMEOUT = (2.0, 5.0)
_SILENT = timedelta(hours=24)
_SHOWN = 5


def examine(desk: Desk) -> tuple[Symptom, ...]:
    """Return all symptoms, the CRM's first; what cannot be looked at is a symptom too."""
    try:
        picture = desk.picture()
        crm = desk.crm.examine(picture.wanted)
        ours = (*_policy(desk, picture), *_people(picture))
    except DealgateError as error:
        crm, ours = (Symptom("crm", well=False, message=error.message, hint=error.hint),), ()
    return (*crm, *ours, *_mail(desk), *_web(desk), *_sweep(desk), *_records(desk))


def _policy(desk: Desk, picture: Picture) -> Iterator[Symptom]:
    problems = misfits(picture.policy, desk.crm)
    for problem in problems:
        yield Symptom(
            "policy", well=False, message=str(problem), hint="Correct it and publish the policy again."
        )
    if not problems:
        version = picture.policy.version[:8]
        yield Symptom("policy", well=True, message=f"version {version} fits the account")


def _people(picture: Picture) -> Iterator[Symptom]:
    """A blocking gate whose people cannot be reached would shut for good."""
    policy, directory = picture.policy, picture.context.directory
    blocking = {matrix for gate in policy.gates if gate.mode is Mode.BLOCK for matrix in gate.matrices}
    roles = {role for name in blocking for row in policy.matrices[name].rows for role in row.roles}
    for name in sorted(roles):
        role = policy.roles[name]
        fixed = [holder for holder in role.holders if holder != OWNER_MANAGER]
        able = [holder for holder in fixed if directory.reachable(holder)]
        well = bool(able) or OWNER_MANAGER in role.holders
        message = f"{len(able)} of {len(fixed)} holders are active users of the CRM"
        hint = "" if well else f"Nobody can sign: name an active user in the policy ({role.where})."
        yield Symptom(f"people: {role.label}", well=well, message=message, hint=hint)


def _mail(desk: Desk) -> Iterator[Symptom]:
    if desk.settings.smtp_url is None:
        yield Symptom("mail", well=True, message="printed, since DEALGATE_SMTP_URL is not set")
        return
    try:
        desk.mailer.check()
    except (MailUnavailable, MailRefused) as error:
        yield Symptom("mail", well=False, message=error.message, hint="Check DEALGATE_SMTP_URL.")
    else:
        yield Symptom("mail", well=True, message="the mail server answers")


def _web(desk: Desk) -> Iterator[Symptom]:
    url = desk.settings.public_url
    try:
        well = requests.get(f"{url}/healthz", timeout=_TIMEOUT, allow_redirects=False).ok
        said = "answers" if well else "answers, but not as Dealgate does"
    except requests.RequestException:
        well, said = False, "does not answer"
    hint = "" if well else "Start `dealgate serve` or `web`, and check DEALGATE_PUBLIC_URL."
    yield Symptom("webhooks reach us", well=well, message=f"{url} {said}", hint=hint)
    if well:
        yield _silence(desk)


def _silence(desk: Desk) -> Symptom:
    last = _last_webhook(desk)
    if last is None:
        hint = "Change a deal; if this stays, check the app's webhook subscriptions and the client secret."
        return Symptom("webhooks heard", well=False, message="none since the web process started", hint=hint)
    age = desk.now() - last
    hint = "" if age < _SILENT else "Check the app's webhook subscriptions; the sweep repairs meanwhile."
    return Symptom(
        "webhooks heard", well=age < _SILENT, message=f"last {age.total_seconds():.0f} s ago", hint=hint
    )


def _last_webhook(desk: Desk) -> datetime | None:
    try:
        answer = requests.get(f"http://{desk.settings.host}:{desk.settings.port}/metrics", timeout=_TIMEOUT)
    except requests.RequestException:
        return None
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            if (
                sample.name == "dealgate_webhook_last_timestamp_seconds"
                and sample.labels.get("account") == desk.account
            ):
                return datetime.fromtimestamp(sample.value, UTC)
    return None


def _sweep(desk: Desk) -> Iterator[Symptom]:
    last = desk.store.jobs.finished_at(desk.account, SWEEP)
    late = timedelta(seconds=3 * desk.settings.sweep_seconds)
    well = last is not None and desk.now() - last < late
    message = f"last at {last:%Y-%m-%d %H:%M} UTC" if last else "never ran"
    yield Symptom("sweep", well=well, message=message, hint="" if well else "Is a worker running?")


def _records(desk: Desk) -> Iterator[Symptom]:
    waiting = desk.store.bells.backlog(desk.account, desk.now())
    oldest = (desk.now() - waiting.oldest).total_seconds() if waiting.oldest else 0.0
    well = oldest < 300
    yield Symptom("backlog", well=well, message=f"{waiting.due} due, the oldest for {oldest:.0f} s",
                  hint="" if well else "Is a worker running? Is the CRM reachable?")  # fmt: skip
    for parked in desk.store.bells.parked(desk.account, limit=_SHOWN):
        name = f"parked {parked.type} {parked.id}"
        yield Symptom(name, well=False, message=f"{parked.reason}: {parked.message}",
                      hint="It is tried again when it changes.")  # fmt: skip
    for refused in desk.store.outbox.refused(desk.account, limit=_SHOWN):
        name = f"refused by the CRM: {refused.kind} of deal {refused.deal}"
        yield Symptom(name, well=False, message=f"{refused.reason}: {refused.message}",
                      hint="Mend it in the CRM; it is tried again with the deal's next change.")  # fmt: skip
    account = desk.store.accounts.get(desk.account)
    if account.paused:
        yield Symptom("paused", well=False, message="every gate observes", hint="Run `dealgate resume`.")
    if account.tripped(desk.now()):
        yield Symptom("brake", well=False, message=str(account.tripped_reason),
                      hint="Look why so much is asked, then `dealgate resume`.")  # fmt: skip
