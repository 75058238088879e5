"""Runs PgBouncer in transaction mode in front of a PostgreSQL server, on a loopback port."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

SERVER_CONNECTIONS: Final = 4
"""Fewer than the clients have, so that they take turns on each connection."""


@contextmanager
def running(program: str, folder: Path, port: int, server: str) -> Iterator[str]:
    """Run PgBouncer in front of the database of this URL; gives the URL through PgBouncer."""
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(_configuration(folder, port, make_url(server)), encoding="utf-8")
    log = folder / "pgbouncer.log"
    log.touch()
    # PgBouncer refuses to run as root, and the server's socket is for the server's user only.
    user = Path(_host(make_url(server))).stat().st_uid
    as_root = os.geteuid() == 0
    if as_root:
        for path in (folder, configuration, log):
            os.chown(path, user, -1)
    process = subprocess.Popen(  # noqa: S603 - the program that the test found
        [program, str(configuration)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user if as_root else None,
        extra_groups=[] if as_root else None,
    )
    try:
        _wait_for(port, process, log)
        yield f"postgresql+psycopg://{make_url(server).username}@127.0.0.1:{port}/kaiyaku"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _configuration(folder: Path, port: int, server: URL) -> str:
    return f"""
[databases]
kaiyaku = host={_host(server)} dbname={server.database} user={server.username}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
logfile = {folder / "pgbouncer.log"}
auth_type = any
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
max_client_conn = 100
"""


def _host(server: URL) -> str:
    """Return the folder of the server's socket."""
    folder = server.query["host"]
    assert isinstance(folder, str)
    return folder


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"PgBouncer does not listen on {port}: {log.read_text(encoding='utf-8')}")
