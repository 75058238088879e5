"""Exception handlers: every failure of the application becomes a problem document."""

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
    """Answer every failure of the application with a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database_failed)
    app.add_exception_handler(OutcomeUnknownError, outcome_unknown)
    app.add_exception_handler(Exception, _fault)


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
    """Return a redirect to the address without its last slash, or None if it has none."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    bare = path.strip("/")  # also at the front: `//example.org` would be an address on another host
    if not bare or not path.endswith("/"):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(link(f"/{quote(bare)}{query}"), HTTPStatus.PERMANENT_REDIRECT)


def _allowed_methods(request: Request, route_methods: str) -> list[str]:
    """Return the methods of an address.

    A route knows only its own methods, and several routes can share a path. HEAD works wherever
    GET does.
    """
    path = getattr(request.scope.get("route"), "path", None)
    methods = {method.upper() for method in request.app.openapi()["paths"].get(path, {})}
    methods |= set(route_methods.split(", "))
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


_SECONDS_TO_RETRY: Final = "5"
_SECONDS_BETWEEN_LINES: Final = 60.0
"""Between two log lines about the same kind of failure."""

_REPEATABLE: Final = frozenset({"PUT", "PATCH", "DELETE"})
"""Methods whose requests can be sent again: they set a state, or name the version in If-Match."""


def _database_failed(request: Request, error: Exception) -> Response:
    if not is_unavailable(error):
        raise error  # a fault of the code: answered and logged as any other
    _failures.report("database unavailable", error)
    return _problem(request, Unavailable(headers={"Retry-After": _SECONDS_TO_RETRY}))


def outcome_unknown(request: Request, error: Exception) -> Response:
    """Return the answer to a request whose commit failed.

    It has `Retry-After` only where the request can be sent again safely.
    """
    _failures.report("commit failed", error)
    repeatable = request.method in _REPEATABLE or "idempotency-key" in request.headers
    headers = {"Retry-After": _SECONDS_TO_RETRY} if repeatable else {}
    return _problem(request, OutcomeUnknown(headers=headers))


class _FailureLog:
    """Logs a kind of database failure once a minute, not once a request."""

    def __init__(self) -> None:
        self._logged: Final[dict[tuple[str, str], float]] = {}
        self._more: Final[Counter[tuple[str, str]]] = Counter()

    def report(self, event: str, error: Exception) -> None:
        kind, advice = diagnosis(error)
        now, key = time.monotonic(), (event, kind)
        if now - self._logged.get(key, -_SECONDS_BETWEEN_LINES) < _SECONDS_BETWEEN_LINES:
            self._more[key] += 1
            return
        self._logged[key] = now
        _log.error(event, error=kind, advice=advice, more_since_last_line=self._more.pop(key, 0))


_failures: Final = _FailureLog()


def _fault(request: Request, _error: Exception) -> Response:
    # Starlette raises the error again after the answer, and the server logs it.
    return _problem(request, InternalError())
