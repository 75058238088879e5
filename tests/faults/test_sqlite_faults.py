"""The SQLite file is unwritable, locked, full, damaged, or replaced."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.outage import READS, WRITES, Service, wait_until
from tests.faults.process import Kaiyaku, example_file, kaiyaku


@dataclass(frozen=True)
class Served:
    """A file, the process that serves it, and a client of it."""

    file: Path
    process: Kaiyaku
    service: Service


def serve(folder: Path) -> Iterator[Served]:
    """Serve a new file with one procedure."""
    file = example_file(folder)
    with kaiyaku(file) as process:
        yield Served(file, process, Service(process.address))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served file that tests leave as it was."""
    yield from serve(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def own_file(tmp_path: Path) -> Iterator[Served]:
    """A served file of one test."""
    yield from serve(tmp_path)


def fails(service: Service, request: str) -> bool:
    """Return whether the request gets a 503."""
    return service.send(request)[0].status == httpx.codes.SERVICE_UNAVAILABLE


def logged(process: Kaiyaku) -> list[dict[str, Any]]:
    """Return the lines of the log about failures of the database."""
    lines = process.log.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in found if "advice" in line]


def test_a_read_only_file_fails_only_writes(served: Served) -> None:
    """While the file is read-only, reads work; afterwards writes work again.

    Connections that were opened meanwhile can only read, so the pool must not keep them.
    """
    file, service = served.file, served.service
    files = [path for path in file.parent.iterdir() if path.name.startswith(file.name)]
    for path in files:
        path.chmod(0o444)
    try:
        service.send(*READS, times=20)  # opens as many connections as there may be
        wait_until(lambda: fails(service, "tick"))
        service.assert_works(*READS)
    finally:
        for path in files:
            path.chmod(0o644)

    service.assert_recovers()
    service.assert_works("tick", times=30)


def test_a_locked_file_fails_only_writes(served: Served) -> None:
    """While another process holds the lock, writes fail in time and reads work."""
    service = served.service
    with closing(sqlite3.connect(served.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        service.assert_fails(*WRITES, times=10)
        service.assert_readiness("ok", "failed")
        service.assert_works(*READS)
        service.assert_alive()
        other.execute("ROLLBACK")

    service.assert_recovers()


def test_a_full_disk_fails_only_writes(served: Served) -> None:
    """While writes to the disk fail, writes are 503s and reads work; afterwards all works."""
    service = served.service
    with served.process.file_size_limited(4096):
        service.assert_fails(*WRITES)
        service.assert_works(*READS)
        service.assert_readiness("ok", "failed")
        service.assert_alive()

    service.assert_recovers()


def test_a_damaged_file_fails_all_but_cached_reads(own_file: Served) -> None:
    """A damaged file fails reads and writes, not cached reads; each error is logged once."""
    file, service = own_file.file, own_file.service
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.write(b"damaged " * (size // 8))

    service.send(*READS, *WRITES, times=20)
    service.assert_fails(*READS, *WRITES, times=5)
    service.assert_readiness("failed", "failed")
    service.assert_alive()
    lines = logged(own_file.process)
    assert lines
    assert all("restore a backup" in line["advice"] for line in lines)
    assert len(lines) == len({(line["event"], line["error"]) for line in lines})


def test_a_replaced_file_fails_all_requests(own_file: Served) -> None:
    """Once the file is replaced every request fails, until the old file is back.

    Open connections would go on writing to the old file, and a restart would lose all of it.
    """
    file, service = own_file.file, own_file.service
    kept = file.with_suffix(".kept")
    file.rename(kept)
    shutil.copy(kept, file)

    service.assert_fails(*READS, *WRITES, times=20)
    service.assert_readiness("failed", "failed")
    service.assert_alive()
    assert [line["error"] for line in logged(own_file.process)] == ["file replaced"]

    kept.rename(file)
    service.assert_recovers()
