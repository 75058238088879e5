"""Problem documents as pages: whoever opens an address in a browser reads a page, programs get the JSON."""

import json
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.i18n import Language, supported
from app.problems.base import MEDIA_TYPE
from app.web.accept import prefers_html
from app.web.pages import page

_OF_THE_DOCUMENT: Final = frozenset({"content-type", "content-length", "content-language"})

_MORE: Final[Mapping[Language, str]] = {
    "en": "When this occurs and what to do",
    "ja": "起こる場合と対処方法",
    "zh-Hans": "何时出现以及如何处理",
}


class ProblemPagesMiddleware:
    """Sends the problem documents of `app` as HTML where a browser asks."""

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
    kept = {name: value for name, value in headers.items() if name not in _OF_THE_DOCUMENT}
    document = json.loads(body)
    language = supported(headers.get("content-language", "")) or "en"
    return page(
        "occurrence.html",
        language,
        status=start["status"],
        headers=kept,
        heading=f"{document['status']} {document['code']}",
        errors=document.get("errors", []),
        more=_MORE[language],
        **{name: document[name] for name in ("title", "detail", "type")},
    )
