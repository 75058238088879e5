"""The sessions' server and its fixtures."""

from tests.sessions.conftest import begin, http, served

__all__ = ["begin", "http", "served"]
