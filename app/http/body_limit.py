"""The limit on the size of request bodies."""

from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimitMiddleware:
    """Refuses requests with a body over the limit, with or without a Content-Length."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope, int], ASGIApp]) -> None:
        """Wrap `app`; `limit` is in bytes, `refuse` returns the response to a larger body."""
        self.app = app
        self.limit: Final = limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        content_length = Headers(scope=scope).get("content-length", "0")
        if content_length.isdecimal() and int(content_length) > self.limit:
            await self.refuse(scope, self.limit)(scope, receive, send)
            return
        # Read whole before the application sees any of it: a refusal must be the only response.
        # The limit keeps this small.
        messages: list[Message] = []
        size = 0
        while not messages or messages[-1].get("more_body", False):
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.limit:
                await self.refuse(scope, self.limit)(scope, receive, send)
                return
        unread_messages = iter(messages)

        async def replay() -> Message:
            message = next(unread_messages, None)
            return message if message is not None else await receive()

        await self.app(scope, replay, send)
