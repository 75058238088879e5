"""The limit on the size of request bodies."""

from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimitMiddleware:
    """Refuses bodies over a number of bytes, with or without a Content-Length."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope, int], ASGIApp]) -> None:
        """Wrap `app`; `refuse` returns the response to a body over the limit."""
        self.app = app
        self.limit: Final = limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self.limit:
            await self.refuse(scope, self.limit)(scope, receive, send)
            return
        # Bodies are small, so the whole of one is read before the application sees any of it.
        messages: list[Message] = []
        size = 0
        while not messages or messages[-1].get("more_body", False):
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.limit:
                await self.refuse(scope, self.limit)(scope, receive, send)
                return
        waiting = iter(messages)

        async def replay() -> Message:
            message = next(waiting, None)
            return message if message is not None else await receive()

        await self.app(scope, replay, send)
