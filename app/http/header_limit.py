"""How large the head of a request may be: its request line and headers.

Two bounds work together. `HeaderLimit` answers with a problem document, whatever server runs the application.
`HeadLimitProtocol` is for uvicorn with httptools, which buffers a head of any size before an application sees it:
250 requests with 4 MB of `Accept-Language` took two gigabytes.
"""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES: Final = 16 * 1024
"""Of all header names and values together. Browsers send about 1 KiB, and the service sets no cookies."""

_MOST_BYTES_OF_A_HEAD: Final = 4 * MOST_BYTES
"""Of a head that has not ended yet. More than `MOST_BYTES`, so that most clients get the problem document."""

_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\naccess-control-allow-origin: *\r\ncache-control: no-store\r\ncontent-length: 0\r\n\r\n"
)


class HeaderLimit:
    """Refuses requests whose headers are larger than the bound."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope, int], ASGIApp]) -> None:
        """Wrap `app`; `refuse` gives the response to headers of more bytes than the limit."""
        self.app = app
        self.limit: Final = limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and sum(len(name) + len(value) for name, value in scope["headers"]) > self.limit:
            await self.refuse(scope, self.limit)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class HeadLimitProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol, with a bound on what it buffers of a head."""

    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client; end the connection when a head does not end within the bound."""
        super().data_received(data)
        # uvicorn begins a scope with the first byte of a head, and adds the method when the head has ended.
        if self.scope is None or "method" in self.scope or self.transport.is_closing():
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > _MOST_BYTES_OF_A_HEAD:
            self.transport.write(_REFUSAL)
            self.transport.close()
