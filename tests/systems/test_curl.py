"""The shell blocks of README.md and docs/ work in bash with the real curl."""

import os
import re
import socket
import subprocess
import threading
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest

from tests.docs import commands, curl
from tests.docs.commands import Block, Command
from tests.systems import programs

pytestmark = pytest.mark.own_catalogue


def only_curl(block: Block) -> bool:
    """Return whether all commands of the block are curl."""
    return {command.words[0] for command in commands.read(block.text, str(block))} == {"curl"}


BLOCKS: Final = [block for block in commands.shell_blocks() if only_curl(block)]
CURL: Final = [command for command in commands.block_commands() if command.words[0] == "curl"]


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return an environment in which curl connects to this port instead of port 8000."""
    (folder / ".curlrc").write_text(
        f'connect-to = "127.0.0.1:8000:127.0.0.1:{port}"\n'
        'noproxy = "*"\nfail\nshow-error\n'
        'write-out = "%{stderr}status %{http_code}\\n"\n',
        encoding="utf-8",
    )
    return {"PATH": os.environ["PATH"], "CURL_HOME": str(folder), "LC_ALL": "C.UTF-8"}


def record(listener: socket.socket, received: list[bytes]) -> None:
    """Take one request, keep its bytes, and answer 204."""
    connection, _ = listener.accept()
    with connection:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        received.append(head + b"\r\n\r\n" + body)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


class Comparable(NamedTuple):
    """The parts of a request that do not vary between two runs."""

    first_line: bytes
    headers: frozenset[bytes]
    body: bytes


def comparable(request: bytes) -> Comparable:
    """Return the request without curl's version and random keys.

    The digits of an escape may have either case; versions of curl differ.
    """
    head, _, body = request.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    random = (b"user-agent:", b"idempotency-key:")
    first = re.sub(rb"%[0-9a-f]{2}", lambda match: match[0].upper(), first)
    stable = frozenset(line for line in headers if not line.lower().startswith(random))
    return Comparable(first, stable, body)


def test_there_are_blocks_to_run() -> None:
    """The pages hold at least four blocks of curl commands."""
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_runs_in_bash_as_pasted(
    block: Block,
    own_server: str,
    tmp_path: Path,
) -> None:
    """Each block of curl commands succeeds in bash, and each response is a 2xx."""
    bash = programs.find("bash")
    needed = ["curl", *(["uuidgen"] if "uuidgen" in block.text else [])]
    assert all(programs.find(name) for name in needed)
    shell = environment(tmp_path, httpx.URL(own_server).port or 80)

    done = subprocess.run(  # noqa: S603 - a block of our own pages
        [bash, "-euo", "pipefail", "-c", block.text],
        env=shell,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    statuses = [line for line in done.stderr.splitlines() if line.startswith("status ")]
    assert done.returncode == 0, done.stderr
    assert len(statuses) == len(commands.read(block.text, str(block)))
    assert all(status.startswith("status 2") for status in statuses), statuses


@pytest.mark.parametrize("command", CURL, ids=str)
def test_curl_sends_the_bytes_of_the_first_suite(
    command: Command,
    tmp_path: Path,
) -> None:
    """Curl sends the request that `tests/docs/curl.py` builds from the same command."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=record, args=(listener, received), daemon=True)
        thread.start()
        shell = environment(tmp_path, listener.getsockname()[1])
        words = [programs.find("curl"), *command.words[1:]]
        done = subprocess.run(  # noqa: S603 - a command of our own pages
            words,
            env=shell,
            capture_output=True,
            check=False,
            timeout=30,
        )
        thread.join(timeout=10)

    assert done.returncode == 0, done.stderr
    assert comparable(received[0]) == comparable(curl.read(command.words).bytes())
