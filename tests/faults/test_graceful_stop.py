"""`kaiyaku serve` with several workers: all answer, and a stop lets what has begun be finished."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.conftest import Databases

CLIENTS: Final = 12
REQUEST: Final = b"GET /v1/guide?carrier=rakuten-mobile HTTP/1.1\r\nHost: service\r\n\r\n"


@contextmanager
def kaiyaku(url: str, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve with the command itself; gives the address and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"KAIYAKU_DATABASE_URL": url, "KAIYAKU_SECRET": "s" * 32, "KAIYAKU_WORKERS": str(workers), "KAIYAKU_LOG_LEVEL": "error"}
    command = [str(Path(sys.executable).with_name("kaiyaku")), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                if httpx.get(f"{address}/readyz", timeout=2).status_code == httpx.codes.OK:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=20)


async def stop_midway(address: str, process: subprocess.Popen[bytes]) -> tuple[list[bytes], int]:
    """Stop the server while it is at work for every client; return the first line of each answer, and the exit code."""
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
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
    return head.split(b"\r\n")[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_answers_what_it_has_taken_and_ends_cleanly(databases: Databases, workers: int) -> None:
    with kaiyaku(databases.published(), workers) as (address, process):
        lines, code = asyncio.run(stop_midway(address, process))

    assert lines == [b"HTTP/1.1 200 OK"] * CLIENTS
    assert code in {0, -signal.SIGTERM}
