"""An application behind the cache, called without a network."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
from starlette.types import Message, Receive, Scope, Send

from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.policy import CacheRules
from app.http.public_path import PublicPathMiddleware
from app.http.route_policies import RoutePolicies
from app.main import create_api, create_app
from tests.support.databases import Databases
from tests.support.server import settings_for

AT: Final = "2026-11-30T19:00:00%2B09:00"

POLICIES: Final[RoutePolicies] = create_api(settings_for("sqlite:////nowhere")).state.policies
"""What the routes of the service declare."""

RULES: Final = CacheRules(lambda path: POLICIES.of(path).cache)


def cached_service(databases: Databases) -> ResponseCacheMiddleware:
    """Return the whole service with the project's own catalogue, on one database.

    It has room for every address in every language and encoding: what a full cache lets go is
    another test's subject.
    """
    app = create_app(
        settings_for(databases.with_own_catalogue()).model_copy(
            update={"cache_bytes": 512 * 1024 * 1024}
        )
    )
    assert isinstance(app, PublicPathMiddleware)
    assert isinstance(app.app, ResponseCacheMiddleware)
    return app.app


@asynccontextmanager
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ANN401 - an ASGI app
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as http:
        yield http


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
            raise RuntimeError("a fault")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self._seconds:
            await asyncio.sleep(self._seconds)
        self.at_once -= 1
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
    headers: list[tuple[bytes, bytes]] | None = None,
) -> int:
    statuses = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query,
            "headers": headers or [],
        },
        receive,
        send,
    )
    return int(statuses[0])
