"""What our user may read and save, found out by trying: a record of each object, a deal of somebody else."""

from collections.abc import Callable, Iterator
from functools import partial

from connector.adapters.base import Symptom, Wanted
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.hanging import FILE, ROLE, subqueries
from connector.adapters.salesforce.history import HISTORY
from connector.adapters.salesforce.library import ACCOUNT, LINE, OPPORTUNITY, TASK
from connector.adapters.salesforce.notes import NOTE
from connector.adapters.salesforce.people import USER
from connector.adapters.salesforce.pipelines import STAGE
from connector.adapters.salesforce.rates import CURRENCY
from connector.adapters.salesforce.soql import select
from connector.adapters.salesforce.tasks import closed_status
from connector.errors import CrmError
from connector.policy.model import Home

_SHARING = "UserRecordAccess"
_ACCESS = ("RecordId", "HasEditAccess")
_SETUP = "Assign the permission set Dealgate: Integration to the integration user."


def rights(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Yield what was tried, and whether it is granted."""
    yield from _readable(client, wanted)
    yield from _readable_files(client, wanted)
    yield from _saving(client)
    yield _tried("a task status that closes", lambda: closed_status(client))


def _readable(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Read one record of each object that we need."""
    objects = [OPPORTUNITY, HISTORY, TASK, USER, STAGE, NOTE]
    objects += [LINE] if wanted.line_items else []
    objects += [ACCOUNT] if any(field.home is Home.COMPANY for field in wanted.fields) else []
    objects += [CURRENCY] if wanted.rates else []
    objects += [ROLE] if any(field.home is Home.CONTACT for field in wanted.fields) else []
    for name in objects:
        yield _tried(f"read {name}", partial(client.rows, select(("Id",), name, rest="LIMIT 1"), name))


def _readable_files(client: Client, wanted: Wanted) -> Iterator[Symptom]:
    """Read the files of one deal: Salesforce answers no query for them that names no record."""
    files = [field for field in wanted.fields if field.home is Home.FILE]
    if files:
        query = select(("Id", *subqueries(files)), OPPORTUNITY, rest="LIMIT 1")
        yield _tried(f"read {FILE}", partial(client.rows, query, OPPORTUNITY))


def _tried(name: str, call: Callable[[], object]) -> Symptom:
    try:
        call()
    except CrmError as fault:
        return Symptom(name, well=False, message=fault.message, hint=fault.hint or _SETUP)
    return Symptom(name, well=True, message="granted")


def _saving(client: Client) -> Iterator[Symptom]:
    """Ask whether we may save the newest deal of somebody else: View All shows it, sharing lets it be saved.

    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_userrecordaccess.htm
    """
    us = client.token.user or ""
    newest = select(("Id",), OPPORTUNITY, "OwnerId != {}", us, rest="ORDER BY CreatedDate DESC LIMIT 1")
    try:
        for row in client.rows(newest, OPPORTUNITY):
            where = "UserId = {} AND RecordId = {}"
            (access,) = client.rows(select(_ACCESS, _SHARING, where, us, row["Id"]), _SHARING)
            yield _saved(may=access["HasEditAccess"] is True)
    except CrmError as fault:
        yield Symptom("save opportunities", well=False, message=fault.message, hint=fault.hint or _SETUP)


def _saved(*, may: bool) -> Symptom:
    if may:
        return Symptom("save opportunities", well=True, message="granted")
    message = "sharing does not let the integration user save opportunities of others"
    hint = "Setup > Sharing Settings > Opportunity Sharing Rules: share all with him, Read/Write."
    return Symptom("save opportunities", well=False, message=message, hint=hint)
