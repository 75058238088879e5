"""The response cache: it computes a response once, and holds only those that stay valid."""

import asyncio
from typing import NamedTuple

import httpx
import pytest

from app.http.cache.middleware import ResponseCacheMiddleware
from tests.support.cached import AT, RULES, SlowApp, cached_service, call, client
from tests.support.databases import Databases


class Pair(NamedTuple):
    """The responses to two requests, and whether the second was computed."""

    first: httpx.Response
    second: httpx.Response
    computed: int


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ResponseCacheMiddleware:
    """The whole service with the sample catalogue, called without a network."""
    databases = Databases("sqlite", tmp_path_factory.mktemp("cache"), None)
    return cached_service(databases.with_sample())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/carriers?kind=mvno&limit=50", "/v1/carriers?kind=mvno"),
        ("/v1/carriers?kind=mvno&audience=tourists", "/v1/carriers?audience=tourists&kind=mvno"),
        ("/v1/vocabulary?lang=zh-TW", "/v1/vocabulary?lang=zh-Hans"),
        ("/v1/vocabulary?lang=en", "/v1/vocabulary"),
        ("/openapi.json", "/openapi.json?x=1"),
        (
            f"/v1/carriers/monthly/contacts?at={AT}",
            f"/v1/carriers/monthly/contacts?tz=Asia/Tokyo&at={AT}",
        ),
    ],
)
def test_equivalent_requests_share_an_entry(
    service: ResponseCacheMiddleware, one: str, other: str
) -> None:
    """Two addresses with the same meaning give the same response, computed once."""

    async def get_both() -> Pair:
        async with client(service) as http:
            first = await http.get(one, headers={"Accept-Language": "en"})
            before = service.misses
            second = await http.get(other, headers={"Accept-Language": "en"})
            return Pair(first, second, service.misses - before)

    pair = asyncio.run(get_both())

    assert pair.first.status_code == 200
    assert pair.first.content == pair.second.content
    assert pair.first.headers["etag"] == pair.second.headers["etag"]
    assert pair.computed == 0


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/carriers/nobody", 404),
        ("/v1/carriers?colour=red", 422),
        ("/v1/guide", 200),
        ("/healthz", 200),
        ("/v1/carriers/monthly/contacts", 200),
    ],
)
def test_failures_and_momentary_responses_are_not_stored(
    service: ResponseCacheMiddleware, address: str, status: int
) -> None:
    """A refusal, and a response that depends on the present time, is computed each time."""

    async def get_twice() -> list[int]:
        async with client(service) as http:
            return [(await http.get(address)).status_code for _ in range(2)]

    before = service.hits
    statuses = asyncio.run(get_twice())

    assert statuses == [status, status]
    assert service.hits == before


def test_a_thundering_herd_computes_once() -> None:
    """500 simultaneous requests for one address reach the application once."""

    async def send_herd() -> SlowApp:
        app = SlowApp(seconds=0.05)
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        statuses = await asyncio.gather(*(call(cache, "/v1/carriers") for _ in range(500)))
        assert set(statuses) == {200}
        return app

    assert asyncio.run(send_herd()).requests == {"/v1/carriers": 1}


def test_concurrent_computations_are_limited() -> None:
    """Of 300 simultaneous requests for different addresses, 16 at most are computed at once."""

    async def send_flood() -> SlowApp:
        app = SlowApp(seconds=0.01)
        cache = ResponseCacheMiddleware(app, RULES, 1 << 20)
        await asyncio.gather(
            *(call(cache, "/v1/carriers", f"q={number}".encode()) for number in range(300))
        )
        return app

    assert asyncio.run(send_flood()).most_concurrent <= 16
