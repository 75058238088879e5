"""The response cache: sends stored responses without computing them again.

It runs before all other middleware (docs/decisions/0005). A response is computed once, compressed
once per encoding, and sent from memory until the edition changes. `CacheRules` decides which
requests are cacheable and which of them have the same response.
"""

import asyncio
import contextlib
from typing import Final, NamedTuple

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.cache.policy import CACHE_CONTROL, VARY, CacheRules
from app.http.cache.representation import Header, Representation, Variant, preferred
from app.http.cache.store import Generation, IndexedResponse, Key, ResponseStore

_log: Final = structlog.get_logger(__name__)

_OK: Final = 200
_EMPTY: Final[Message] = {"type": "http.response.body", "body": b""}
_LARGEST_INDEXED: Final = 512
"""Bytes of path, query and headers. Larger requests are not indexed."""

_LARGEST_ON_EVENT_LOOP: Final = 4096
"""Bytes of a body that is compressed on the event loop; larger ones are compressed in a thread."""

_WARMED: Final = 500
"""Responses computed again for a new edition before the cache switches to it."""

_SECONDS_TO_WARM: Final = 0.4
_CONCURRENT_FILLS: Final = 16


class _CacheHeaders(NamedTuple):
    """The request headers that the cache reads."""

    accept_language: bytes
    accept_encoding: bytes
    if_none_match: bytes | None


class ResponseCacheMiddleware:
    """Answers reads from memory; concurrent misses of one response call `app` once."""

    def __init__(self, app: ASGIApp, rules: CacheRules, most_bytes: int) -> None:
        """Wrap `app`; the stored responses take at most `most_bytes`, 0 stores none."""
        self.app = app
        self.rules = rules
        self.most_bytes: Final = most_bytes
        self.hits = self.misses = self.fills = 0
        self._evicted_before = 0
        self._generation = Generation(most_bytes)
        self._fills = asyncio.Semaphore(_CONCURRENT_FILLS)

    @property
    def stored_bytes(self) -> int:
        """Bytes that are stored now."""
        return self._generation.size

    @property
    def evictions(self) -> int:
        """Responses that have been evicted to make room for others."""
        return self._evicted_before + self._generation.evicted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or (scope["method"] != "GET" and scope["method"] != "HEAD"):
            await self.app(scope, receive, send)
            return
        language = encoding = b""
        if_none_match = None
        for name, value in scope["headers"]:
            if name == b"accept-language":
                language = language + b"," + value if language else value
            elif name == b"accept-encoding":
                encoding = encoding + b"," + value if encoding else value
            elif name == b"if-none-match":
                if_none_match = value if if_none_match is None else if_none_match + b"," + value
        indexed = self._generation.request_index.get(
            (scope["path"], scope["query_string"], language, encoding)
        )
        if indexed is None:
            headers = _CacheHeaders(language, encoding, if_none_match)
            await self._answer_by_key(scope, receive, send, headers)
            return
        self.hits += 1
        representation, variant = indexed
        representation.used = True
        if if_none_match is None and scope["method"] == "GET":
            # Inlined from `_send`, because nearly all requests end here.
            await send(variant.start)
            await send(variant.body)
        else:
            await _send(variant, if_none_match, head=scope["method"] == "HEAD", send=send)

    async def _answer_by_key(
        self, scope: Scope, receive: Receive, send: Send, headers: _CacheHeaders
    ) -> None:
        head = scope["method"] == "HEAD"
        policy = self.rules.policy(scope["path"], scope["query_string"])
        if policy is None:
            # Routes handle GET only; HEAD is the same response without its body.
            await self.app(
                {**scope, "method": "GET"} if head else scope,
                receive,
                _without_body(send) if head else send,
            )
            return
        generation = self._generation
        key = self.rules.key(policy, scope["path"], scope["query_string"], headers.accept_language)
        representation = generation.store(key).get(key) if key else None
        if representation is None:
            self.misses += 1
            buffer = _Buffer()
            representation = (
                await self._fill(generation, key, scope, buffer)
                if key
                else await self._compute(scope, buffer)
            )
            if representation is None:  # not a 200: sent as it is, never stored
                if not buffer.start:
                    # Another request computed it and got an error, which need not apply here.
                    await self._compute(scope, buffer)
                await send(buffer.start)
                await send(_EMPTY if head else {"type": "http.response.body", "body": buffer.body})
                return
        else:
            self.hits += 1
            representation.used = True
        variant = await _encoded(
            representation,
            preferred(headers.accept_encoding),
            generation.store(key) if key else None,
            key,
        )
        request = (
            scope["path"],
            scope["query_string"],
            headers.accept_language,
            headers.accept_encoding,
        )
        if (
            key
            and generation.store(key).get(key) is representation
            and sum(map(len, request)) <= _LARGEST_INDEXED
        ):
            generation.index(request, IndexedResponse(representation, variant))
        await _send(variant, headers.if_none_match, head=head, send=send)

    async def _fill(
        self, generation: Generation, key: Key, scope: Scope, buffer: "_Buffer"
    ) -> Representation | None:
        """Return the response, computed by this request or a concurrent one; None if not a 200."""
        if key in generation.filling:
            return await asyncio.shield(generation.filling[key])
        done: asyncio.Future[Representation | None] = asyncio.get_running_loop().create_future()
        generation.filling[key] = done
        self.fills += 1
        representation = None
        try:
            async with self._fills:
                representation = await self._compute(
                    {**scope, "path": key.path, "query_string": key.query}, buffer
                )
            if representation is not None:
                generation.store(key).put(key, representation)
        finally:
            del generation.filling[key]
            done.set_result(representation)
        return representation

    async def _compute(self, scope: Scope, buffer: "_Buffer") -> Representation | None:
        """Call the application for a cacheable request; return None if the response is not a 200.

        The buffer then holds the response.
        """
        await self.app({**scope, "method": "GET"}, _no_body, buffer)
        if buffer.start["status"] != _OK:
            return None
        headers: list[Header] = [
            header for header in buffer.start["headers"] if header[0] != b"cache-control"
        ]
        headers.append((b"cache-control", CACHE_CONTROL))
        return Representation(headers, buffer.body, VARY)

    async def renew(self) -> None:
        """Replace the stored responses after an edition was published.

        Up to 500 responses are computed again first, those that were used again before others. This
        takes at most 0.4 s; meanwhile clients get the responses of the old edition.
        """
        generation, previous = Generation(self.most_bytes), self._generation
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_WARM):
                for key in previous.stable.keys()[:_WARMED]:
                    before = previous.stable.get(key)
                    after = await self._fill(generation, key, _scope(key), _Buffer())
                    if before and after:
                        # A copy, because a request may add an encoding during the loop.
                        for coding in list(before.encoded):
                            await _encoded(after, coding, generation.stable, key)
        self._evicted_before += previous.evicted
        self._generation = generation
        _log.info("edition changed", warmed=len(generation.stable.keys()))


class _Buffer:
    """An ASGI `send` that keeps the response."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


async def _encoded(
    representation: Representation, coding: str, store: ResponseStore | None, key: Key | None
) -> Variant:
    """Return the response in a coding; concurrent requests share one compression."""
    variant = representation.variant(coding)
    if variant is not None:
        return variant
    if representation.length <= _LARGEST_ON_EVENT_LOOP:
        variant = representation.encode(coding)
    elif coding in representation.encoding:
        return await asyncio.shield(representation.encoding[coding])
    else:
        compression = asyncio.ensure_future(asyncio.to_thread(representation.encode, coding))
        representation.encoding[coding] = compression
        try:
            variant = await asyncio.shield(compression)
        finally:
            del representation.encoding[coding]
    added = representation.add(coding, variant)
    if store is not None and key is not None and store.get(key) is representation:
        store.grow(added)
    return variant


async def _send(variant: Variant, if_none_match: bytes | None, *, head: bool, send: Send) -> None:
    if if_none_match is not None and variant.matches(if_none_match):
        await send(variant.not_modified)
        await send(_EMPTY)
        return
    await send(variant.start)
    await send(_EMPTY if head else variant.body)


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send(
            message if message["type"] == "http.response.start" else {**message, "body": b""}
        )

    return send_head


def _scope(key: Key) -> Scope:
    """Return the scope of a request that fills the cache and that no client has sent."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": key.path,
        "raw_path": key.path.encode(),
        "query_string": key.query,
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
        "state": {},
    }
