"""Polls for a new edition, and renews the response cache when one is published."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from app.http.cache.middleware import ResponseCacheMiddleware

_log: Final = structlog.get_logger(__name__)


class EditionWatcher:
    """Keeps the cache on the newest edition; knows when that was last confirmed."""

    def __init__(self, cache: ResponseCacheMiddleware) -> None:
        """Prepare to renew the cache; `watch` starts polling."""
        self.cache: Final = cache
        self.edition: object = None
        self._confirmed: float | None = None

    @property
    def edition_age(self) -> float | None:
        """Seconds since the served edition was last confirmed as the newest; None before that."""
        return None if self._confirmed is None else time.monotonic() - self._confirmed

    async def watch(self, current: Callable[[], object], every: float = 1.0) -> None:
        """Ask for the current edition every `every` seconds, and renew the cache if it changed.

        `current` is called in a thread and may fail. While the database is unavailable, stored
        responses are served.
        """
        failure: type[Exception] | None = None
        while True:
            try:
                edition = await asyncio.to_thread(current)
                if self.edition is not None and edition != self.edition:
                    await self.cache.renew()
            except Exception as error:  # noqa: BLE001 - any failure must not end the loop
                if type(error) is not failure:  # log a failure once, not every second
                    failure = type(error)
                    _log.warning("edition unknown", error=failure.__name__)
            else:
                failure = None
                self.edition = edition
                self._confirmed = time.monotonic()
            await asyncio.sleep(every)
