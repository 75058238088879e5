"""Publishing while many clients read: no failure, whole editions only, and the new one soon."""

import asyncio
import time
from pathlib import Path
from typing import Any, Final

import httpx

from app.catalogue.authoring.publish import publish
from app.database import Database
from benchmarks.server import Server
from tests.support import builders
from tests.support.databases import Databases

CLIENTS: Final = 32
EDITIONS: Final = 4
_PAUSE: Final = 0.005
"""Seconds between a client's requests: without any, 32 of them leave no core to publish on."""
ADDRESSES: Final = (
    "/v1/carriers",
    "/v1/carriers/example",
    "/v1/procedures",
    "/v1/carriers/example/procedures/cancel",
)


def _publish(database: Database, folder: Path, edition: int) -> None:
    """Publish an edition in which every text names its number."""
    words = builders.text(f"Words {edition}", f"ことば {edition}", f"文字 {edition}")
    carrier = builders.carrier(name=words)
    files = {
        "carrier": carrier,
        **{name: builders.procedure(title=words) for name in ("cancel", "port-out")},
    }
    catalogue = builders.read(builders.write(folder / str(edition), {"example": files}))
    assert publish(database, catalogue).edition == edition


class Readers:
    """Clients that read all the time; `wrong` lists the contradictions they find."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.wrong: list[str] = []
        self.published: dict[int, float] = {1: time.monotonic()}
        self.late: dict[int, float] = {}
        self.reading = True
        self._http = http

    async def read(self, number: int) -> None:
        seen = 1
        while self.reading:
            await asyncio.sleep(_PAUSE)
            body = await self._get(ADDRESSES[number % len(ADDRESSES)])
            if body is None:
                continue
            edition = body["edition"]
            if named := _named(body) - {f"Words {edition}"}:
                self.wrong.append(f"edition {edition} with {named}")
            if edition < seen:
                self.wrong.append(f"edition {edition} after {seen}")
            if edition > seen:
                seen = edition
                self.late[seen] = max(
                    self.late.get(seen, 0.0), time.monotonic() - self.published[seen]
                )

    async def expect(self, edition: int) -> None:
        """Note every address whose response is of another edition."""
        bodies = [await self._get(address) for address in ADDRESSES]
        self.wrong += [
            f"not yet {edition}: {body}"
            for body in bodies
            if body is None or body["edition"] != edition
        ]

    async def _get(self, address: str) -> dict[str, Any] | None:
        answer = await self._http.get(address, headers={"Accept-Encoding": "gzip"})
        if answer.status_code != httpx.codes.OK:
            self.wrong.append(str(answer.status_code))
            return None
        body: dict[str, Any] = answer.json()
        return body


async def read_while_publishing(address: str, database: Database, folder: Path) -> Readers:
    """Publish editions while clients read, and return the clients."""
    async with httpx.AsyncClient(
        base_url=address, timeout=30, limits=httpx.Limits(max_connections=CLIENTS)
    ) as http:
        readers = Readers(http)
        clients = [asyncio.create_task(readers.read(number)) for number in range(CLIENTS)]
        for edition in range(2, EDITIONS + 1):
            await asyncio.sleep(1.5)
            readers.published[edition] = float("inf")  # before that no reader can be late
            await asyncio.to_thread(_publish, database, folder, edition)
            readers.published[edition] = time.monotonic()
            await asyncio.sleep(2)
            await readers.expect(edition)
        readers.reading = False
        await asyncio.gather(*clients)
    return readers


def test_readers_see_whole_editions_soon(databases: Databases, tmp_path: Path) -> None:
    """During a publication reads never fail or mix editions, and get the new one in two seconds."""
    url = databases.migrated()
    database = Database(url)
    _publish(database, tmp_path, 1)

    server = Server(url)  # a process of its own, so that clients do not compete for its interpreter
    server.start()
    try:
        readers = asyncio.run(read_while_publishing(server.address, database, tmp_path))
    finally:
        server.kill()
        database.close()

    assert readers.wrong == []
    assert set(readers.late) == set(range(2, EDITIONS + 1))
    assert all(seconds < 2 for seconds in readers.late.values()), readers.late


def _named(body: dict[str, Any]) -> set[str]:
    """Return every text of the answer that names an edition."""
    if "items" in body:
        return {item.get("title") or item["name"] for item in body["items"]}
    found = {body.get("title") or body["name"]}
    return found | {brief["title"] for brief in body.get("procedures", [])}
