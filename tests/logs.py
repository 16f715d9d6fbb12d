"""What is logged, for tests to read."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from connector.observe import configure_logging


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that reaches the logs, one JSON object a line."""
    text = io.StringIO()
    monkeypatch.setattr("sys.stderr", text)
    known = structlog.get_config()
    before, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logging(level="debug", as_json=True)
    yield text
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(level)
    structlog.configure(**known)
