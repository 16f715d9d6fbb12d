"""What an app may ask about the org and itself."""

from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.errors import JsonObject
from sandbox.wire import Reply

_NAMES = {"63.0": "Spring '25", "64.0": "Summer '25", "65.0": "Winter '26", "66.0": "Spring '26",
          "67.0": "Summer '26", "68.0": "Winter '27"}  # fmt: skip
VERSIONS = tuple(f"{number}.0" for number in range(31, 69))


def versions() -> Reply:
    """List the API versions; needs no token."""
    return reply(
        [
            {"label": _NAMES.get(one, f"Version {one}"), "url": f"/services/data/v{one}", "version": one}
            for one in VERSIONS
        ]
    )


def resources(call: Call) -> Reply:
    names = ("sobjects", "query", "queryAll", "composite", "limits", "ui-api")
    return reply({name: f"{call.base}/{name}" for name in names})


def limits(call: Call) -> Reply:
    daily = {"Max": call.usage.limits.daily, "Remaining": call.usage.remaining}
    return reply({"DailyApiRequests": daily, "DataStorageMB": {"Max": 10_240, "Remaining": 10_000}})


def user_info(call: Call) -> Reply:
    """Say whose token this is."""
    user = call.org.get(call.user)
    organization = next(call.org.records.all("Organization"))
    body: JsonObject = {
        "sub": f"https://login.salesforce.com/id/{organization.id}/{user.id}",
        "user_id": user.id,
        "organization_id": organization.id,
        "preferred_username": user.text("Username"),
        "name": user.text("Name"),
        "email": user.text("Email"),
        "user_type": "STANDARD",
    }
    return reply(body)
