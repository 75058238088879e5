"""Headers of every response."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""A response of the API is data: a browser that shows it runs and loads nothing."""

PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The documentation pages load nothing from other hosts; their generators write inline styles."""


class SecurityHeadersMiddleware:
    """Adds the headers that keep browsers from guessing what a response is."""

    def __init__(self, app: ASGIApp, policy: Callable[[str], str]) -> None:
        """Wrap `app`; `policy` returns the Content-Security-Policy of a path.

        It is set on responses that have none.
        """
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
                headers.setdefault("content-security-policy", self.policy(scope["path"]))
                message["headers"] = headers.raw
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ContentLocationMiddleware:
    """Sets `Content-Location` to the canonical URL of a localised response.

    The canonical URL names the language, and its query is sorted.
    """

    def __init__(self, app: ASGIApp, link: Callable[[str], str]) -> None:
        """Wrap `app`; `link` returns the address that clients use for a path."""
        self.app = app
        self.link = link

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return

        async def send_with_address(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                headers = MutableHeaders(raw=message["headers"])
                # Of a language that is not complete the header also names English, after it.
                language = headers.get("content-language", "").partition(",")[0]
                if language and headers.get("cache-control") != "no-store":
                    query = parse_qsl(
                        scope["query_string"].decode("latin-1"), keep_blank_values=True
                    )
                    others = [(name, value) for name, value in query if name != "lang"]
                    canonical = urlencode(sorted([*others, ("lang", language)]))
                    headers["content-location"] = f"{self.link(scope['path'])}?{canonical}"
            await send(message)

        await self.app(scope, receive, send_with_address)
