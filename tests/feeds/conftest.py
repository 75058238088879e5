"""Fixtures of the sessions, which feeds belong to."""

from tests.support.sessions import begin, http, served

__all__ = ["begin", "http", "served"]
