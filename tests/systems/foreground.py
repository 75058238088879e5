"""Runs a program in the foreground while a test uses the port that it listens on."""

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SECONDS_TO_START: Final = 20
_SECONDS_TO_STOP: Final = 20


@contextmanager
def listening(
    command: Sequence[str], port: int, log: Path, *, user: int | None = None
) -> Iterator[None]:
    """Run the command, and enter the block once it listens; a failure shows its log.

    `user` is the uid to run under, without further groups; None: our own.
    """
    process = subprocess.Popen(  # noqa: S603 - a program that the test found
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
        extra_groups=None if user is None else [],
    )
    try:
        _wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS_TO_STOP)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    output = log.read_text(encoding="utf-8") if log.exists() else "it wrote no log"
    raise RuntimeError(f"{process.args!r} does not listen on {port}: {output}")
