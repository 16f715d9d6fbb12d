"""The two CRMs in small, over real HTTP, with fault switches. HubSpot:

    from sandbox.hubspot.sandbox import HubSpotSandbox
    from sandbox.hubspot.webhooks import WebhookTarget

    with HubSpotSandbox(webhooks=WebhookTarget(url, secret, public_url=None, duplicates=0.1)) as crm:
        client = hubspot.HubSpot(access_token=crm.token, host=crm.url)
        deal = crm.act_as("9101").create_deal({"dealname": "Acme", "dealstage": "discovery"}, lines=[{...}])
        crm.act_as("9101").move(deal, "contract")
        crm.act_as("9120").decide(task, "yes-up-to", limit="15", note="")
        crm.deal(deal), crm.tasks_of(deal), crm.notes_of(deal), crm.lines_of(deal), crm.calls
        crm.wait_webhooks_idle()

`crm.subscribe(target)` later where the receiver starts second; `crm.workflow()`, `crm.imports()`,
`crm.other_app("88001")` act as others; `crm.set_limits(Limits(on=False))`;
`crm.faults.set([Fault(FaultKind.TIMEOUT, "POST objects/tasks*", after=True)])`.
Routes in counters and faults carry no version and no ids:
`POST objects/deals/batch/read`, `PATCH objects/deals/{id}`, `POST associations/deals/line_items/batch/read`.
"""
