"""Plain text as the HTML that HubSpot shows in tasks and notes."""

from html import escape


def paragraphs(text: str) -> str:
    """Return the text with its lines kept and nothing in it taken for markup."""
    return escape(text, quote=False).replace("\n", "<br>")
