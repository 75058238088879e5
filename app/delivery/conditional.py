"""Conditional reads (RFC 9110 section 13): ETag, If-None-Match, HEAD, and where an answer has its own address."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OK: Final = 200


class ConditionalReads:
    """Gives every 200 of a read a strong ETag, answers 304 where the client has it already, and HEAD like GET."""

    def __init__(self, app: ASGIApp, cache_control: Callable[[str], str | None]) -> None:
        """Stand before `app`; `cache_control` says how long answers of a path may be kept, None for no caching."""
        self.app = app
        self.cache_control = cache_control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        cache_control = self.cache_control(scope["path"])
        answer = _Buffered()
        # Routes know GET only; HEAD is the same answer without its body.
        await self.app({**scope, "method": "GET"} if head else scope, receive, send if not head and cache_control is None else answer)
        if not answer.start:
            return
        headers = MutableHeaders(raw=answer.start["headers"])
        if answer.start["status"] == _OK and cache_control is not None:
            _describe(headers, scope, answer.body, cache_control)
            if _matches(Headers(scope=scope).get("if-none-match"), headers["etag"]):
                del headers["content-length"], headers["content-type"]
                await send({"type": "http.response.start", "status": 304, "headers": headers.raw})
                await send({"type": "http.response.body", "body": b""})
                return
        await send({**answer.start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b"" if head else answer.body})


class _Buffered:
    """Keeps a response instead of sending it."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


def _describe(headers: MutableHeaders, scope: Scope, body: bytes, cache_control: str) -> None:
    headers["etag"] = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers["cache-control"] = cache_control
    headers.add_vary_header("Accept-Language")
    language = headers.get("content-language")
    if language:
        headers["content-location"] = _own_address(scope, language)


def _own_address(scope: Scope, language: str) -> str:
    """Return the address under which this very answer stands: the language named, the query in order."""
    query: Mapping[str, str] = {**dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)), "lang": language}
    return f"{scope['path']}?{urlencode(sorted(query.items()))}"


def _matches(if_none_match: str | None, etag: str) -> bool:
    """Return whether the header names this ETag: a list, weak forms and `*` count (RFC 9110 section 13.1.2)."""
    if if_none_match is None:
        return False
    named = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in named or etag in named
