"""The request log: method, route, status and time. It holds no URL and nothing about the client."""

import time
from collections.abc import Callable
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.metrics import Metrics

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Other methods are counted as `other`: each name that a client invents would be a new metric."""

_log: Final = structlog.get_logger("kaiyaku.request")


class RequestLogMiddleware:
    """Logs and counts each request; answers with an error if the application raises one.

    FastAPI handles unexpected errors outside the middleware that is added to it, so that such a
    500 would lack the headers of the other layers (docs/decisions/0003).
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, failed: Callable[[Scope], ASGIApp]) -> None:
        """Wrap `app`; `failed` returns the response if `app` raises before it starts one."""
        self.app = app
        self.metrics = metrics
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:  # noqa: BLE001 - the client gets a response to any failure
            # Not raised again: the server would log the exception a second time and close the
            # connection, which the response does not announce.
            _log.exception("request failed", route=_route(scope))
            if not status:
                await self.failed(scope)(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = _route(scope)
            self.metrics.requests.labels(method, route or "none", status).inc()
            self.metrics.seconds.labels(route or "none").observe(seconds)
            _log.info(
                "request", method=method, route=route, status=status, ms=round(seconds * 1000, 1)
            )


def _route(scope: Scope) -> str | None:
    """Return the template of the route. The path itself can hold a session id or private words."""
    return getattr(scope.get("route"), "path", None)
