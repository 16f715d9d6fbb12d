"""Deploying sfdx source: its fields, rules, flows and permission sets begin to work in the org."""

from sandbox.salesforce.package.deploy import deploy
from sandbox.salesforce.package.metadata import DeployError
from sandbox.salesforce.package.rules import customer_rule

__all__ = ["DeployError", "customer_rule", "deploy"]
