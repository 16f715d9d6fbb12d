"""Where people look at an opportunity."""


def deal_page(url: str, deal: str) -> str:
    """Return the address of an opportunity's page in the org at `url`; Salesforce leads on to where it is."""
    return f"{url}/lightning/r/Opportunity/{deal}/view"
