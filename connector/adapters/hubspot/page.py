"""Where people look at a deal."""

import re

_HUBLET = re.compile(r"pat-([a-z]+\d+)-")
_HOME = "na1"


def deal_page(portal_id: str, access_token: str, deal: str) -> str:
    """Return the address of a deal's page. A token names the data centre that it is of, and so does the host:
    https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide (uiDomain)."""
    found = _HUBLET.match(access_token)
    host = "app" if found is None or found[1] == _HOME else f"app-{found[1]}"
    return f"https://{host}.hubspot.com/contacts/{portal_id}/record/0-3/{deal}"
