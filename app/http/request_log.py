"""The request log: method, route, status, time. Nothing about the client, nothing of the URL."""

import time
from collections.abc import Callable
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.metrics import Metrics

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Clients can invent others, and each would be a metric of its own."""

_log: Final = structlog.get_logger("kaiyaku.request")


class RequestLogMiddleware:
    """Logs and counts each request, and answers when the application raised an exception."""

    def __init__(self, app: ASGIApp, metrics: Metrics, failed: Callable[[Scope], ASGIApp]) -> None:
        """Wrap `app`; `failed` returns the response if `app` raised before it began one."""
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
        except Exception:  # noqa: BLE001 - whatever it is, the client gets an answer
            # Caught here, the exception is logged once. Passed on, the server would log its message
            # too, and close the connection although the answer did not say so.
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
    """Return the template of the route: a path can hold a session's id or a person's words."""
    return getattr(scope.get("route"), "path", None)
