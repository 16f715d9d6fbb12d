from tests.logs import logged  # noqa: F401
