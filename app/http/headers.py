"""Headers of every response."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""For responses that are data: a browser that displays one runs no script and loads nothing."""

PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For /docs and /redoc: nothing from other hosts. Swagger UI and ReDoc write inline styles."""


class SecurityHeadersMiddleware:
    """Sets X-Content-Type-Options, Referrer-Policy and Content-Security-Policy."""

    def __init__(self, app: ASGIApp, policy: Callable[[str], str]) -> None:
        """Wrap `app`; `policy` returns the Content-Security-Policy of a path.

        A response that already has one keeps it.
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
        """Wrap `app`; `link` returns the public URL of a path."""
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
                # For an incomplete language the header also lists English: `vi, en`.
                language = headers.get("content-language", "").partition(",")[0]
                if language and headers.get("cache-control") != "no-store":
                    query = parse_qsl(
                        scope["query_string"].decode("latin-1"), keep_blank_values=True
                    )
                    other_parameters = [(name, value) for name, value in query if name != "lang"]
                    canonical = urlencode(sorted([*other_parameters, ("lang", language)]))
                    headers["content-location"] = f"{self.link(scope['path'])}?{canonical}"
            await send(message)

        await self.app(scope, receive, send_with_address)
