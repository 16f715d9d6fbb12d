from tests.logs import logged as logged
