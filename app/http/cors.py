"""Cross-origin requests (CORS): every origin may read and write.

There are no cookies, so a foreign page has nothing to steal.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EXPOSED: Final = (
    "Accept-Patch, Accept-Post, Allow, Content-Disposition, Content-Language, Content-Location, "
    "ETag, Idempotent-Replayed, Kaiyaku-Token, Location, RateLimit, RateLimit-Policy, "
    "Retry-After, WWW-Authenticate"
)
"""Response headers that scripts may read, in addition to those that browsers always expose."""

_ALLOWED_HEADERS: Final = (
    b"Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
)
_PREFLIGHT: Final[Message] = {
    "type": "http.response.start",
    "status": 204,
    "headers": [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", b"GET, HEAD, POST, PATCH, DELETE"),
        (b"access-control-allow-headers", _ALLOWED_HEADERS),
        (b"access-control-max-age", b"86400"),
    ],
}


class CorsMiddleware:
    """Answers preflight requests, and allows pages of any origin to read every response.

    Starlette's middleware adds `Vary: Origin` although the response is the same for every origin.
    A cache would then store each response once per origin (docs/decisions/0005).
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and any(
            name == b"access-control-request-method" for name, _ in scope["headers"]
        ):
            await send(_PREFLIGHT)
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                readable = [
                    (b"access-control-allow-origin", b"*"),
                    (b"access-control-expose-headers", EXPOSED.encode()),
                ]
                message = {**message, "headers": [*message["headers"], *readable]}
            await send(message)

        await self.app(scope, receive, send_readable)
