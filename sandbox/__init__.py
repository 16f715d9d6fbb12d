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

Whoever acts: `crm.act_as(user)`, `crm.workflow()`, `crm.imports()`, `crm.other_app("88001")`; each leaves
its own trace in history and webhooks. `crm.subscribe(target)` where the receiver starts second.
`crm.faults.set([Fault(FaultKind.TIMEOUT, "POST objects/tasks*", after=True)])`;
`crm.set_limits(Limits(on=False))`;
`Clock(speed=600)` shortens retries and index lag; `Setup(...)` is what differs between accounts.
Routes in counters and faults carry no version and no ids: `POST objects/deals/batch/read`,
`PATCH objects/deals/{id}`, `POST associations/deals/line_items/batch/read`.

A company to fill it with: `sandbox.brightline.EMPTY` (the default: people, products, pipelines, no deals),
`sandbox.generator.generate(deals, seed=, now_ms=)`, `sandbox.loaders.crm_sales.load(folder)`,
`sandbox.loaders.hubspot_seed.load(folder)`. Its history as live acts: `sandbox.replay.Replay`.
From another process: `dealgate sandbox` and `sandbox.remote.RemoteSandbox(url)`. What is modelled: FACTS.md.

Salesforce, the same way:

    from sandbox.salesforce.messages import MessageTarget
    from sandbox.salesforce.sandbox import SalesforceSandbox

    with SalesforceSandbox(webhooks=MessageTarget(url, duplicates=0.1)) as crm:
        crm.deploy(Path("salesforce"))            # without a package: no fields, rules or messages of ours
        app = crm.connected_app                   # client_id, client_secret; public_key=PEM for JWT
        acme = {"Name": "Acme", "StageName": "discovery"}
        deal = crm.act_as("9101").create_opportunity(acme, [{"sku": "DP-CORE", "Discount": 18}])
        crm.act_as("9101").move(deal, "contract")
        crm.act_as("9120").decide(task, "yes-up-to", limit="15")
        crm.deal(deal), crm.tasks_of(deal), crm.lines_of(deal), crm.history_of(deal), crm.calls
        crm.wait_webhooks_idle()

Answers come over plain HTTP at `crm.url`; simple-salesforce asks for https://DOMAIN.salesforce.com, so its
session must lead there. Users go by the company's user id, e-mail or username (`seed.INTEGRATION`,
`seed.ADMIN`, `seed.LOADER`); a refused act raises SalesforceError. Stage API names are the company's stage
ids, labels differ; pipelines are record types; the company's fields are `NAME__c`. Switches:
`expire_sessions()`, `lock_record(id)`, `add_rule(...)`, `drop_field(...)`, `set_limits(Limits(used=...))`,
`Setup(multi_currency=False, ...)`, and the faults: `Fault(FaultKind.PARTIAL, "PATCH composite/sobjects*")`.
Routes: `GET query Opportunity`, `PATCH composite/sobjects Opportunity`, `POST composite/sobjects Task`.
"""
