"""What the response cache holds: representations within a number of bytes, for one edition."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.http.cache.representation import Representation, Variant

_MOST_INDEXED: Final = 20_000
"""Requests in the index. It is emptied when full: an entry is made again at the next request."""


@dataclass(frozen=True)
class Key:
    """What a response depends on: requests with the same key have the same response."""

    path: str
    query: bytes
    language: str
    stable: bool = True
    """False for responses to free text, which have no end: they push out only each other."""


RawRequest = tuple[str, bytes, bytes, bytes]
"""Path, query, Accept-Language and Accept-Encoding as they came.

A plain tuple: making a named one costs more than the look-up that it is made for.
"""


class IndexedResponse(NamedTuple):
    """A representation, and the variant of it that answers one raw request."""

    representation: Representation
    variant: Variant


class ResponseStore:
    """Representations by key within a number of bytes.

    The CLOCK algorithm decides what is dropped.
    """

    def __init__(self, most_bytes: int, evict: Callable[[Representation], None]) -> None:
        """Hold at most `most_bytes`; `evict` is called with each representation that is dropped."""
        self._most_bytes = most_bytes
        self._evict = evict
        self._by_key: OrderedDict[Key, Representation] = OrderedDict()
        self.size = 0
        self.evicted = 0

    def get(self, key: Key) -> Representation | None:
        """Return the representation, None if it is not stored."""
        return self._by_key.get(key)

    def put(self, key: Key, representation: Representation) -> None:
        """Store the representation, unless it would take more than an eighth of the room."""
        if representation.size <= self._most_bytes // 8:
            self._by_key[key] = representation
            self.grow(representation.size)

    def grow(self, added: int) -> None:
        """Count more bytes, and evict until they fit.

        A representation that was used since the last round is passed over once (CLOCK).
        """
        self.size += added
        while self.size > self._most_bytes and self._by_key:
            key, oldest = self._by_key.popitem(last=False)
            if oldest.used:
                oldest.used = False
                self._by_key[key] = oldest
            else:
                self.size -= oldest.size
                self.evicted += 1
                self._evict(oldest)

    def keys(self) -> list[Key]:
        """Return the keys; first those whose representations have been used again."""
        return sorted(self._by_key, key=lambda key: not self._by_key[key].used)


class Generation:
    """All responses of one edition.

    A new edition begins an empty generation. What is still being computed for the old one is
    stored there, and goes with it.
    """

    def __init__(self, most_bytes: int) -> None:
        """Hold at most `most_bytes`, an eighth of them for responses that are not stable."""
        self.stable = ResponseStore(most_bytes - most_bytes // 8, self._drop_from_index)
        self.transient = ResponseStore(most_bytes // 8, self._drop_from_index)
        self.request_index: dict[RawRequest, IndexedResponse] = {}
        self.filling: dict[Key, asyncio.Future[Representation | None]] = {}
        self._requests_of: dict[Representation, list[RawRequest]] = {}

    @property
    def size(self) -> int:
        """How many bytes are stored."""
        return self.stable.size + self.transient.size

    @property
    def evicted(self) -> int:
        """How many responses others have pushed out."""
        return self.stable.evicted + self.transient.evicted

    def store(self, key: Key) -> ResponseStore:
        """Return the store for responses with this key."""
        return self.stable if key.stable else self.transient

    def index(self, request: RawRequest, response: IndexedResponse) -> None:
        """Answer the very same request from the index when it comes again."""
        if len(self.request_index) >= _MOST_INDEXED:
            self.request_index.clear()
            self._requests_of.clear()
        self.request_index[request] = response
        self._requests_of.setdefault(response.representation, []).append(request)

    def _drop_from_index(self, representation: Representation) -> None:
        # Left there, the index would keep an evicted representation in memory.
        for request in self._requests_of.pop(representation, ()):
            self.request_index.pop(request, None)
