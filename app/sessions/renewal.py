"""Token renewal during a change of the secret: a response carries the successor of an old token."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "Kaiyaku-Token"

_STATE: Final = "renewed_token"


def renew(scope: Scope, token: str) -> None:
    """Have the answer to this request carry the token."""
    scope["state"][_STATE] = token


class RenewedTokenMiddleware:
    """Adds the renewed token to every response of `app`, problems too.

    A client that gets only a 412 keeps its session as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_renewed(message: Message) -> None:
            if message["type"] == "http.response.start" and _STATE in state:
                MutableHeaders(raw=message["headers"])[HEADER] = state[_STATE]
            await send(message)

        await self.app(scope, receive, send_renewed)
