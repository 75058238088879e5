"""Many more clients than connections and threads: all are answered."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

CLIENTS = 120


async def statuses(address: str) -> Counter[int]:
    """Start and read a session from every client at once; return how often each status came."""
    async with httpx.AsyncClient(
        base_url=address, timeout=60, limits=httpx.Limits(max_connections=CLIENTS)
    ) as http:

        async def client() -> list[int]:
            begun = await http.post(
                "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
            )
            owner = {"Authorization": f"Bearer {begun.json().get('token')}"}
            read = await http.get(begun.headers.get("location", "/"), headers=owner)
            return [begun.status_code, read.status_code]

        answers = await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return Counter(status for both in answers for status in both)


def test_120_clients_share_the_connections(databases: Databases, tmp_path: Path) -> None:
    """120 clients at once all get their response.

    Requests that wait for a connection must not take the threads that return connections.
    """
    url = databases.migrated()
    database = Database(url)
    publish(
        database,
        builders.read(builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})),
    )
    database.close()

    with serving(settings_for(url)) as address:
        assert asyncio.run(statuses(address)) == {201: CLIENTS, 200: CLIENTS}
