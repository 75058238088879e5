"""Fixtures of the sessions."""

from tests.support.sessions import begin, http, served

__all__ = ["begin", "http", "served"]
