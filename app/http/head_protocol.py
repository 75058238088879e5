"""The limit on the head of a request (request line and headers) that the server buffers.

uvicorn with httptools has no limit: 250 requests with 4 MB of `Accept-Language` each took 2 GB of
memory.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.http.header_limit import MOST_BYTES

_MOST_BYTES_OF_A_HEAD: Final = 4 * MOST_BYTES
"""Bytes of an incomplete head.

It is larger than `MOST_BYTES`, so that most oversized requests reach `HeaderLimitMiddleware`, which
answers with a problem document.
"""

_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\naccess-control-allow-origin: *\r\n"
    b"cache-control: no-store\r\ncontent-length: 0\r\n\r\n"
)


class HeadLimitProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol, with a limit on the size of a request head."""

    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Parse bytes from the client; answer 431 and close when a head exceeds the limit."""
        super().data_received(data)
        # uvicorn creates the scope at the first byte of a head and adds the method at its end, so
        # a scope without a method means that the head is incomplete.
        if self.scope is None or "method" in self.scope or self.transport.is_closing():
            self._head_bytes = 0
            return
        self._head_bytes += len(data)
        if self._head_bytes > _MOST_BYTES_OF_A_HEAD:
            self.transport.write(_REFUSAL)
            self.transport.close()
