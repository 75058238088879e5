"""The limit on the size of request headers; it holds with any ASGI server.

`app.http.head_protocol` limits what uvicorn buffers before the application sees a request.
"""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BYTES: Final = 16 * 1024
"""Bytes of all header names and values together. Browsers send about 1 KiB; cookies are not used.
"""


class HeaderLimitMiddleware:
    """Refuses requests whose headers are larger than the limit."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope, int], ASGIApp]) -> None:
        """Wrap `app`; `limit` is in bytes, `refuse` returns the response to larger headers."""
        self.app = app
        self.limit: Final = limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if (
            scope["type"] == "http"
            and sum(len(name) + len(value) for name, value in scope["headers"]) > self.limit
        ):
            await self.refuse(scope, self.limit)(scope, receive, send)
            return
        await self.app(scope, receive, send)
