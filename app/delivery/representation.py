"""An answer ready to send: in every encoding a client may ask for, with its headers as bytes (RFC 9110 sections 8, 12.5.3, 13)."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import brotli
import zstandard
from starlette.types import Message

Header = tuple[bytes, bytes]

ENCODINGS: Final = ("br", "zstd", "gzip")
"""Content codings, the smallest first: of several that a client weighs the same, the first is taken."""

_TOO_SMALL_TO_COMPRESS: Final = 512

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
        """Return whether the header names this ETag: a list, weak forms and `*` count (RFC 9110 section 13.1.2)."""
        if if_none_match == self.etag:
            return True
        named = [part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")]
        return self.etag in named or b"*" in named


class Representation:
    """A 200 in all its encodings."""

    def __init__(self, headers: Iterable[Header], body: bytes, vary: bytes) -> None:
        """Compress the body; this takes milliseconds, so large ones are made outside of the event loop."""
        kept = [(name, value) for name, value in headers if name not in _SHAPED_BY_ENCODING]
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        bodies = {"identity": body}
        if len(body) >= _TOO_SMALL_TO_COMPRESS:
            bodies |= {
                "gzip": gzip.compress(body, 6, mtime=0),
                "br": brotli.compress(body, quality=5),
                "zstd": zstandard.ZstdCompressor(level=9).compress(body),
            }
        self.variants: Final[Mapping[str, Variant]] = {
            encoding: _variant(kept, content, encoding, f'"{digest}-{encoding}"' if encoding != "identity" else f'"{digest}"', vary)
            for encoding, content in bodies.items()
        }
        self.size: Final = sum(len(content) for content in bodies.values()) + 4096  # headers and the objects around them
        self.used = False

    def variant(self, accept_encoding: bytes) -> Variant:
        """Return the variant for an Accept-Encoding header."""
        return self.variants.get(preferred(accept_encoding)) or self.variants["identity"]


def _variant(headers: list[Header], body: bytes, encoding: str, etag: str, vary: bytes) -> Variant:
    described = [*headers, (b"etag", etag.encode()), (b"vary", vary)]
    coded = [(b"content-encoding", encoding.encode())] if encoding != "identity" else []
    full = [*described, *coded, (b"content-length", str(len(body)).encode())]
    return Variant(
        etag.encode(),
        {"type": "http.response.start", "status": 200, "headers": full},
        {"type": "http.response.body", "body": body},
        {"type": "http.response.start", "status": 304, "headers": [header for header in described if header[0] not in _NOT_OF_A_304]},
    )


@lru_cache(maxsize=512)
def preferred(accept_encoding: bytes) -> str:
    """Return the coding that an Accept-Encoding header asks for, `identity` when it names none of ours."""
    weights: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        coding, _, parameters = part.strip().partition(";")
        name, _, value = parameters.strip().partition("=")
        try:
            weights[coding.strip()] = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    best = max(ENCODINGS, key=lambda coding: weights.get(coding, weights.get("*", 0.0)))
    return best if weights.get(best, weights.get("*", 0.0)) > 0 else "identity"
