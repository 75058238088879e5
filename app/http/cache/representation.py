"""A response as ready ASGI messages, one set per encoding that clients have asked for.

See RFC 9110, sections 8 (representations), 12.5.3 (Accept-Encoding) and 13 (conditional requests).
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import brotli
import zstandard
from starlette.types import Message

from app.http.field_values import entity_tags, weighted

Header = tuple[bytes, bytes]

ENCODINGS: Final = ("br", "zstd", "gzip")
"""Content codings, smallest result first. The first of those with the highest weight is used."""

_TOO_SMALL_TO_COMPRESS: Final = 512
"""Bytes."""

_LONGEST_READ: Final = 1024
"""Bytes of an Accept-Encoding header that are read."""

_LONGEST_CACHED: Final = 256
"""Bytes of a header. Results for longer headers are not cached, to bound the memory."""

_SET_BY_ENCODING: Final = frozenset({b"content-length", b"content-encoding", b"etag", b"vary"})
_NOT_IN_A_304: Final = frozenset({b"content-length", b"content-encoding", b"content-type"})


@dataclass(frozen=True)
class Variant:
    """A response in one encoding, as ASGI messages."""

    etag: bytes
    start: Message
    body: Message
    not_modified: Message
    """The start of a 304."""

    def matches(self, if_none_match: bytes) -> bool:
        """Return whether If-None-Match names this ETag (RFC 9110 section 13.1.2)."""
        if if_none_match == self.etag:  # nearly all requests
            return True
        if self.etag[1:-1] not in if_none_match and b"*" not in if_none_match:
            return False  # another tag, usually an older one: no need to parse
        tags = entity_tags([if_none_match.decode("latin-1")])
        return tags is not None and tags.include(self.etag.decode())


class Representation:
    """The response of a 200, in each encoding that a client has asked for."""

    def __init__(self, headers: Iterable[Header], body: bytes, vary: bytes) -> None:
        """Store the uncompressed response; `encode` makes the compressed variants."""
        self._headers: Final = [
            (name, value) for name, value in headers if name not in _SET_BY_ENCODING
        ]
        self._body: Final = body
        self._vary: Final = vary
        self._digest: Final = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.identity: Final = _variant(self._headers, body, "identity", f'"{self._digest}"', vary)
        self.encoded: dict[str, Variant] = {}
        self.encoding: dict[str, asyncio.Future[Variant]] = {}
        """Compressions that are running, by coding."""
        self.size = len(body) + _OVERHEAD
        """Bytes of memory that all variants take, roughly."""
        self.used = False
        """Whether it was sent again since it was stored or last spared by the CLOCK algorithm."""

    @property
    def length(self) -> int:
        """Bytes of the uncompressed body."""
        return len(self._body)

    def variant(self, coding: str) -> Variant | None:
        """Return the variant for a coding of `preferred`, None if it has not been made yet.

        Bodies under 512 bytes are not compressed: their variant is always the uncompressed one.
        """
        if coding == "identity" or len(self._body) < _TOO_SMALL_TO_COMPRESS:
            return self.identity
        return self.encoded.get(coding)

    def encode(self, coding: str) -> Variant:
        """Return the compressed variant without storing it.

        This can take a millisecond: call it in a thread for large bodies.
        """
        content = _COMPRESSORS[coding](self._body)
        return _variant(self._headers, content, coding, f'"{self._digest}-{coding}"', self._vary)

    def add(self, coding: str, variant: Variant) -> int:
        """Store a variant, and return the bytes of memory that it adds."""
        self.encoded[coding] = variant
        added = len(variant.body["body"]) + _OVERHEAD // 4
        self.size += added
        return added


_OVERHEAD: Final = 4096
"""Bytes of memory for headers and Python objects per body, roughly."""

_COMPRESSORS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
}


def _variant(headers: list[Header], body: bytes, encoding: str, etag: str, vary: bytes) -> Variant:
    common = [*headers, (b"etag", etag.encode()), (b"vary", vary)]
    coding = [(b"content-encoding", encoding.encode())] if encoding != "identity" else []
    length = (b"content-length", str(len(body)).encode())
    return Variant(
        etag=etag.encode(),
        start={
            "type": "http.response.start",
            "status": 200,
            "headers": [*common, *coding, length],
        },
        body={"type": "http.response.body", "body": body},
        not_modified={
            "type": "http.response.start",
            "status": 304,
            "headers": [header for header in common if header[0] not in _NOT_IN_A_304],
        },
    )


def preferred(accept_encoding: bytes) -> str:
    """Return the coding that Accept-Encoding prefers; `identity` if it allows none of ours."""
    value = accept_encoding[:_LONGEST_READ]
    return _preferred(value) if len(value) <= _LONGEST_CACHED else _preferred.__wrapped__(value)


@lru_cache(maxsize=512)
def _preferred(accept_encoding: bytes) -> str:
    weights = {
        name.removeprefix("x-"): weight
        for name, weight in weighted(accept_encoding.decode("latin-1"))
    }
    default = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda coding: weights.get(coding, default))
    weight = weights.get(best, default)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else "identity"
