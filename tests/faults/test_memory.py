"""Requests with huge heads are refused and leave no memory behind."""

import contextlib
import socket
from pathlib import Path
from typing import Final

import httpx

from tests.faults.process import Kaiyaku, example_file, kaiyaku

REQUESTS: Final = 250
VALUE: Final = b"a" * (4 * 1024 * 1024)
ALLOWED_MIB: Final = 15
"""Three times the 5 MiB that are expected: an allocator keeps some of the memory freed."""


def resident_mib(service: Kaiyaku) -> float:
    """Return the resident memory of the process in MiB."""
    status = Path(f"/proc/{service.pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def send_huge(service: Kaiyaku, number: int) -> bytes:
    """Send 8 MB of headers, as far as the server reads; return the first line of the answer."""
    host, port = service.address.removeprefix("http://").split(":")
    head = f"GET /v1?lang=en&x={number} HTTP/1.1\r\nHost: {host}\r\n".encode()
    with socket.create_connection((host, int(port)), timeout=20) as client:
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it was closed before all was sent
            client.sendall(
                head + b"Accept-Language: " + VALUE + b"\r\nAccept-Encoding: " + VALUE + b"\r\n\r\n"
            )
        try:
            return client.recv(4096).partition(b"\r\n")[0]
        except ConnectionResetError:
            return b""


def test_heads_of_megabytes_leave_no_memory_behind(tmp_path: Path) -> None:
    """250 requests with 8 MB of headers are refused, and the process does not grow by them."""
    with kaiyaku(example_file(tmp_path)) as service:
        for number in range(10):  # the first requests load modules
            send_huge(service, number)
        before = resident_mib(service)
        answers = {send_huge(service, number) for number in range(REQUESTS)}
        after = resident_mib(service)
        alive = httpx.get(f"{service.address}/v1").status_code

    assert answers <= {b"HTTP/1.1 431 Request Header Fields Too Large", b""}
    assert after - before < ALLOWED_MIB
    assert alive == 200


def test_a_head_over_the_bound_is_a_problem_document(tmp_path: Path) -> None:
    """A head of 17 kB gets a 431 as a problem document, one of 15 kB is accepted."""
    with kaiyaku(example_file(tmp_path)) as service:
        refused = httpx.get(f"{service.address}/v1/carriers", headers={"X-Long": "a" * 17_000})
        taken = httpx.get(f"{service.address}/v1/carriers", headers={"X-Long": "a" * 15_000})

    assert refused.status_code == 431
    assert refused.json()["code"] == "headers-too-large"
    assert refused.headers["access-control-allow-origin"] == "*"
    assert taken.status_code == 200


def test_heads_in_pieces_are_counted_one_by_one(tmp_path: Path) -> None:
    """Small heads that arrive in pieces on one connection are accepted, however many there are."""
    with kaiyaku(example_file(tmp_path)) as service:
        host, port = service.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as client:
            for _ in range(30):  # more than the bound in all, but each head is small
                for piece in (
                    b"GET /healthz HTTP/1.1\r\nHo",
                    b"st: service\r\nX-Long: " + b"a" * 3000,
                    b"\r\n\r\n",
                ):
                    client.sendall(piece)
                answer = b""
                while not answer.endswith(b'{"status":"ok"}'):
                    answer += client.recv(65536)
                assert answer.startswith(b"HTTP/1.1 200 OK")
