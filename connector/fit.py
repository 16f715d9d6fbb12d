"""Whether an account fits a policy: what the policy names and the CRM lacks, and what no event tells of."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from connector.adapters.base import Crm, Symptom
from connector.directory import Directory
from connector.picture import wanted
from connector.policy.account import check_against
from connector.policy.model import Policy
from connector.policy.problems import Problem

Heard = Mapping[tuple[str, str], datetime]  # by object type and property: when an event last named it
_DEPLOY = "see that its subscription is deployed (`install hubspot --render FOLDER`, then hs project upload)"
_UNHEARD = f"no change of it was ever heard, while others were; if it has changed, {_DEPLOY}"


class Fit(NamedTuple):
    """Words of the policy that the account does not have (`lost`); of whose change nothing can tell
    (`silent`); of whose change nothing tells until something is deployed (`unheard`)."""

    lost: tuple[Problem, ...]
    silent: tuple[Problem, ...]
    unheard: tuple[Problem, ...]


def misfits(policy: Policy, crm: Crm) -> tuple[Problem, ...]:
    """Return what the policy names and the account does not have; fields are the adapter's to examine."""
    directory = Directory.join(policy.people, crm.users())
    return check_against(policy, crm.pipelines(), set(directory.user_of), None, lambda field: field.name)


def fit(policy: Policy, crm: Crm, heard: Heard) -> Fit:
    """Hold the policy's words against the account, and against the changes that were `heard` of so far."""
    seen = [one for one in crm.examine(wanted(policy)) if one.field in policy.fields]
    lost = {one.field: one for one in seen if not one.well}
    late = [one for one in seen if one.well]
    return Fit(
        tuple(_of_word(name, one.message, policy) for name, one in lost.items()),
        tuple(_of_word(one.field, one.message, policy) for one in late if not one.hint),
        (
            *(_of_word(one.field, _with_hint(one), policy) for one in late if one.hint),
            *(one for one in unheard(policy, crm, heard) if one.path.removeprefix("fields.") not in lost),
        ),
    )


def unheard(policy: Policy, crm: Crm, heard: Heard) -> Iterator[Problem]:
    """Yield the words of whose change no event was ever heard. That proves no lack of a subscription, for
    HubSpot shows an app's subscriptions to nobody; it may just not have changed."""
    words = wanted(policy)
    told = {name: one for name, one in crm.subscriptions(words.fields).items() if name in words.rung}
    if told and not heard:
        yield Problem(_file(policy), 1, "fields", f"no event of any property was heard yet: {_DEPLOY}")
        return
    for name, told_by in told.items():
        if told_by not in heard:
            yield _of_word(name, _UNHEARD, policy)


def _with_hint(one: Symptom) -> str:
    return f"{one.message}. {one.hint}"


def _of_word(name: str, message: str, policy: Policy) -> Problem:
    file, _, line = policy.fields[name].where.rpartition(":")
    return Problem(file or _file(policy), int(line or 1), f"fields.{name}", message)


def _file(policy: Policy) -> str:
    files = (one.where.rpartition(":")[0] for one in policy.fields.values())
    return next((file for file in files if file), "policy")
