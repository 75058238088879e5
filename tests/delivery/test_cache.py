"""What comes from the response cache is what would be computed, for everybody, at any time."""

import asyncio
import gc
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import brotli
import httpx
import pytest
import zstandard
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from app import cached, log
from app.delivery.cache import ResponseCache
from app.delivery.public_path import PublicPathRemoved
from app.delivery.representation import Representation
from app.languages import LANGUAGES, Language
from app.main import create_app
from tests.conftest import Databases, settings_for

AT: Final = "2026-11-30T19:00:00%2B09:00"
DECODERS: Final = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body)}
COMPARED: Final = ("content-type", "content-language", "content-location", "access-control-allow-origin", "x-content-type-options")
SPEAKS: Final[dict[Language, str]] = {"en": "en-GB, en;q=0.8", "ja": "ja", "zh-Hans": "zh-CN,zh;q=0.9,en;q=0.5"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> ResponseCache:
    """The whole service, called without a network, with the project's own catalogue; the cache knows no database, so one will do.

    It has room for every address in every language and encoding: what a full cache lets go is another test's subject.
    """
    databases = Databases("sqlite", tmp_path_factory.mktemp("cache"), None)
    app = create_app(settings_for(databases.published()).model_copy(update={"cache_bytes": 512 * 1024 * 1024}))
    assert isinstance(app, PublicPathRemoved)
    assert isinstance(app.app, ResponseCache)
    return app.app


@asynccontextmanager
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ANN401 - an ASGI application
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        yield http


async def addresses(http: httpx.AsyncClient, language: Language) -> list[str]:
    """Return every address whose answer may be kept, found by following the answers from the index."""
    http.headers["Accept-Language"] = SPEAKS[language]
    guide, fees = f"/v1/guide?carrier=ahamo&at={AT}", "/v1/fee-check?contract_started_on=2023-04-01&operator_kind=designated&quoted_jpy=0"
    found = ["/v1", "/v1/vocabulary", "/v1/advice", "/v1/carriers?q=楽天", "/v1/carriers?kind=mvno", guide, fees]
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
            found += [f"{address}/revisions", f"{address}/revisions/1", f"{address}/timeline?at={AT}", f"{address}/timeline.ics?at={AT}"]
    return found


async def raw(app: ResponseCache, address: str, headers: dict[str, str]) -> httpx.Response:
    """Return the answer with its body as it is sent."""
    async with client(app) as http, http.stream("GET", address, headers=headers) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
    kept = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
    coding = answer.headers.get("content-encoding", "")
    return httpx.Response(answer.status_code, headers=kept, content=body, extensions={"coding": coding})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_the_computed_one_in_every_encoding_cold_and_warm(service: ResponseCache, language: Language) -> None:
    async def compare() -> int:
        async with client(service.app) as plain:
            found = await addresses(plain, language)
            for address in found:
                computed = await plain.get(address)
                for _ in ("cold", "warm"):
                    for encoding in ("identity", *DECODERS):
                        kept = await raw(service, address, {"Accept-Language": SPEAKS[language], "Accept-Encoding": encoding})
                        _assert_equal(address, kept, computed, encoding)
        return len(found)

    before = service.misses
    count = asyncio.run(compare())

    assert count > 400
    assert service.misses - before == count


def _assert_equal(address: str, kept: httpx.Response, computed: httpx.Response, encoding: str) -> None:
    coded = kept.extensions["coding"]
    body = DECODERS[coded](kept.content) if coded else kept.content
    assert (kept.status_code, body) == (computed.status_code, computed.content), address
    assert coded in {"", encoding}, address
    assert coded or encoding == "identity" or len(body) < 512, address
    assert {name: kept.headers.get(name) for name in COMPARED} == {name: computed.headers.get(name) for name in COMPARED}, address
    assert int(kept.headers["content-length"]) == len(kept.content)
    assert kept.headers["vary"] == "Accept-Language, Accept-Encoding"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/carriers?kind=mvno&limit=50", "/v1/carriers?kind=mvno"),
        ("/v1/carriers?kind=mvno&audience=tourists", "/v1/carriers?audience=tourists&kind=mvno"),
        ("/v1/vocabulary?lang=zh-TW", "/v1/vocabulary?lang=zh-Hans"),
        ("/v1/vocabulary?lang=en", "/v1/vocabulary"),
        ("/openapi.json", "/openapi.json?x=1"),
        (f"/v1/carriers/ahamo/contacts?at={AT}", f"/v1/carriers/ahamo/contacts?tz=Asia/Tokyo&at={AT}"),
    ],
)
def test_requests_that_mean_the_same_are_one_entry(service: ResponseCache, one: str, other: str) -> None:
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
    "address", ["/v1/carriers/nobody", "/v1/carriers?colour=red", "/v1/guide", "/healthz", "/v1/carriers/mineo/contacts"]
)
def test_failures_and_answers_for_one_moment_are_not_kept(service: ResponseCache, address: str) -> None:
    async def ask() -> list[httpx.Response]:
        async with client(service) as http:
            return [await http.get(address) for _ in range(2)]

    before = service.hits
    first, second = asyncio.run(ask())

    assert first.status_code == second.status_code
    assert service.hits == before


class Slow:
    """An application that counts what it is asked, and takes its time."""

    def __init__(self, seconds: float = 0.0, size: int = 300) -> None:
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self._seconds = seconds
        self._body = b"x" * size
        self.failing = False

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked[scope["path"]] += 1
        if self.failing:
            message = "a fault"
            raise RuntimeError(message)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self._seconds:
            await asyncio.sleep(self._seconds)
        self.at_once -= 1
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": self._body})


async def call(app: ResponseCache, path: str, query: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None) -> int:
    statuses = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app({"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers or []}, receive, send)
    return int(statuses[0])


def test_a_thundering_herd_computes_once() -> None:
    async def herd() -> Slow:
        app = Slow(seconds=0.05)
        cache = ResponseCache(app, cached.RULES, 1 << 20)
        assert set(await asyncio.gather(*(call(cache, "/v1/carriers") for _ in range(500)))) == {200}
        return app

    assert asyncio.run(herd()).asked == {"/v1/carriers": 1}


def test_only_so_many_answers_are_computed_at_once() -> None:
    async def flood() -> Slow:
        app = Slow(seconds=0.01)
        cache = ResponseCache(app, cached.RULES, 1 << 20)
        await asyncio.gather(*(call(cache, "/v1/carriers", f"q={number}".encode()) for number in range(300)))
        return app

    assert asyncio.run(flood()).most_at_once <= 16


def test_a_flood_of_distinct_queries_neither_fills_the_memory_nor_pushes_out_what_others_read() -> None:
    most, distinct = 2 << 20, 1_000_000

    before = sum(thing.size for thing in gc.get_objects() if isinstance(thing, Representation))

    async def flood() -> tuple[ResponseCache, int, int]:
        cache = ResponseCache(Slow(size=200), cached.RULES, most)
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
            assert cache.kept_bytes <= most
        return cache, hits, asked

    cache, hits, asked = asyncio.run(flood())

    alive = [thing for thing in gc.get_objects() if isinstance(thing, Representation)]
    assert hits / asked > 0.95
    assert sum(representation.size for representation in alive) - before <= most
    assert cache.evictions > 0


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the cache tells nobody
            await asyncio.sleep(0.001)


def test_a_warming_that_fails_does_not_end_the_watch() -> None:
    async def watched() -> tuple[bool, object]:
        app = Slow()
        cache = ResponseCache(app, cached.RULES, 1 << 20)
        await call(cache, "/v1/carriers")
        edition = 1
        watch = asyncio.create_task(cache.watch(lambda: edition, every=0.001))
        await _until(lambda: cache.edition == edition)
        app.failing, asked = True, app.asked["/v1/carriers"]
        edition = 3
        await _until(lambda: app.asked["/v1/carriers"] > asked)
        app.failing = False
        await _until(lambda: cache.edition == edition)
        alive = not watch.done()
        watch.cancel()
        return alive, cache.edition

    assert asyncio.run(watched()) == (True, 3)


def test_an_unknown_edition_is_logged_once() -> None:
    """The watch asks every second, for as long as the database is away."""
    asked = 0

    def away() -> object:
        nonlocal asked
        asked += 1
        raise ConnectionError

    async def watched() -> None:
        cache = ResponseCache(Slow(), cached.RULES, 1 << 20)
        watch = asyncio.create_task(cache.watch(away, every=0.001))
        await _until(lambda: asked > 5)
        watch.cancel()

    log.configure("warning")
    with capture_logs() as logged:
        asyncio.run(watched())

    assert [line["event"] for line in logged] == ["edition unknown"]
