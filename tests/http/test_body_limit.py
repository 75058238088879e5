"""The limit on bodies: announced or counted, and the body that is passed on."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.body_limit import BodyLimitMiddleware

LIMIT: Final = 10


class Passed(NamedTuple):
    """The body that the application read, and how many of its parts were received."""

    body: bytes | None
    """None: the request was refused."""

    parts_received: int


def send_body(parts: Sequence[bytes], *, method: str = "POST", length: str | None = None) -> Passed:
    """Send a body in parts, with a Content-Length or without."""
    body: bytes | None = None
    parts_received = 0

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        nonlocal body
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                return

    async def refusal(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    def refuse(_scope: Scope, limit: int) -> ASGIApp:
        assert limit == LIMIT
        return refusal

    async def receive() -> Message:
        nonlocal parts_received
        parts_received += 1
        more = parts_received < len(parts)
        return {"type": "http.request", "body": parts[parts_received - 1], "more_body": more}

    async def send(_message: Message) -> None:
        return

    headers = [(b"content-length", length.encode())] if length else []
    scope = {"type": "http", "method": method, "headers": headers}
    asyncio.run(BodyLimitMiddleware(app, LIMIT, refuse)(scope, receive, send))
    return Passed(body, parts_received)


@pytest.mark.parametrize("parts", [[b"x" * LIMIT], [b"abcde", b"fghij"], [b"", b"abc", b""], [b""]])
def test_a_body_within_the_limit_is_passed_on(parts: list[bytes]) -> None:
    """The application reads the whole body in its order, whatever its parts."""
    assert send_body(parts) == Passed(b"".join(parts), len(parts))


def test_an_announced_body_over_the_limit_is_not_read() -> None:
    """A Content-Length over the limit is refused before any of the body is read."""
    assert send_body([b"x" * 11], length="11") == Passed(None, 0)
    assert send_body([b"x" * 10], length="10") == Passed(b"x" * 10, 1)


@pytest.mark.parametrize("length", [None, "3", "-1", "many"])
def test_a_body_over_the_limit_is_refused_while_read(length: str | None) -> None:
    """Without a true Content-Length a body is refused once its parts exceed the limit."""
    assert send_body([b"x" * 6, b"x" * 6, b"x" * 6], length=length) == Passed(None, 2)


def test_requests_without_a_body_are_not_limited() -> None:
    """GET passes: its body is ignored by every operation."""
    assert send_body([b"x" * 11], method="GET", length="11") == Passed(b"x" * 11, 1)
