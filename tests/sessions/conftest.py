"""Fixtures of the sessions."""

from tests.support.sessions import http, served, start

__all__ = ["http", "served", "start"]
