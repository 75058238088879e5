"""The long form of the race on shared sessions: 10,000 requests on each database."""

import asyncio
from pathlib import Path

from benchmarks.server import Server
from tests.faults.race import publish_edition, race
from tests.support.databases import Databases

REQUESTS = 10_000


def test_a_long_race_contradicts_no_response(databases: Databases, tmp_path: Path) -> None:
    """10,000 concurrent changes of shared sessions contradict no response."""
    url = databases.migrated()
    publish_edition(url, tmp_path, 1)
    server = Server(url)  # a process of its own, so that clients do not compete for its interpreter
    server.start()
    try:
        outcome = asyncio.run(race(server.address, url, tmp_path, REQUESTS))
    finally:
        server.kill()

    assert outcome.wrong == []
    assert outcome.statuses["upgrade 200"] > REQUESTS / 10
    databases.drop(url)
