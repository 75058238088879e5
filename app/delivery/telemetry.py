"""What is logged of a request: method, route, status, time. Never who asked, nor what stood in the address."""

import logging
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.tracebacks import ExceptionDictTransformer

from app.delivery.metrics import Metrics

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Anybody can invent others; each would be a series of its own."""

_log: Final = structlog.get_logger("kaiyaku.request")


def configure(level: str) -> None:
    """Write logs as one JSON object a line on standard error."""
    numeric = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of variables: they hold what clients have sent.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.WriteLoggerFactory(file=__import__("sys").stderr),
    )


class RequestLog:
    """Logs and counts each request once it is answered."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand before `app`."""
        self.app = app
        self.metrics = metrics

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
        finally:
            # The route's template, not the path: an address can hold what is nobody's business.
            route = getattr(scope.get("route"), "path", None)
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self.metrics.requests.labels(method, route or "none", status).inc()
            self.metrics.seconds.labels(route or "none").observe(seconds)
            _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
