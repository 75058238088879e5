"""`kaiyaku serve` with several workers: a stop finishes the requests that have begun."""

import asyncio
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import httpx
import pytest

from tests.cli.command import start
from tests.support import builders
from tests.support.databases import Databases

CLIENTS: Final = 12
REQUEST: Final = b"GET /v1/guide?carrier=monthly HTTP/1.1\r\nHost: service\r\n\r\n"


@contextmanager
def kaiyaku(url: str, workers: int, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve with the command on a port that it chooses; yields its address and the process."""
    process = start(
        "serve",
        "--port",
        "0",
        database_url=url,
        secret="s" * 32,
        workers=str(workers),
        log_level="error",
        **settings,
    )
    assert process.stdout
    try:
        said = next(line for line in process.stdout if line.startswith("Kaiyaku serves on"))
        address = said.split()[3]
        httpx.get(f"{address}/readyz", timeout=30).raise_for_status()  # until a worker is ready
        yield address, process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=20)
        process.communicate()


async def stop_midway(address: str, process: subprocess.Popen[str]) -> tuple[list[bytes], int]:
    """Stop the server while it works; return each answer's first line, and the exit code."""
    host, port = address.removeprefix("http://").split(":")
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(CLIENTS)]
    for _, writer in connections:
        writer.write(REQUEST)
    for reader, _ in connections:
        await _answer(reader)  # so the server has taken the connection
    for _, writer in connections:
        writer.write(REQUEST)
    await asyncio.sleep(0.003)
    process.send_signal(signal.SIGTERM)
    lines = [await _answer(reader) for reader, _ in connections]
    for _, writer in connections:
        writer.close()
    return lines, await asyncio.to_thread(process.wait, 20)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    await reader.readexactly(int(length.split(b":")[1]))
    return head.split(b"\r\n")[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_answers_accepted_requests(databases: Databases, workers: int) -> None:
    """A stopped server answers the requests that it has accepted, and ends without an error."""
    with kaiyaku(databases.with_sample(), workers) as (address, process):
        lines, code = asyncio.run(stop_midway(address, process))

    assert lines == [b"HTTP/1.1 200 OK"] * CLIENTS
    assert code in {0, -signal.SIGTERM}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An SQLite file that holds a small catalogue."""
    folder = tmp_path_factory.mktemp("stop")
    catalogue = builders.write(folder / "catalogue", {"example": {"cancel": builders.procedure()}})
    run = start("prepare", database_url=f"sqlite:///{folder}/own.sqlite3", catalogue=str(catalogue))
    assert run.communicate(timeout=60)[1] == ""
    return f"{folder}/own.sqlite3"


GET: Final = b"GET /openapi.json HTTP/1.1\r\nHost: service\r\n\r\n"
POST: Final = (
    b"POST /v1/sessions HTTP/1.1\r\nHost: service\r\n"
    b"Content-Type: application/json\r\nContent-Length: 44\r\n\r\n"
)
BODY: Final = b'{"carrier": "example", "procedure": "cancel"}'[:44]

HALVES: Final = {
    "half a body": POST + BODY[:10],
    "half a header": b"GET /v1 HTTP/1.1\r\nHost: ser",
    "nothing is read": GET * 60,
    "an idle connection": b"",
}
"""Requests that clients never finish, by what the clients do."""

LOCKED: Final = {"a write to a locked database": POST + BODY}
"""A request for which a thread of the server waits that cannot be cancelled."""


def connect(address: str, sent: bytes) -> socket.socket:
    """Connect with a small receive buffer: the server has to hold responses that are not read."""
    host, port = address.removeprefix("http://").split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    client.setblocking(False)  # noqa: FBT003 - its only parameter
    client.send(sent)
    return client


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("stubborn", [HALVES, LOCKED], ids=["clients", "database"])
def test_a_stop_ends_within_the_grace_period(
    file: str, stubborn: Mapping[str, bytes], workers: int
) -> None:
    """Clients that never finish, or a locked database, delay a stop by the grace period at most."""
    locked = sqlite3.connect(file, isolation_level=None)
    with kaiyaku(f"sqlite:///{file}", workers, grace_seconds="2") as (address, process):
        locked.execute("BEGIN IMMEDIATE")
        clients = [connect(address, sent) for sent in stubborn.values() for _ in range(4)]
        # Until the server has read what it can; how far it is cannot be seen from outside.
        time.sleep(0.3)
        began = time.monotonic()
        process.send_signal(signal.SIGINT if workers == 1 else signal.SIGTERM)
        code = process.wait(timeout=20)
        seconds = time.monotonic() - began
        assert process.stderr
        errors = process.stderr.read()
    locked.close()
    for each in clients:
        each.close()

    assert seconds < 2.7  # the grace period, and what the kernel and a busy machine take
    assert code in {0, -signal.SIGTERM}
    assert "Traceback" not in errors


def test_without_a_grace_period_a_stop_ends_at_once(file: str) -> None:
    """With a grace period of 0 a stop waits for no client."""
    with kaiyaku(f"sqlite:///{file}", 1, grace_seconds="0") as (address, process):
        clients = [connect(address, sent) for sent in HALVES.values()]
        began = time.monotonic()
        process.terminate()
        process.wait(timeout=20)
        seconds = time.monotonic() - began
    for each in clients:
        each.close()

    assert seconds < 1.2
