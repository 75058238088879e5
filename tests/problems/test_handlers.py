"""Failures of the database become problems, with a hint to retry where that is safe."""

import time

import httpx
import pytest
from starlette.requests import Request
from structlog.testing import capture_logs

from app import log
from app.database import OutcomeUnknownError
from app.database.errors import DatabaseFileReplacedError
from app.problems import handlers


def test_retry_after_an_unknown_outcome_only_where_it_is_safe() -> None:
    """After a failed commit, Retry-After is sent only for requests that can be repeated safely.

    A POST without an Idempotency-Key would do its work twice.
    """
    assert "retry-after" not in _outcome("POST")
    assert "retry-after" in _outcome("POST", (b"idempotency-key", b"x"))
    assert "retry-after" in _outcome("PATCH")
    assert "retry-after" in _outcome("DELETE")


def _outcome(method: str, *headers: tuple[bytes, bytes]) -> httpx.Headers:
    scope = {"type": "http", "method": method, "headers": list(headers), "query_string": b""}
    answer = handlers.outcome_unknown(Request(scope), OutcomeUnknownError())
    assert answer.status_code == 503
    return httpx.Headers(answer.headers)


def test_repeated_failures_are_logged_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of failure is logged once a minute, with the number of those in between."""
    failures = handlers._FailureLog()  # noqa: SLF001 - the service has one for its whole life
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    log.configure("warning")
    with capture_logs() as logged:
        for seconds in (0, 1, 59, 61):
            now = 1000.0 + seconds
            failures.report("database unavailable", DatabaseFileReplacedError())
        failures.report("commit failed", DatabaseFileReplacedError())

    assert [(line["event"], line["more_since_last_line"]) for line in logged] == [
        ("database unavailable", 0),
        ("database unavailable", 2),
        ("commit failed", 0),
    ]
