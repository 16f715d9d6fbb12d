"""Print docs/settings.md."""

from connector.settings.describe import as_markdown

print(as_markdown(), end="")
