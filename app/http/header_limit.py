"""How large the headers of a request may be, whatever server runs the application.

`app.http.head_protocol` bounds what uvicorn buffers before an application sees a request.
"""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BYTES: Final = 16 * 1024
"""Bytes of all header names and values. Browsers send about 1 KiB; there are no cookies."""


class HeaderLimitMiddleware:
    """Refuses requests whose headers are larger than the bound."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope, int], ASGIApp]) -> None:
        """Wrap `app`; `refuse` gives the response to headers of more bytes than the limit."""
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
