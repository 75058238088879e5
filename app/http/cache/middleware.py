"""The response cache: answers of reads, ready to send, in front of everything that would compute them.

It knows no domain. The application says, in one place, which requests may be kept and what makes two of them the same
(`Rules`); the cache asks for an answer once, compresses it once, and sends it from memory until the edition changes.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.cache.representation import Header, Representation, Variant, preferred

_log: Final = structlog.get_logger(__name__)

_OK: Final = 200
_EMPTY: Final[Message] = {"type": "http.response.body", "body": b""}
_LARGEST_MEMO_KEY: Final = 512
_MEMO_KEPT: Final = 20_000
_SMALL_ENOUGH_TO_COMPRESS_AT_ONCE: Final = 4096
_WARMED: Final = 500
_SECONDS_TO_WARM: Final = 0.4
_FILLS_AT_ONCE: Final = 16


@dataclass(frozen=True)
class Key:
    """What an answer depends on: requests with the same key have the same answer."""

    path: str
    query: bytes
    language: str
    lasting: bool = True
    """Not for answers to free text: of those there is no end, so they only ever push each other out."""


@dataclass(frozen=True)
class Rules:
    """What the application declares."""

    cache_control: Callable[[str, bytes], bytes | None]
    """How long clients and CDNs may keep the 200s of a path and a raw query; None: they are none of the cache's business."""

    key: Callable[[str, bytes, bytes], Key | None]
    """The key of a path, a raw query and an Accept-Language header; None: compute it each time."""

    vary: bytes = b"Accept-Language, Accept-Encoding"


_Raw = tuple[str, bytes, bytes, bytes]
"""A request as it came: path, query, Accept-Language, Accept-Encoding."""


class _Shelf:
    """Representations within a number of bytes: what was not used for a round goes first (CLOCK)."""

    def __init__(self, most: int, forget: Callable[[Representation], None]) -> None:
        self._most = most
        self._forget = forget
        self._kept: OrderedDict[Key, Representation] = OrderedDict()
        self.size = 0
        self.evicted = 0

    def get(self, key: Key) -> Representation | None:
        return self._kept.get(key)

    def put(self, key: Key, representation: Representation) -> bool:
        if representation.size > self._most // 8:
            return False
        self._kept[key] = representation
        self.grow(representation.size)
        return True

    def grow(self, added: int) -> None:
        """Count more bytes, and make room for them."""
        self.size += added
        while self.size > self._most and self._kept:
            oldest, old = self._kept.popitem(last=False)
            if old.used:
                old.used = False
                self._kept[oldest] = old
            else:
                self.size -= old.size
                self.evicted += 1
                self._forget(old)

    def keys(self) -> list[Key]:
        """Return the keys, first those whose answers have been asked for again."""
        return sorted(self._kept, key=lambda key: not self._kept[key].used)


class _Generation:
    """All answers of one edition. A new edition begins an empty one; what is still being filled into the old goes with it."""

    def __init__(self, most: int) -> None:
        self.lasting = _Shelf(most - most // 8, self._forget)
        self.passing = _Shelf(most // 8, self._forget)
        self.memo: dict[_Raw, tuple[Representation, Variant]] = {}
        self._asked_as: dict[Representation, list[_Raw]] = {}
        self.filling: dict[Key, asyncio.Future[Representation | None]] = {}

    def shelf(self, key: Key) -> _Shelf:
        return self.lasting if key.lasting else self.passing

    def remember(self, raw: _Raw, representation: Representation, variant: Variant) -> None:
        """Find the variant at once when the very same request comes again."""
        if len(self.memo) >= _MEMO_KEPT:
            self.memo.clear()
            self._asked_as.clear()
        self.memo[raw] = (representation, variant)
        self._asked_as.setdefault(representation, []).append(raw)

    def _forget(self, representation: Representation) -> None:
        """Let go of what was pushed out: the memo would keep it in memory."""
        for raw in self._asked_as.pop(representation, ()):
            self.memo.pop(raw, None)


class ResponseCacheMiddleware:
    """Answers reads from memory; on a miss asks `app` once, however many clients wait for it."""

    def __init__(self, app: ASGIApp, rules: Rules, most_bytes: int) -> None:
        """Stand before `app`, keeping at most so many bytes."""
        self.app = app
        self.rules = rules
        self.most_bytes: Final = most_bytes
        self.hits = self.misses = self.fills = self.evicted = 0
        self.edition: object = None
        self._confirmed: float | None = None
        self._live = _Generation(most_bytes)
        self._fills = asyncio.Semaphore(_FILLS_AT_ONCE)

    @property
    def kept_bytes(self) -> int:
        """How many bytes are kept now."""
        return self._live.lasting.size + self._live.passing.size

    @property
    def edition_age(self) -> float | None:
        """How many seconds ago the served edition was last known to be the newest; None: never yet."""
        return None if self._confirmed is None else time.monotonic() - self._confirmed

    @property
    def evictions(self) -> int:
        """How many answers have been pushed out by others."""
        return self.evicted + self._live.lasting.evicted + self._live.passing.evicted

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
        found = self._live.memo.get((scope["path"], scope["query_string"], language, encoding))
        if found is None:
            await self._look_further(scope, receive, send, (language, encoding, if_none_match))
            return
        self.hits += 1
        representation, variant = found
        representation.used = True
        if (
            if_none_match is None and scope["method"] == "GET"
        ):  # what nearly all are: no further call
            await send(variant.start)
            await send(variant.body)
        else:
            await _send(variant, if_none_match, head=scope["method"] == "HEAD", send=send)

    async def _look_further(
        self, scope: Scope, receive: Receive, send: Send, asked: tuple[bytes, bytes, bytes | None]
    ) -> None:
        head = scope["method"] == "HEAD"
        if self.rules.cache_control(scope["path"], scope["query_string"]) is None:
            # Routes know GET only; HEAD is the same answer without its body.
            await self.app(
                {**scope, "method": "GET"} if head else scope,
                receive,
                _without_body(send) if head else send,
            )
            return
        language, encoding, if_none_match = asked
        live = self._live
        key = self.rules.key(scope["path"], scope["query_string"], language)
        representation = live.shelf(key).get(key) if key else None
        if representation is None:
            self.misses += 1
            answer = _Buffered()
            representation = (
                await self._fill(live, key, scope, answer)
                if key
                else await self._ask(scope, answer)
            )
            if representation is None:  # no 200: sent as it is, never kept
                if (
                    not answer.start
                ):  # another request was filling; its problem need not be this one's
                    await self._ask(scope, answer)
                await send(answer.start)
                await send(_EMPTY if head else {"type": "http.response.body", "body": answer.body})
                return
        else:
            self.hits += 1
            representation.used = True
        variant = await _encoded(
            representation, preferred(encoding), live.shelf(key) if key else None, key
        )
        raw = (scope["path"], scope["query_string"], language, encoding)
        if (
            key
            and live.shelf(key).get(key) is representation
            and sum(map(len, raw)) <= _LARGEST_MEMO_KEY
        ):
            live.remember(raw, representation, variant)
        await _send(variant, if_none_match, head=head, send=send)

    async def _fill(
        self, live: _Generation, key: Key, scope: Scope, answer: "_Buffered"
    ) -> Representation | None:
        """Return the answer, computed by this request or by another one that is at it; None when it is no 200."""
        if key in live.filling:
            return await asyncio.shield(live.filling[key])
        done: asyncio.Future[Representation | None] = asyncio.get_running_loop().create_future()
        live.filling[key] = done
        self.fills += 1
        representation = None
        try:
            async with self._fills:
                representation = await self._ask(
                    {**scope, "path": key.path, "query_string": key.query}, answer
                )
            if representation is not None:
                live.shelf(key).put(key, representation)
        finally:
            del live.filling[key]
            done.set_result(representation)
        return representation

    async def _ask(self, scope: Scope, answer: "_Buffered") -> Representation | None:
        await self.app({**scope, "method": "GET"}, _no_body, answer)
        if answer.start["status"] != _OK:
            return None
        headers: list[Header] = [
            header for header in answer.start["headers"] if header[0] != b"cache-control"
        ]
        headers.append(
            (
                b"cache-control",
                self.rules.cache_control(scope["path"], scope["query_string"]) or b"no-store",
            )
        )
        return Representation(headers, answer.body, self.rules.vary)

    async def watch(self, current: Callable[[], object], every: float = 1.0) -> None:
        """Ask for the current edition again and again; when it has changed, go over to a fresh cache.

        `current` may block and may fail: while the database is away, what is kept goes on being served.
        """
        failing: type[Exception] | None = None
        while True:
            try:
                edition = await asyncio.to_thread(current)
                if self.edition is not None and edition != self.edition:
                    await self._renew()
            except Exception as error:  # noqa: BLE001 - whatever goes wrong, the cache must outlive it
                if type(error) is not failing:  # once, not every second
                    failing = type(error)
                    _log.warning("edition unknown", error=failing.__name__)
            else:
                failing = None
                self.edition = edition
                self._confirmed = time.monotonic()
            await asyncio.sleep(every)

    async def _renew(self) -> None:
        """Fill a fresh cache with the answers that were kept, for as long as that is quick, then serve from it."""
        fresh = _Generation(self.most_bytes)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_WARM):
                for key in self._live.lasting.keys()[:_WARMED]:
                    before = self._live.lasting.get(key)
                    after = await self._fill(fresh, key, _scope(key), _Buffered())
                    if before and after:
                        for coding in list(
                            before.encoded
                        ):  # a reader may ask for another one meanwhile
                            await _encoded(after, coding, fresh.lasting, key)
        self.evicted = self.evictions
        self._live = fresh
        _log.info("edition changed", warmed=len(fresh.lasting.keys()))


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


async def _encoded(
    representation: Representation, coding: str, shelf: _Shelf | None, key: Key | None
) -> Variant:
    """Return the answer in a coding, compressed once, however many ask for it first."""
    variant = representation.variant(coding)
    if variant is not None:
        return variant
    if representation.length <= _SMALL_ENOUGH_TO_COMPRESS_AT_ONCE:
        variant = representation.encode(coding)
    elif coding in representation.encoding:
        return await asyncio.shield(representation.encoding[coding])
    else:
        making = asyncio.ensure_future(asyncio.to_thread(representation.encode, coding))
        representation.encoding[coding] = making
        try:
            variant = await asyncio.shield(making)
        finally:
            del representation.encoding[coding]
    added = representation.keep(coding, variant)
    if shelf is not None and key is not None and shelf.get(key) is representation:
        shelf.grow(added)
    return variant


async def _send(variant: Variant, if_none_match: bytes | None, *, head: bool, send: Send) -> None:
    if if_none_match is not None and variant.is_known_by(if_none_match):
        await send(variant.known)
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
    """Return the scope of a request that nobody has made, to fill the cache with."""
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
