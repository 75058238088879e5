"""The response cache with every address of the catalogue, and with a million distinct queries."""

import asyncio
import gc
import gzip
from typing import Final, NamedTuple

import brotli
import httpx
import pytest
import zstandard

from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.representation import Representation
from app.i18n import LANGUAGES, Language
from tests.support.cached import AT, RULES, SlowApp, cached_service, call, client
from tests.support.databases import Databases

pytestmark = pytest.mark.own_catalogue

DECODERS: Final = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}
COMPARED: Final = (
    "content-type",
    "content-language",
    "content-location",
    "access-control-allow-origin",
    "x-content-type-options",
)
ACCEPT_LANGUAGE: Final[dict[str, str]] = {
    "en": "en-GB, en;q=0.8",
    "ja": "ja",
    "zh-Hans": "zh-CN,zh;q=0.9,en;q=0.5",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ResponseCacheMiddleware:
    """The whole service with the project's own catalogue, called without a network."""
    databases = Databases("sqlite", tmp_path_factory.mktemp("cache"), None)
    return cached_service(databases.with_own_catalogue())


async def addresses(http: httpx.AsyncClient, language: Language) -> list[str]:
    """Return every cacheable address, found by following the answers from the index."""
    http.headers["Accept-Language"] = ACCEPT_LANGUAGE.get(language, language)
    guide, fees = (
        f"/v1/guide?carrier=ahamo&at={AT}",
        "/v1/fee-check?contract_started_on=2023-04-01&operator_kind=designated&quoted_jpy=0",
    )
    found = [
        "/v1",
        "/v1/vocabulary",
        "/v1/advice",
        "/v1/carriers?q=楽天",
        "/v1/carriers?kind=mvno",
        guide,
        fees,
    ]
    for listed in ("/v1/carriers", "/v1/procedures"):
        page: str | None = listed
        while page:
            body = (await http.get(page)).json()
            found += [page, *(item["url"] for item in body["items"])]
            page = body["next"]
    for address in list(found):
        if address.count("/") == 3 and address.startswith("/v1/carriers/"):
            found.append(f"{address}/contacts?at={AT}")
        if "/procedures/" in address:
            found += [
                f"{address}/revisions",
                f"{address}/revisions/1",
                f"{address}/timeline?at={AT}",
            ]
            calendar = f"{address}/timeline.ics?at={AT}"
            if (await http.get(calendar)).is_success:  # without dates there is no file
                found.append(calendar)
    return found


async def raw(
    app: ResponseCacheMiddleware, address: str, headers: dict[str, str]
) -> httpx.Response:
    """Return the answer with its body as it is sent."""
    async with client(app) as http, http.stream("GET", address, headers=headers) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
    headers_left = [
        (name, value) for name, value in answer.headers.items() if name != "content-encoding"
    ]
    coding = answer.headers.get("content-encoding", "")
    return httpx.Response(
        answer.status_code, headers=headers_left, content=body, extensions={"coding": coding}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cached_response_is_the_computed_one(
    service: ResponseCacheMiddleware, language: Language
) -> None:
    """Every address, in every language and encoding, cold and warm: the cache changes nothing."""

    async def compare() -> int:
        async with client(service.app) as plain:
            found = await addresses(plain, language)
            for address in found:
                computed = await plain.get(address)
                for _ in ("cold", "warm"):
                    for encoding in ("identity", *DECODERS):
                        headers = {
                            "Accept-Language": ACCEPT_LANGUAGE[language],
                            "Accept-Encoding": encoding,
                        }
                        cached = await raw(service, address, headers)
                        _assert_equal(address, cached, computed, encoding)
        return len(found)

    before = service.misses
    count = asyncio.run(compare())

    assert count > 400
    assert service.misses - before == count


def _assert_equal(
    address: str, cached: httpx.Response, computed: httpx.Response, encoding: str
) -> None:
    coded = cached.extensions["coding"]
    body = DECODERS[coded](cached.content) if coded else cached.content
    assert (cached.status_code, body) == (computed.status_code, computed.content), address
    assert coded in {"", encoding}, address
    assert coded or encoding == "identity" or len(body) < 512, address
    assert {name: cached.headers.get(name) for name in COMPARED} == {
        name: computed.headers.get(name) for name in COMPARED
    }, address
    assert int(cached.headers["content-length"]) == len(cached.content)
    assert cached.headers["vary"] == "Accept-Language, Accept-Encoding"


class Flooded(NamedTuple):
    """A cache after many distinct requests, and how the ordinary ones among them went."""

    cache: ResponseCacheMiddleware
    hits: int
    ordinary_requests: int


def test_a_flood_of_distinct_queries_leaves_room_for_others() -> None:
    """A million distinct queries stay within the bytes allowed, and evict no address in use."""
    most, distinct = 2 << 20, 1_000_000

    before = sum(each.size for each in gc.get_objects() if isinstance(each, Representation))

    async def flood() -> Flooded:
        cache = ResponseCacheMiddleware(SlowApp(size=200), RULES, most)
        ordinary = [f"/v1/carriers/carrier-{number}" for number in range(100)]
        for path in ordinary:
            await call(cache, path)
        hits = requests = 0
        for number in range(distinct):
            await call(cache, "/v1/carriers", f"q={number}".encode())
            if number % 10 == 0:
                hits_before = cache.hits
                await call(cache, ordinary[number // 10 % 100])
                hits, requests = hits + cache.hits - hits_before, requests + 1
            assert cache.stored_bytes <= most
        return Flooded(cache, hits, requests)

    flooded = asyncio.run(flood())

    alive = [each for each in gc.get_objects() if isinstance(each, Representation)]
    assert flooded.hits / flooded.ordinary_requests > 0.95
    assert sum(representation.size for representation in alive) - before <= most
    assert flooded.cache.evictions > 0
