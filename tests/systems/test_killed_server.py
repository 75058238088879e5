"""A killed server loses no acknowledged change."""

import asyncio

from benchmarks import ticks
from tests.support.databases import Databases


def test_a_killed_server_loses_no_acknowledged_tick(databases: Databases) -> None:
    """After two kills under load every acknowledged tick is stored."""
    url = databases.empty()
    ticks.prepare(url)

    outcome = asyncio.run(ticks.run(url, seconds=6, clients=16, sessions=20, kills=2))

    assert outcome.lost == []
    assert outcome.server_errors == 0
    assert len(outcome.milliseconds) > 100
    databases.drop(url)
