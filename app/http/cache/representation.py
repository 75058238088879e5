"""An answer ready to send: in every encoding a client may ask for, with its headers as bytes (RFC 9110 sections 8, 12.5.3, 13)."""

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
"""Content codings, the smallest first: of several that a client weighs the same, the first is taken."""

_TOO_SMALL_TO_COMPRESS: Final = 512
_LONGEST_READ: Final = 1024
"""Bytes of an Accept-Encoding header that count."""

_LONGEST_REMEMBERED: Final = 256
"""Bytes of a header; longer ones are read each time, so that nobody can fill the memory with them."""

_SHAPED_BY_ENCODING: Final = frozenset({b"content-length", b"content-encoding", b"etag", b"vary"})
_NOT_OF_A_304: Final = frozenset({b"content-length", b"content-encoding", b"content-type"})


@dataclass(frozen=True)
class Variant:
    """One encoding of an answer: the messages that send it, with a body and without, and the one that says it is known already."""

    etag: bytes
    start: Message
    body: Message
    known: Message

    def is_known_by(self, if_none_match: bytes) -> bool:
        """Return whether the header names this ETag (RFC 9110 section 13.1.2)."""
        if if_none_match == self.etag:  # what nearly all send
            return True
        if (
            self.etag[1:-1] not in if_none_match and b"*" not in if_none_match
        ):  # an older one: nothing to parse
            return False
        tags = entity_tags([if_none_match.decode("latin-1")])
        return tags is not None and tags.include(self.etag.decode())


class Representation:
    """A 200, in each encoding that somebody has asked for."""

    def __init__(self, headers: Iterable[Header], body: bytes, vary: bytes) -> None:
        """Hold the answer as it is; `encode` adds the compressed forms."""
        self._headers: Final = [
            (name, value) for name, value in headers if name not in _SHAPED_BY_ENCODING
        ]
        self._body: Final = body
        self._vary: Final = vary
        self._digest: Final = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.identity: Final = _variant(self._headers, body, "identity", f'"{self._digest}"', vary)
        self.encoded: dict[str, Variant] = {}
        self.encoding: dict[str, asyncio.Future[Variant]] = {}
        """Encodings that are being made."""
        self.size = len(body) + _AROUND
        self.used = False

    @property
    def length(self) -> int:
        """How many bytes the body has as it is."""
        return len(self._body)

    def variant(self, coding: str) -> Variant | None:
        """Return the answer in a coding of `preferred`; None while it has not been made."""
        if coding == "identity" or len(self._body) < _TOO_SMALL_TO_COMPRESS:
            return self.identity
        return self.encoded.get(coding)

    def encode(self, coding: str) -> Variant:
        """Compress the body; that can take a millisecond, so large ones are compressed outside of the event loop."""
        content = _COMPRESSORS[coding](self._body)
        return _variant(self._headers, content, coding, f'"{self._digest}-{coding}"', self._vary)

    def keep(self, coding: str, variant: Variant) -> int:
        """Hold an encoding, and return how many bytes it adds."""
        self.encoded[coding] = variant
        added = len(variant.body["body"]) + _AROUND // 4
        self.size += added
        return added


_AROUND: Final = 4096
"""Bytes of headers and of the objects around an answer."""

_COMPRESSORS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
}


def _variant(headers: list[Header], body: bytes, encoding: str, etag: str, vary: bytes) -> Variant:
    described = [*headers, (b"etag", etag.encode()), (b"vary", vary)]
    coded = [(b"content-encoding", encoding.encode())] if encoding != "identity" else []
    full = [*described, *coded, (b"content-length", str(len(body)).encode())]
    return Variant(
        etag.encode(),
        {"type": "http.response.start", "status": 200, "headers": full},
        {"type": "http.response.body", "body": body},
        {
            "type": "http.response.start",
            "status": 304,
            "headers": [header for header in described if header[0] not in _NOT_OF_A_304],
        },
    )


def preferred(accept_encoding: bytes) -> str:
    """Return the coding that an Accept-Encoding header asks for, `identity` when it names none of ours."""
    value = accept_encoding[:_LONGEST_READ]
    return _preferred(value) if len(value) <= _LONGEST_REMEMBERED else _preferred.__wrapped__(value)


@lru_cache(maxsize=512)
def _preferred(accept_encoding: bytes) -> str:
    weights = {
        name.removeprefix("x-"): weight
        for name, weight in weighted(accept_encoding.decode("latin-1"))
    }
    others = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else "identity"
