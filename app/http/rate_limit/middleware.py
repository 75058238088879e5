"""The rate limit: a sliding window of a minute per client and quota.

Response headers follow draft-ietf-httpapi-ratelimit-headers-10. Counters are in memory or in Redis,
under a keyed hash of the client's address, until the window has passed.
"""

import asyncio
import math
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.rate_limit.clients import Clients
from app.http.rate_limit.policy import Quota

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

_log: Final = structlog.get_logger(__name__)

_WINDOW: Final = 60
"""Seconds."""

_STORE_TIMEOUT: Final = 0.25
"""Seconds. If Redis is slower or unavailable, requests are not limited: serving comes first."""

_MOST_TURNED_AWAY: Final = 10_000
"""Clients to remember, to bound the memory. Others over their quota are served in the meantime."""


class Counted(NamedTuple):
    """The result of counting a request."""

    allowed: bool
    left: int
    """Requests that the client may still send in the window."""

    seconds: int
    """Seconds until the client may send more."""


class RateLimitMiddleware:
    """Refuses clients that are over their quota; headers state what others have left."""

    def __init__(
        self,
        app: ASGIApp,
        quota: Callable[[Scope], Quota | None],
        clients: Clients,
        store: str,
        refuse: Callable[[Scope, int], ASGIApp],
    ) -> None:
        """Wrap `app`.

        `quota` returns the quota that a request counts against, None for no limit. `store` is the
        URL of the counters: `memory://` or `redis://…`. `refuse` returns the response to a client
        over its quota, given the seconds that it has to wait.
        """
        self.app = app
        self.quota = quota
        self.clients = clients
        self.refuse = refuse
        self._turned_away: dict[str, float] = {}
        self._connections: Final = _redis(store) if store.startswith("redis") else None
        options: dict[str, Any] = (
            {"implementation": "redispy", "connection_pool": self._connections}
            if self._connections
            else {}
        )
        self._limiter: Final = SlidingWindowCounterRateLimiter(
            storage_from_string(f"async+{store}", **options)
        )

    async def close(self) -> None:
        """Close the connections to the store."""
        if self._connections is not None:
            await self._connections.disconnect()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        quota = self.quota(scope) if scope["type"] == "http" else None
        if quota is None or not quota.per_minute:
            await self.app(scope, receive, send)
        elif quota.refusals_only:
            await self._count_refusal(self.app, quota, scope, receive, send)
        elif quota.refusals_of_path is not None:
            app = self._limited_by_path(quota)
            await self._count_refusal(app, quota.refusals_of_path, scope, receive, send)
        else:
            counted = await self._count(quota, self.clients.name_of(scope))
            app = self.app if counted.allowed else self.refuse(scope, counted.seconds)
            await app(scope, receive, _with_headers(send, quota, counted))

    def _limited_by_path(self, quota: Quota) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            counted = await self._count(quota, self.clients.name_of_path(scope))
            app = self.app if counted.allowed else self.refuse(scope, counted.seconds)
            await app(scope, receive, _with_headers(send, quota, counted))

        return app

    async def _count_refusal(
        self, app: ASGIApp, quota: Quota, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request that counts only if `app` refuses it.

        Asking the store first would cost every good request a round trip. So a client is turned
        away without being served only if this process has seen it exceed the quota.
        """
        client = self.clients.name_of(scope)
        seconds_to_wait = self._turned_away.get(client, 0.0) - time.monotonic()
        if seconds_to_wait > 0:
            nothing_left = Counted(allowed=False, left=0, seconds=math.ceil(seconds_to_wait))
            refusal = self.refuse(scope, nothing_left.seconds)
            await refusal(scope, receive, _with_headers(send, quota, nothing_left))
            return

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_refusal(message["status"]):
                counted = await self._count(quota, client)
                if not counted.allowed:
                    self._turn_away(client, counted.seconds)
                _add_headers(message, quota, counted)
            await send(message)

        await app(scope, receive, send_and_count)

    def _turn_away(self, client: str, seconds: int) -> None:
        now = time.monotonic()
        if len(self._turned_away) >= _MOST_TURNED_AWAY:
            self._turned_away = {
                each: until for each, until in self._turned_away.items() if until > now
            }
        if len(self._turned_away) < _MOST_TURNED_AWAY:
            self._turned_away[client] = now + seconds

    async def _count(self, quota: Quota, client: str) -> Counted:
        """Count a request of the client."""
        item: RateLimitItem = RateLimitItemPerMinute(quota.per_minute)
        try:
            async with asyncio.timeout(_STORE_TIMEOUT):
                allowed = await self._limiter.hit(item, quota.name, client)
                window = await self._limiter.get_window_stats(item, quota.name, client)
        except Exception as error:  # noqa: BLE001 - serving must not depend on the store
            _log.warning("rate store unavailable", error=type(error).__name__)
            return Counted(allowed=True, left=quota.per_minute, seconds=_WINDOW)
        seconds = max(1, min(_WINDOW, round(window.reset_time - time.time() + 0.5)))
        return Counted(allowed, window.remaining, seconds)


def _redis(address: str) -> "ConnectionPool":
    # Imported here: the import would delay every start, and few deployments use Redis.
    from redis.asyncio import ConnectionPool  # noqa: PLC0415

    return ConnectionPool.from_url(address)


def _is_refusal(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _with_headers(send: Send, quota: Quota, counted: Counted) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start" and not (
            quota.shared and message["status"] == HTTPStatus.OK
        ):
            _add_headers(message, quota, counted)
        await send(message)

    return send_with_headers


def _add_headers(message: Message, quota: Quota, counted: Counted) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["ratelimit-policy"] = f'"{quota.name}";q={quota.per_minute};w={_WINDOW}'
    headers["ratelimit"] = f'"{quota.name}";r={counted.left};t={counted.seconds}'
