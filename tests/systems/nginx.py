"""Runs nginx in the foreground with a configuration of its own, on a loopback port."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.systems.foreground import listening

_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def running(program: str, folder: Path, port: int, server: str) -> Iterator[str]:
    """Run nginx with these directives of its `server` block; yields its address."""
    block = f"access_log off;\nserver {{\n    listen 127.0.0.1:{port};\n{server}\n}}\n"
    with including(program, folder, port, block) as address:
        yield address


@contextmanager
def including(program: str, folder: Path, port: int, http: str) -> Iterator[str]:
    """Run nginx with these directives of its `http` block; yields its address."""
    configuration = folder / "nginx.conf"
    configuration.write_text(_configuration(folder, http), encoding="utf-8")
    log = folder / "error.log"
    command = [program, "-p", str(folder), "-e", str(log), "-c", str(configuration)]
    with listening(command, port, log):
        yield f"http://127.0.0.1:{port}"


def _configuration(folder: Path, http: str) -> str:
    # Started by root, the workers would run as another user, which cannot write to this folder.
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    folders = "".join(f"    {name}_temp_path {folder / name};\n" for name in _TEMPORARY)
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\n"
        f"events {{ worker_connections 128; }}\nhttp {{\n{folders}{http}\n}}\n"
    )
