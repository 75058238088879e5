"""A server that is killed loses nothing that it has acknowledged."""

import asyncio

from benchmarks import ticks
from tests.support.databases import Databases


def test_no_acknowledged_tick_is_lost_when_the_server_is_killed(databases: Databases) -> None:
    url = databases.empty()
    ticks.prepare(url)

    outcome = asyncio.run(ticks.run(url, seconds=6, clients=16, sessions=20, kills=2))

    assert outcome.lost == []
    assert outcome.server_errors == 0
    assert len(outcome.milliseconds) > 100
    databases.drop(url)
