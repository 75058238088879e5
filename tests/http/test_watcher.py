"""The edition watcher renews the response cache, and survives failures."""

import asyncio
from collections.abc import Callable

from structlog.testing import capture_logs

from app import log
from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.watcher import EditionWatcher
from tests.support.cached import RULES, SlowApp, call

SOON = 0.001


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - the cache has no event to wait for
            await asyncio.sleep(SOON)


def test_a_new_edition_renews_stored_responses() -> None:
    """When the edition changes, the watcher computes the stored responses again."""

    async def watch() -> SlowApp:
        app = SlowApp()
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        await call(cache, "/v1/carriers")
        watcher = EditionWatcher(cache)
        edition = 1
        task = asyncio.create_task(watcher.watch(lambda: edition, every=SOON))
        await _until(lambda: watcher.edition == 1)
        assert app.requests["/v1/carriers"] == 1
        edition = 2
        await _until(lambda: watcher.edition == 2)
        task.cancel()
        return app

    assert asyncio.run(watch()).requests["/v1/carriers"] == 2


def test_a_failed_renewal_is_tried_again() -> None:
    """While renewing fails, the watch continues, and the edition counts as new until it works."""

    async def watch() -> object:
        app = SlowApp()
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        await call(cache, "/v1/carriers")
        watcher = EditionWatcher(cache)
        edition = 1
        task = asyncio.create_task(watcher.watch(lambda: edition, every=SOON))
        await _until(lambda: watcher.edition == edition)
        app.failing, before = True, app.requests["/v1/carriers"]
        edition = 3
        await _until(lambda: app.requests["/v1/carriers"] > before)
        app.failing = False
        await _until(lambda: watcher.edition == edition)
        assert not task.done()
        task.cancel()
        return watcher.edition

    assert asyncio.run(watch()) == 3


def test_an_unknown_edition_is_logged_once() -> None:
    """A database that stays away is logged once, although the watcher asks again and again."""
    calls = 0

    def fail() -> object:
        nonlocal calls
        calls += 1
        raise ConnectionError

    async def watch() -> EditionWatcher:
        watcher = EditionWatcher(ResponseCacheMiddleware(SlowApp(), RULES, 1 << 20))
        task = asyncio.create_task(watcher.watch(fail, every=SOON))
        await _until(lambda: calls > 5)
        task.cancel()
        return watcher

    log.configure("warning")
    with capture_logs() as logged:
        watcher = asyncio.run(watch())

    assert [line["event"] for line in logged] == ["edition unknown"]
    assert watcher.edition_age is None
