"""Owners, pipelines, and what an app may ask about the account and itself."""

from dataclasses import replace

from sandbox.clock import iso
from sandbox.hubspot.calls import Call, no_content, object_in, objects_in, reply, text_in
from sandbox.hubspot.errors import JsonObject, invalid, not_found
from sandbox.hubspot.kinds import DEAL
from sandbox.hubspot.pipelines import Pipeline, Stage, stage_in_use
from sandbox.wire import Reply

_DAY_MS = 86_400_000


def list_owners(call: Call) -> Reply:
    """Page through owners, at most 500 a page; the cursor is opaque."""
    found = call.account.owners.all(archived=call.flag("archived"), email=call.query.get("email"))
    start, limit = call.start(), call.limit(100, 500)
    body: JsonObject = {"results": [owner.shown() for owner in found[start : start + limit]]}
    if len(found) > start + limit:
        body["paging"] = {"next": {"after": str(start + limit), "link": f"?after={start + limit}"}}
    return reply(body)


def read_owner(call: Call) -> Reply:
    by_user = call.query.get("idProperty") == "userId"
    owner = call.account.owners.get(call.names["id"], by_user=by_user, archived=call.flag("archived"))
    return reply(owner.shown())


def list_pipelines(call: Call) -> Reply:
    _only_deals(call)
    return reply({"results": [pipeline.shown() for pipeline in call.account.pipelines.all()]})


def read_pipeline(call: Call) -> Reply:
    _only_deals(call)
    return reply(call.account.pipelines.get(call.names["id"]).shown())


def create_pipeline(call: Call) -> Reply:
    body = call.body()
    stages = tuple(_stage(one) for one in objects_in(body, "stages"))
    now = call.account.clock.now_ms()
    pipeline = Pipeline(text_in(body, "pipelineId", str(now)), text_in(body, "label"), stages, created_ms=now)
    call.account.pipelines.put(pipeline)
    return reply(pipeline.shown(), 201)


def delete_pipeline(call: Call) -> Reply:
    """From 2026-09 on a pipeline whose stages are in use stays (reference 4.4)."""
    pipeline = call.account.pipelines.get(call.names["id"])
    for stage in pipeline.stages:
        _refuse_in_use(call, pipeline, stage.id)
    call.account.pipelines.remove(pipeline.id)
    return no_content()


def list_stages(call: Call) -> Reply:
    return reply({"results": call.account.pipelines.get(call.names["id"]).shown()["stages"]})


def create_stage(call: Call) -> Reply:
    pipeline, stage = call.account.pipelines.get(call.names["id"]), _stage(call.body())
    call.account.pipelines.put(replace(pipeline, stages=(*pipeline.stages, stage)))
    return reply(stage.shown(len(pipeline.stages), call.account.clock.now_ms()), 201)


def update_stage(call: Call) -> Reply:
    """Rename a stage."""
    pipeline, body = call.account.pipelines.get(call.names["id"]), call.body()
    old = _find(pipeline, call.names["stage"])
    new = replace(old, label=text_in(body, "label", old.label))
    stages = tuple(new if stage is old else stage for stage in pipeline.stages)
    call.account.pipelines.put(replace(pipeline, stages=stages))
    return reply(new.shown(stages.index(new), call.account.clock.now_ms()))


def delete_stage(call: Call) -> Reply:
    pipeline = call.account.pipelines.get(call.names["id"])
    old = _find(pipeline, call.names["stage"])
    _refuse_in_use(call, pipeline, old.id)
    stages = tuple(stage for stage in pipeline.stages if stage is not old)
    call.account.pipelines.put(replace(pipeline, stages=stages))
    return no_content()


def audit(call: Call) -> Reply:
    """Nobody has changed a pipeline here."""
    call.account.pipelines.get(call.names["id"])
    return reply({"results": []})


def account_details(call: Call) -> Reply:
    setup = call.account.setup
    return reply(
        {
            "portalId": setup.portal_id,
            "accountType": "STANDARD",
            "timeZone": "Europe/Amsterdam",
            "companyCurrency": setup.currency,
            "additionalCurrencies": sorted(setup.rates),
            "utcOffset": "+01:00",
            "utcOffsetMilliseconds": 3_600_000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "eu1",
        }
    )


def exchange_rates(call: Call) -> Reply:
    """Say what each further currency is worth in the company's own."""
    setup, at = call.account.setup, iso(call.account.clock.now_ms())
    rows = [
        {
            "id": str(place),
            "fromCurrencyCode": currency,
            "toCurrencyCode": setup.currency,
            "conversionRate": float(rate),
            "effectiveAt": at,
            "createdAt": at,
            "updatedAt": at,
            "visibleInUI": True,
        }
        for place, (currency, rate) in enumerate(sorted(setup.rates.items()), 1)
    ]
    return reply({"results": rows})


def daily_usage(call: Call) -> Reply:
    """Say how many of today's calls are spent."""
    spent, most = call.limits.used_today, call.limits.limits.daily
    midnight = -(-call.account.clock.now_ms() // _DAY_MS) * _DAY_MS
    row = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": most,
        "currentUsage": spent,
        "collectedAt": iso(call.account.clock.now_ms()),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(midnight),
    }
    return reply({"results": [row]})


def token_info(call: Call) -> Reply:
    """Say which account, app and scopes a private app's token stands for."""
    text_in(call.body(), "tokenKey")
    setup = call.account.setup
    return reply(
        {
            "userId": int(call.account.owners.all()[0].user_id or 0) if call.account.owners.all() else 0,
            "hubId": setup.portal_id,
            "appId": int(setup.app_id),
            "scopes": sorted(setup.scopes),
        }
    )


def _only_deals(call: Call) -> None:
    if call.kind() is not DEAL:
        raise not_found(f"No pipelines for object type {call.names['kind']}")


def _find(pipeline: Pipeline, stage_id: str) -> Stage:
    stage = pipeline.stage(stage_id)
    if stage is None:
        raise not_found(f"Stage not found with stageId: {stage_id}")
    return stage


def _refuse_in_use(call: Call, pipeline: Pipeline, stage_id: str) -> None:
    places = {(r.values.get("pipeline"), r.values.get("dealstage")) for r in call.account.records.all(DEAL)}
    if call.validates_writes and (pipeline.id, stage_id) in places:
        raise stage_in_use(stage_id)


def _stage(body: JsonObject) -> Stage:
    metadata = object_in(body, "metadata")
    probability = text_in(metadata, "probability")
    try:
        valid = 0.0 <= float(probability) <= 1.0
    except ValueError:
        valid = False
    if not valid:
        raise invalid(f"Stage probability {probability} must be between 0.0 and 1.0.")
    label = text_in(body, "label")
    closed = text_in(metadata, "isClosed", "false") == "true"
    return Stage(text_in(body, "stageId", label.lower().replace(" ", "")), label, probability, closed)
