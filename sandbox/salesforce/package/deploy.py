"""A package, from its folder into an org. Deploying it again replaces what it brought before."""

from dataclasses import dataclass
from pathlib import Path

from sandbox.salesforce.doorbells import Doorbell
from sandbox.salesforce.org import Org
from sandbox.salesforce.package.fields import deploy_fields, deploy_objects
from sandbox.salesforce.package.flows import before_save_of, doorbells_of, endpoint_of, flows_of, messages_of
from sandbox.salesforce.package.permissions import deploy_permissions
from sandbox.salesforce.package.rules import computed_of, rules_of


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a package brought, by name."""

    permission_sets: tuple[str, ...]
    rules: tuple[str, ...]
    doorbells: tuple[Doorbell, ...]
    endpoint: str | None = None  # where its outbound messages go


def deploy(org: Org, folder: Path) -> Deployed:
    """Make everything in a folder of sfdx source work; DeployError where an org would refuse it.

    Objects come before fields and fields before whatever names them, as in a real deployment.
    """
    if not any(folder.rglob("*-meta.xml")):
        raise FileNotFoundError(f"There is no sfdx source in {folder}")
    with org.lock:
        deploy_objects(org, folder)
        deploy_fields(org, folder)
        sets = deploy_permissions(org, folder)
        rules = rules_of(org, folder)
        names = {(one.sobject, one.name) for one in rules}
        org.rules = [*(one for one in org.rules if (one.sobject, one.name) not in names), *rules]
        org.computed = computed_of(org, folder)
        for sobject in org.computed:
            for record in org.records.all(sobject):
                org.compute(record)
        flows, messages = flows_of(org, folder), messages_of(org, folder)
        org.flows |= {one.name: one.shown for one in flows}
        org.before_save = [before_save_of(org, flow) for flow in flows if flow.before_save]
        rung = [bell for flow in flows if not flow.before_save for bell in doorbells_of(org, flow, messages)]
    return Deployed(tuple(sets), tuple(one.name for one in rules), tuple(rung), endpoint_of(folder))
