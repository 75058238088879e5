"""`kaiyaku serve` in a process of its own, with limits that a test can change."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from app.database import Database, migrate
from tests.faults.outage import publish_example, wait_until
from tests.support.ports import free_port

# Root may write any file, unless it lacks this capability.
_UNPRIVILEGED: Final = (
    ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    if os.geteuid() == 0
    else ()
)
_ENVIRONMENT: Final = {
    "KAIYAKU_SECRET": "s" * 32,
    "KAIYAKU_LOG_LEVEL": "error",
    "KAIYAKU_CHANGES_PER_MINUTE": "0",
    "KAIYAKU_COMPUTATIONS_PER_MINUTE": "0",
}


@dataclass(frozen=True)
class Kaiyaku:
    """A running service."""

    address: str
    pid: int
    log: Path

    @contextmanager
    def file_size_limited(self, size: int) -> Iterator[None]:
        """Make every write beyond `size` bytes of a file fail, as on a full disk."""
        soft, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (soft, hard))


def example_file(folder: Path) -> Path:
    """Return an SQLite file with one procedure."""
    file = folder / "kaiyaku.sqlite3"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    database.close()
    publish_example(f"sqlite:///{file}", folder / "catalogue")
    return file


@contextmanager
def kaiyaku(file: Path) -> Iterator[Kaiyaku]:
    """Serve the file, in a process that respects the permissions of files."""
    port = free_port()
    log = file.with_suffix(".log")
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [
                *_UNPRIVILEGED,
                str(Path(sys.executable).with_name("kaiyaku")),
                "serve",
                "--port",
                str(port),
            ],
            env=_ENVIRONMENT | {"KAIYAKU_DATABASE_URL": f"sqlite:///{file}"},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _is_up(address), 30)
        yield Kaiyaku(address, process.pid, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False
