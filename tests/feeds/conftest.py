"""Fixtures of the sessions that feeds belong to."""

from tests.support.sessions import http, served, start

__all__ = ["http", "served", "start"]
