"""Exception handlers: every exception of the application becomes a problem document.

Decisions: docs/decisions/0011 (log) and 0013 (failed commits).
"""

import time
from collections import Counter
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.database.errors import OutcomeUnknownError, diagnosis, is_unavailable
from app.i18n import language_of
from app.links import link
from app.problems.base import (
    InternalError,
    MethodNotAllowed,
    NotFound,
    OutcomeUnknown,
    Problem,
    RequestRefused,
    Unavailable,
    problem_response,
)

_log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Answer every exception of the application with a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database_failed)
    app.add_exception_handler(OutcomeUnknownError, outcome_unknown)
    app.add_exception_handler(Exception, _internal_error)


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # registered for this class only
    return problem_response(problem, language_of(request))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for this class only
    headers = error.headers or {}
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return _without_last_slash(request) or _problem(request, NotFound())
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allow = ", ".join(_allowed_methods(request, headers.get("Allow", "")))
            return _problem(request, MethodNotAllowed(allow=allow, headers={"Allow": allow}))
        case _:
            return _problem(request, RequestRefused(headers=headers))


def _without_last_slash(request: Request) -> Response | None:
    """Return a redirect to the path without its last slash, or None if it has none."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    bare = path.strip("/")  # also in front, because `//example.org` is a URL of another host
    if not bare or not path.endswith("/"):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(link(f"/{quote(bare)}{query}"), HTTPStatus.PERMANENT_REDIRECT)


def _allowed_methods(request: Request, route_methods: str) -> list[str]:
    """Return all methods of a path, sorted.

    Several routes can share a path, and each knows only its own methods. HEAD is added to GET.
    """
    path = getattr(request.scope.get("route"), "path", None)
    methods = {method.upper() for method in request.app.openapi()["paths"].get(path, {})}
    methods |= set(route_methods.split(", "))
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


_SECONDS_TO_RETRY: Final = "5"
_SECONDS_BETWEEN_LINES: Final = 60.0
"""Minimum time between two log lines about the same kind of failure."""

_REPEATABLE: Final = frozenset({"PUT", "PATCH", "DELETE"})
"""Methods of requests that are safe to repeat: they set a state or name a version in If-Match."""


def _database_failed(request: Request, error: Exception) -> Response:
    if not is_unavailable(error):
        raise error  # a bug: answered and logged like any other exception
    _failures.report("database unavailable", error)
    return _problem(request, Unavailable(headers={"Retry-After": _SECONDS_TO_RETRY}))


def outcome_unknown(request: Request, error: Exception) -> Response:
    """Return the response to a request whose commit failed, and log the failure.

    It has `Retry-After` only if the request is safe to repeat (docs/decisions/0013).
    """
    _failures.report("commit failed", error)
    repeatable = request.method in _REPEATABLE or "idempotency-key" in request.headers
    headers = {"Retry-After": _SECONDS_TO_RETRY} if repeatable else {}
    return _problem(request, OutcomeUnknown(headers=headers))


class _FailureLog:
    """Logs a kind of database failure once per minute instead of once per request."""

    def __init__(self) -> None:
        self._logged_at: Final[dict[tuple[str, str], float]] = {}
        self._suppressed: Final[Counter[tuple[str, str]]] = Counter()

    def report(self, event: str, error: Exception) -> None:
        kind, advice = diagnosis(error)
        now, key = time.monotonic(), (event, kind)
        if now - self._logged_at.get(key, -_SECONDS_BETWEEN_LINES) < _SECONDS_BETWEEN_LINES:
            self._suppressed[key] += 1
            return
        self._logged_at[key] = now
        suppressed = self._suppressed.pop(key, 0)
        _log.error(event, error=kind, advice=advice, more_since_last_line=suppressed)


_failures: Final = _FailureLog()


def _internal_error(request: Request, _error: Exception) -> Response:
    # Starlette raises the exception again after this response, and RequestLogMiddleware logs it.
    return _problem(request, InternalError())
