"""Runs nginx in the foreground with a configuration of its own, on a loopback port."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(program: str, folder: Path, port: int, server: str) -> Iterator[str]:
    """Run nginx with these directives of its `server` block; gives its address."""
    block = f"access_log off;\nserver {{\n    listen 127.0.0.1:{port};\n{server}\n}}\n"
    with including(program, folder, port, block) as address:
        yield address


@contextmanager
def including(program: str, folder: Path, port: int, http: str) -> Iterator[str]:
    """Run nginx with these directives of its `http` block; gives its address."""
    configuration = folder / "nginx.conf"
    configuration.write_text(_configuration(folder, http), encoding="utf-8")
    log = folder / "error.log"
    process = subprocess.Popen(  # noqa: S603 - the program that the fixture found
        [program, "-p", str(folder), "-e", str(log), "-c", str(configuration)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _configuration(folder: Path, http: str) -> str:
    # Started by root, the workers would run as another user, who cannot write to this folder.
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    folders = "".join(f"    {name}_temp_path {folder / name};\n" for name in _TEMPORARY)
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\n"
        f"events {{ worker_connections 128; }}\nhttp {{\n{folders}{http}\n}}\n"
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nginx does not listen on {port}: {log.read_text(encoding='utf-8')}")
