"""Clients are distinguished by trusted addresses, which themselves are not stored."""

from ipaddress import ip_network

import pytest
from starlette.types import Scope

from app.http.rate_limit.clients import Clients


def _scope(peer: str, forwarded: str | None = None) -> Scope:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"type": "http", "client": (peer, 1234), "headers": headers}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (_scope("198.51.100.1"), _scope("198.51.100.1"), True),
        (_scope("198.51.100.1"), _scope("198.51.100.2"), False),
        # A client that is no trusted proxy can send any X-Forwarded-For.
        (_scope("198.51.100.1", "203.0.113.1"), _scope("198.51.100.1", "203.0.113.2"), True),
        (_scope("10.0.0.1", "203.0.113.1"), _scope("10.0.0.2", "203.0.113.1"), True),
        (_scope("10.0.0.1", "203.0.113.1"), _scope("10.0.0.1", "203.0.113.2"), False),
        # A trusted proxy appends to the addresses that a client made up.
        (
            _scope("10.0.0.1", "192.0.2.1, 203.0.113.1"),
            _scope("10.0.0.1", "192.0.2.2, 203.0.113.1"),
            True,
        ),
        (
            _scope("10.0.0.1", "203.0.113.1, 10.0.0.9"),
            _scope("10.0.0.1", "203.0.113.2, 10.0.0.9"),
            False,
        ),
        (_scope("10.0.0.1", "no address"), _scope("10.0.0.1"), True),
        # One subscriber of IPv6 has a whole network.
        (_scope("2001:db8:0:1::1"), _scope("2001:db8:0:1::2"), True),
        (_scope("2001:db8:0:1::1"), _scope("2001:db8:0:2::1"), False),
        (_scope("::ffff:198.51.100.1"), _scope("198.51.100.1"), True),
    ],
)
def test_clients_are_distinguished_by_trusted_addresses(
    one: Scope, other: Scope, *, same: bool
) -> None:
    """X-Forwarded-For counts from trusted proxies alone, and IPv6 by its /64 network."""
    clients = Clients([ip_network("10.0.0.0/8")], b"secret")

    assert (clients.name_of(one) == clients.name_of(other)) is same


def test_a_clients_name_does_not_hold_its_address() -> None:
    """The name of a client is a hash with the secret: it contains no address."""
    scope = _scope("198.51.100.1")

    assert "198.51.100.1" not in Clients([], b"secret").name_of(scope)
    assert Clients([], b"secret").name_of(scope) != Clients([], b"another").name_of(scope)
