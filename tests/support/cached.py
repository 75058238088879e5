"""The response cache in front of an application, called without a network."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
from starlette.types import Message, Receive, Scope, Send

from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.policy import CacheRules
from app.http.public_path import PublicPathMiddleware
from app.http.route_policies import RoutePolicies
from app.main import create_api, create_app
from tests.support.server import settings_for

AT: Final = "2026-11-30T19:00:00%2B09:00"

POLICIES: Final[RoutePolicies] = create_api(settings_for("sqlite:////nowhere")).state.policies
"""The policies that the routes of the service declare."""

RULES: Final = CacheRules(lambda path: POLICIES.of(path).cache)


def cached_service(url: str) -> ResponseCacheMiddleware:
    """Return the whole service on the database of this URL, from its cache inwards.

    The cache has room for every address in every language and encoding, so nothing is evicted.
    """
    app = create_app(settings_for(url).model_copy(update={"cache_bytes": 512 * 1024 * 1024}))
    assert isinstance(app, PublicPathMiddleware)
    assert isinstance(app.app, ResponseCacheMiddleware)
    return app.app


@asynccontextmanager
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ANN401 - an ASGI app
    """Give a client that calls the application directly."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as http:
        yield http


class SlowApp:
    """An application that takes its time, and counts its requests by path."""

    def __init__(self, seconds: float = 0.0, size: int = 300) -> None:
        """Answer after this many seconds with this many bytes."""
        self.requests: Counter[str] = Counter()
        self.most_concurrent = 0
        self.failing = False
        self._concurrent = 0
        self._seconds = seconds
        self._body = b"x" * size

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request, or raise while `failing`."""
        self.requests[scope["path"]] += 1
        if self.failing:
            raise RuntimeError("a fault")
        self._concurrent += 1
        self.most_concurrent = max(self.most_concurrent, self._concurrent)
        if self._seconds:
            await asyncio.sleep(self._seconds)
        self._concurrent -= 1
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"text/plain")],
            }
        )
        await send({"type": "http.response.body", "body": self._body})


async def call(
    app: ResponseCacheMiddleware,
    path: str,
    query: bytes = b"",
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> int:
    """Send a GET to the cache, and return the status."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [*headers],
    }
    await app(scope, receive, send)
    return statuses[0]
