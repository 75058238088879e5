"""The response cache with the whole catalogue, and with more distinct requests than it can hold."""

import asyncio
import gc
import gzip
from typing import Final

import brotli
import httpx
import pytest
import zstandard

from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.representation import Representation
from app.i18n import LANGUAGES, Language
from tests.support.cached import AT, RULES, Slow, cached_service, call, client
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
SPEAKS: Final[dict[str, str]] = {
    "en": "en-GB, en;q=0.8",
    "ja": "ja",
    "zh-Hans": "zh-CN,zh;q=0.9,en;q=0.5",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ResponseCacheMiddleware:
    """The whole service, called without a network."""
    return cached_service(Databases("sqlite", tmp_path_factory.mktemp("cache"), None))


async def addresses(http: httpx.AsyncClient, language: Language) -> list[str]:
    """Return every cacheable address, found by following the answers from the index."""
    http.headers["Accept-Language"] = SPEAKS.get(language, language)
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
    kept = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
    coding = answer.headers.get("content-encoding", "")
    return httpx.Response(
        answer.status_code, headers=kept, content=body, extensions={"coding": coding}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_the_computed_one_in_every_encoding_cold_and_warm(
    service: ResponseCacheMiddleware, language: Language
) -> None:
    async def compare() -> int:
        async with client(service.app) as plain:
            found = await addresses(plain, language)
            for address in found:
                computed = await plain.get(address)
                for _ in ("cold", "warm"):
                    for encoding in ("identity", *DECODERS):
                        kept = await raw(
                            service,
                            address,
                            {"Accept-Language": SPEAKS[language], "Accept-Encoding": encoding},
                        )
                        _assert_equal(address, kept, computed, encoding)
        return len(found)

    before = service.misses
    count = asyncio.run(compare())

    assert count > 400
    assert service.misses - before == count


def _assert_equal(
    address: str, kept: httpx.Response, computed: httpx.Response, encoding: str
) -> None:
    coded = kept.extensions["coding"]
    body = DECODERS[coded](kept.content) if coded else kept.content
    assert (kept.status_code, body) == (computed.status_code, computed.content), address
    assert coded in {"", encoding}, address
    assert coded or encoding == "identity" or len(body) < 512, address
    assert {name: kept.headers.get(name) for name in COMPARED} == {
        name: computed.headers.get(name) for name in COMPARED
    }, address
    assert int(kept.headers["content-length"]) == len(kept.content)
    assert kept.headers["vary"] == "Accept-Language, Accept-Encoding"


def test_a_flood_of_distinct_queries_neither_fills_the_memory_nor_pushes_out_what_others_read() -> (
    None
):
    most, distinct = 2 << 20, 1_000_000

    before = sum(thing.size for thing in gc.get_objects() if isinstance(thing, Representation))

    async def flood() -> tuple[ResponseCacheMiddleware, int, int]:
        cache = ResponseCacheMiddleware(Slow(size=200), RULES, most)
        ordinary = [f"/v1/carriers/carrier-{number}" for number in range(100)]
        for path in ordinary:
            await call(cache, path)
        hits = asked = 0
        for number in range(distinct):
            await call(cache, "/v1/carriers", f"q={number}".encode())
            if number % 10 == 0:
                hit = cache.hits
                await call(cache, ordinary[number // 10 % 100])
                hits, asked = hits + cache.hits - hit, asked + 1
            assert cache.stored_bytes <= most
        return cache, hits, asked

    cache, hits, asked = asyncio.run(flood())

    alive = [thing for thing in gc.get_objects() if isinstance(thing, Representation)]
    assert hits / asked > 0.95
    assert sum(representation.size for representation in alive) - before <= most
    assert cache.evictions > 0
