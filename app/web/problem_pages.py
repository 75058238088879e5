"""Problem documents as HTML pages for browsers; programs get JSON."""

import json
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.i18n import DEFAULT_LANGUAGE, supported
from app.messages.loader import translate
from app.problems.base import MEDIA_TYPE
from app.web.accept import prefers_html
from app.web.pages import page

_HEADERS_OF_DOCUMENT: Final = frozenset({"content-type", "content-length", "content-language"})


class ProblemPagesMiddleware:
    """Converts the problem documents of `app` to HTML for requests that prefer HTML."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not prefers_html(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _page(start, body)(scope, receive, send)

        await self.app(scope, receive, send_page)


def _is_problem(start: Message) -> bool:
    return MutableHeaders(raw=start["headers"]).get("content-type", "").startswith(MEDIA_TYPE)


def _page(start: Message, body: bytes) -> ASGIApp:
    headers = MutableHeaders(raw=start["headers"])
    other_headers = {
        name: value for name, value in headers.items() if name not in _HEADERS_OF_DOCUMENT
    }
    document = json.loads(body)
    tag, _, _ = headers.get("content-language", "").partition(",")
    language = supported(tag) or DEFAULT_LANGUAGE
    return page(
        "occurrence.html",
        language,
        status=start["status"],
        headers=other_headers,
        heading=f"{document['status']} {document['code']}",
        errors=document.get("errors", []),
        more=translate("page.more", language),
        **{name: document[name] for name in ("title", "detail", "type")},
    )
