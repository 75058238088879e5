"""Token renewal while the secret is rotated: a response carries a new token for an outdated one."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "Kaiyaku-Token"

_STATE: Final = "renewed_token"


def renew(scope: Scope, token: str) -> None:
    """Send the token with the response to this request, in the header `Kaiyaku-Token`."""
    scope["state"][_STATE] = token


class RenewedTokenMiddleware:
    """Adds the renewed token to every response, including problems.

    A client that only gets a 412 must not lose its session either.
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
