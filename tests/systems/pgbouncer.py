"""Runs PgBouncer in transaction mode in front of a PostgreSQL server, on a loopback port."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from tests.systems.foreground import listening

SERVER_CONNECTIONS: Final = 4
"""Fewer than the clients have, so that they share each connection."""


@contextmanager
def running(program: str, folder: Path, port: int, server: str) -> Iterator[str]:
    """Run PgBouncer in front of the database of this URL; yields the URL through PgBouncer."""
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
    command = [program, str(configuration)]
    with listening(command, port, log, user=user if as_root else None):
        yield f"postgresql+psycopg://{make_url(server).username}@127.0.0.1:{port}/kaiyaku"


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
