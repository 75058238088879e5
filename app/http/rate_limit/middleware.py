"""How often one client may ask for what is dear: a sliding window by client and quota, told in headers.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. Who a client is stands nowhere: addresses are only counted under a keyed
hash, in memory or in Redis, until the window has passed.
"""

import asyncio
import hashlib
import ipaddress
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

_log: Final = structlog.get_logger(__name__)

_SECONDS: Final = 60
_STORE_MAY_TAKE: Final = 0.25
"""Seconds; a store that is slower, or away, lets everybody pass: the service is worth more than the count."""

_MOST_TURNED_AWAY: Final = 10_000
"""Clients; with more of them at once, some are answered."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Quota:
    """How many requests of one kind a client may send within a minute."""

    name: str
    per_minute: int
    shared: bool = False
    """Caches share the 200s, so these do not say what is left to one client."""

    refusals_only: bool = False
    """Answers count only when they are refusals (4xx)."""


class Clients:
    """Tells clients apart without keeping who they are."""

    def __init__(self, proxies: Iterable[Network], secret: bytes) -> None:
        """Believe X-Forwarded-For from these proxies alone."""
        self._proxies: Final = tuple(proxies)
        self._secret: Final = hashlib.sha256(b"clients" + secret).digest()

    def of(self, scope: Scope) -> str:
        """Return a name for the client of a request: the same for the same address, or network of an IPv6 subscriber."""
        address = self._address(scope)
        if isinstance(address, ipaddress.IPv6Address):
            address = ipaddress.IPv6Network((address, 64), strict=False).network_address
        return hashlib.blake2b(str(address).encode(), key=self._secret, digest_size=12).hexdigest()

    def _address(self, scope: Scope) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """Return the address nearest to us that is no proxy of ours."""
        peer = _parsed(scope["client"][0]) if scope.get("client") else None
        if not self._is_proxy(peer):
            return peer
        nearest = peer
        for name in reversed(",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")):
            nearest = _parsed(name) or nearest
            if not self._is_proxy(nearest):
                break
        return nearest

    def _is_proxy(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)


class RateLimitMiddleware:
    """Refuses a client that asks too often, and tells the others how much is left."""

    def __init__(
        self,
        app: ASGIApp,
        quota: Callable[[Scope], Quota | None],
        clients: Clients,
        store: str,
        refuse: Callable[[Scope, int], ASGIApp],
    ) -> None:
        """Stand before `app`; `quota` names what a request counts against, `refuse` answers when nothing is left for so many seconds."""
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
            return
        client = self.clients.of(scope)
        if quota.refusals_only:
            await self._answer_and_count(scope, receive, send, (quota, client))
            return
        allowed, left, seconds = await self._count(quota, client)
        app = self.app if allowed else self.refuse(scope, seconds)
        await app(scope, receive, _telling(send, quota, left, seconds))

    async def _answer_and_count(
        self, scope: Scope, receive: Receive, send: Send, who: tuple[Quota, str]
    ) -> None:
        """Answer a request that is free while it is a good one.

        Asking the store beforehand would cost every good request a round trip, so only those are turned away of whom this
        process has seen a refusal too many.
        """
        quota, client = who
        left_to_wait = self._turned_away.get(client, 0.0) - time.monotonic()
        if left_to_wait > 0:
            seconds = math.ceil(left_to_wait)
            await self.refuse(scope, seconds)(scope, receive, _telling(send, quota, 0, seconds))
            return

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_refusal(message["status"]):
                allowed, left, seconds = await self._count(quota, client)
                if not allowed:
                    self._turn_away(client, seconds)
                _tell(message, quota, left, seconds)
            await send(message)

        await self.app(scope, receive, send_and_count)

    def _turn_away(self, client: str, seconds: int) -> None:
        now = time.monotonic()
        if len(self._turned_away) >= _MOST_TURNED_AWAY:
            self._turned_away = {
                each: until for each, until in self._turned_away.items() if until > now
            }
        if len(self._turned_away) < _MOST_TURNED_AWAY:
            self._turned_away[client] = now + seconds

    async def _count(self, quota: Quota, client: str) -> tuple[bool, int, int]:
        """Return whether the client may go on, how many requests are left, and after how many seconds there are more."""
        item: RateLimitItem = RateLimitItemPerMinute(quota.per_minute)
        try:
            async with asyncio.timeout(_STORE_MAY_TAKE):
                allowed = await self._limiter.hit(item, quota.name, client)
                window = await self._limiter.get_window_stats(item, quota.name, client)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the store, the service goes on
            _log.warning("rates unknown", error=type(error).__name__)
            return True, quota.per_minute, _SECONDS
        return (
            allowed,
            window.remaining,
            max(1, min(_SECONDS, round(window.reset_time - time.time() + 0.5))),
        )


def _redis(address: str) -> "ConnectionPool":
    from redis.asyncio import ConnectionPool  # noqa: PLC0415 - loading it would delay every start, and few use it

    return ConnectionPool.from_url(address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_refusal(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _telling(send: Send, quota: Quota, left: int, seconds: int) -> Send:
    async def send_with_numbers(message: Message) -> None:
        if message["type"] == "http.response.start" and not (
            quota.shared and message["status"] == HTTPStatus.OK
        ):
            _tell(message, quota, left, seconds)
        await send(message)

    return send_with_numbers


def _tell(message: Message, quota: Quota, left: int, seconds: int) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["ratelimit-policy"] = f'"{quota.name}";q={quota.per_minute};w={_SECONDS}'
    headers["ratelimit"] = f'"{quota.name}";r={left};t={seconds}'
