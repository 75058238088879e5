"""Identifies clients by a keyed hash of their IP address. The address itself is not stored."""

import hashlib
import ipaddress
from collections.abc import Iterable
from typing import Final, TypeAlias

from starlette.datastructures import Headers
from starlette.types import Scope

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class Clients:
    """Names the client of a request, also behind trusted proxies."""

    # uvicorn's ProxyHeadersMiddleware is not used: it puts the address into the scope, and logs
    # that print the scope would contain it.

    def __init__(self, proxies: Iterable[Network], secret: bytes) -> None:
        """Trust X-Forwarded-For from `proxies` only; hash addresses with the secret."""
        self._proxies: Final = tuple(proxies)
        self._secret: Final = hashlib.sha256(b"clients" + secret).digest()

    def name_of(self, scope: Scope) -> str:
        """Return a name for the client of a request: 24 hexadecimal digits.

        Requests from the same IPv4 address or the same IPv6 /64 network have the same name. One
        IPv6 subscriber has a whole /64 network.
        """
        address = self._address(scope)
        if isinstance(address, ipaddress.IPv6Address):
            address = ipaddress.IPv6Network((address, 64), strict=False).network_address
        return hashlib.blake2b(str(address).encode(), key=self._secret, digest_size=12).hexdigest()

    def name_of_path(self, scope: Scope) -> str:
        """Return a name for the path of a request. The path itself can hold a secret."""
        path: str = scope["path"]
        return hashlib.blake2b(path.encode(), key=self._secret, digest_size=12).hexdigest()

    def _address(self, scope: Scope) -> Address | None:
        """Return the address nearest to this service that is not a trusted proxy."""
        address = _parsed(scope["client"][0]) if scope.get("client") else None
        if not self._is_proxy(address):
            return address
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        for text in reversed(forwarded):
            address = _parsed(text) or address
            if not self._is_proxy(address):
                break
        return address

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
