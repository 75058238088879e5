"""Watches for a new edition, and renews the response cache when one is published."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from app.http.cache.middleware import ResponseCacheMiddleware

_log: Final = structlog.get_logger(__name__)


class EditionWatcher:
    """Knows which edition is served, and since when that is confirmed."""

    def __init__(self, cache: ResponseCacheMiddleware) -> None:
        """Watch on behalf of the cache."""
        self.cache: Final = cache
        self.edition: object = None
        self._confirmed: float | None = None

    @property
    def edition_age(self) -> float | None:
        """Seconds since the served edition was last known to be the newest; None: never yet."""
        return None if self._confirmed is None else time.monotonic() - self._confirmed

    async def watch(self, current: Callable[[], object], every: float = 1.0) -> None:
        """Ask for the current edition every `every` seconds, and renew the cache if it changed.

        `current` may block and may fail. While the database is away, stored responses are served.
        """
        failure: type[Exception] | None = None
        while True:
            try:
                edition = await asyncio.to_thread(current)
                if self.edition is not None and edition != self.edition:
                    await self.cache.renew()
            except Exception as error:  # noqa: BLE001 - whatever fails, the watch must go on
                if type(error) is not failure:  # once, not every second
                    failure = type(error)
                    _log.warning("edition unknown", error=failure.__name__)
            else:
                failure = None
                self.edition = edition
                self._confirmed = time.monotonic()
            await asyncio.sleep(every)
