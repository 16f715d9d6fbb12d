"""The External Client App by which the connector signs in, with no more than it needs.

It lies in a folder of its own: an org that has made one by hand leaves it out. The part with certificate,
key and secret is made in Setup; Salesforce wants it in no repository.
https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_extlclntappglobaloauthsettings.htm
"""

from collections.abc import Iterator

from connector.adapters.salesforce.fields import Audience
from connector.adapters.salesforce.package.xml import document, element

FOLDER = "client-app"
APP = "Dealgate"


def client_app() -> Iterator[tuple[str, str, str, str]]:
    """Yield (type, member, path below the folder, text) of each file."""
    app = (
        element("contactEmail", "dealgate@example.com"),
        element("description", "The way in of the Dealgate connector: one user, the API and nothing else."),
        element("distributionState", "Local"),
        element("isProtected", content=False),
        element("label", "Dealgate"),
    )
    yield (
        "ExternalClientApplication",
        APP,
        f"externalClientApps/{APP}.eca-meta.xml",
        document("ExternalClientApplication", app),
    )
    name = f"{APP}_oauth"
    scopes = (
        element("commaSeparatedOauthScopes", "Api"),
        element("externalClientApplication", APP),
        element("isFirstPartyAppEnabled", content=False),
        element("label", name),
    )
    path = f"extlClntAppOauthSettings/{name}.ecaOauth-meta.xml"
    yield "ExtlClntAppOauthSettings", name, path, document("ExtlClntAppOauthSettings", scopes)
    name = f"{APP}_policies"
    policies = (
        element("commaSeparatedPermissionSet", Audience.INTEGRATION.value),
        element("externalClientApplication", APP),
        element("ipRelaxationPolicyType", "Enforce"),
        element("label", name),
        element("permittedUsersPolicyType", "AdminApprovedPreAuthorized"),
        element("refreshTokenPolicyType", "Zero"),
    )
    path = f"extlClntAppOauthPolicies/{name}.ecaOauthPlcy-meta.xml"
    yield (
        "ExtlClntAppOauthConfigurablePolicies",
        name,
        path,
        document("ExtlClntAppOauthConfigurablePolicies", policies),
    )
