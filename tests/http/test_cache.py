"""What comes from the response cache is what would be computed, for everybody, at any time."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from structlog.testing import capture_logs

from app import log
from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.watcher import EditionWatcher
from tests.support.cached import AT, RULES, Slow, cached_service, call, client
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ResponseCacheMiddleware:
    """The whole service, called without a network."""
    return cached_service(Databases("sqlite", tmp_path_factory.mktemp("cache"), None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/carriers?kind=mvno&limit=50", "/v1/carriers?kind=mvno"),
        ("/v1/carriers?kind=mvno&audience=tourists", "/v1/carriers?audience=tourists&kind=mvno"),
        ("/v1/vocabulary?lang=zh-TW", "/v1/vocabulary?lang=zh-Hans"),
        ("/v1/vocabulary?lang=en", "/v1/vocabulary"),
        ("/openapi.json", "/openapi.json?x=1"),
        (
            f"/v1/carriers/ahamo/contacts?at={AT}",
            f"/v1/carriers/ahamo/contacts?tz=Asia/Tokyo&at={AT}",
        ),
    ],
)
def test_requests_that_mean_the_same_are_one_entry(
    service: ResponseCacheMiddleware, one: str, other: str
) -> None:
    async def ask() -> tuple[httpx.Response, httpx.Response, int]:
        async with client(service) as http:
            first = await http.get(one, headers={"Accept-Language": "en"})
            before = service.misses
            second = await http.get(other, headers={"Accept-Language": "en"})
            return first, second, service.misses - before

    first, second, misses = asyncio.run(ask())

    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert misses == 0


@pytest.mark.parametrize(
    "address",
    [
        "/v1/carriers/nobody",
        "/v1/carriers?colour=red",
        "/v1/guide",
        "/healthz",
        "/v1/carriers/mineo/contacts",
    ],
)
def test_failures_and_answers_for_one_moment_are_not_kept(
    service: ResponseCacheMiddleware, address: str
) -> None:
    async def ask() -> list[httpx.Response]:
        async with client(service) as http:
            return [await http.get(address) for _ in range(2)]

    before = service.hits
    first, second = asyncio.run(ask())

    assert first.status_code == second.status_code
    assert service.hits == before


def test_a_thundering_herd_computes_once() -> None:
    async def herd() -> Slow:
        app = Slow(seconds=0.05)
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        assert set(await asyncio.gather(*(call(cache, "/v1/carriers") for _ in range(500)))) == {
            200
        }
        return app

    assert asyncio.run(herd()).asked == {"/v1/carriers": 1}


def test_only_so_many_answers_are_computed_at_once() -> None:
    async def flood() -> Slow:
        app = Slow(seconds=0.01)
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        await asyncio.gather(
            *(call(cache, "/v1/carriers", f"q={number}".encode()) for number in range(300))
        )
        return app

    assert asyncio.run(flood()).most_at_once <= 16


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the cache tells nobody
            await asyncio.sleep(0.001)


def test_a_warming_that_fails_does_not_end_the_watch() -> None:
    async def watched() -> tuple[bool, object]:
        app = Slow()
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        await call(cache, "/v1/carriers")
        watcher = EditionWatcher(cache)
        edition = 1
        watch = asyncio.create_task(watcher.watch(lambda: edition, every=0.001))
        await _until(lambda: watcher.edition == edition)
        app.failing, asked = True, app.asked["/v1/carriers"]
        edition = 3
        await _until(lambda: app.asked["/v1/carriers"] > asked)
        app.failing = False
        await _until(lambda: watcher.edition == edition)
        alive = not watch.done()
        watch.cancel()
        return alive, watcher.edition

    assert asyncio.run(watched()) == (True, 3)


def test_an_unknown_edition_is_logged_once() -> None:
    """The watch asks every second, for as long as the database is away."""
    asked = 0

    def away() -> object:
        nonlocal asked
        asked += 1
        raise ConnectionError

    async def watched() -> None:
        watcher = EditionWatcher(ResponseCacheMiddleware(Slow(), RULES, 1 << 20))
        watch = asyncio.create_task(watcher.watch(away, every=0.001))
        await _until(lambda: asked > 5)
        watch.cancel()

    log.configure("warning")
    with capture_logs() as logged:
        asyncio.run(watched())

    assert [line["event"] for line in logged] == ["edition unknown"]
