"""Many clients tick shared sessions on a server that is killed: no tick may be lost.

    python -m benchmarks.ticks --seconds 30 --clients 64 --sessions 200 --kills 3

Each pair of session and step belongs to one client, so that the last acknowledged state of each
is known; sessions are shared by many clients, so that they write the same rows. Prints how many
ticks were acknowledged and how long they took.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from benchmarks.server import Server
from tests.support import builders

STEPS = [f"step-{number}" for number in range(8)]
STATES = ("todo", "done", "skipped", "blocked")


@dataclass
class Outcome:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    server_errors: int = 0
    lost: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return the time below which this share of the ticks was acknowledged."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass
class _Place:
    """A step that one client ticks: its last acknowledged state, and those sent since."""

    at: str
    owner: dict[str, str]
    step: str
    acknowledged: str = "todo"
    sent: list[str] = field(default_factory=list)


def prepare(url: str) -> None:
    """Migrate the database and publish one procedure with eight steps."""
    database = Database(url)
    migrate.upgrade(database)
    with tempfile.TemporaryDirectory() as folder:
        files = {"cancel": builders.procedure(steps=[builders.step(key) for key in STEPS])}
        publish(database, builders.read(builders.write(Path(folder), {"example": files})))
    database.close()


async def run(url: str, *, seconds: float, clients: int, sessions: int, kills: int) -> Outcome:
    """Tick on a prepared database, kill and restart the server, and compare what is left."""
    server = Server(url)
    server.start()
    outcome = Outcome()
    try:
        async with httpx.AsyncClient(
            base_url=server.address, timeout=10, limits=httpx.Limits(max_connections=clients)
        ) as http:
            places = await _begin(http, sessions)
            shares = [places[number::clients] for number in range(clients)]
            until = time.monotonic() + seconds
            ticking = [
                asyncio.create_task(_tick(http, share, until, outcome)) for share in shares if share
            ]
            for _ in range(kills):
                await asyncio.sleep(seconds / (kills + 1))
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
            await asyncio.gather(*ticking)
            await _compare(http, places, outcome)
    finally:
        server.kill()
    return outcome


async def _begin(http: httpx.AsyncClient, sessions: int) -> list[_Place]:
    places = []
    for _ in range(sessions):
        created = await http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
        )
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        places += [_Place(created.headers["location"], owner, step) for step in STEPS]
    random.Random(0).shuffle(places)  # noqa: S311 - spreads each session over the clients
    return places


async def _tick(
    http: httpx.AsyncClient, places: Sequence[_Place], until: float, outcome: Outcome
) -> None:
    chance = random.Random(places[0].at)  # noqa: S311 - no secret
    while time.monotonic() < until:
        place, state = chance.choice(places), chance.choice(STATES)
        place.sent.append(state)
        began = time.perf_counter()
        try:
            answer = await http.patch(
                f"{place.at}/steps/{place.step}", json={"state": state}, headers=place.owner
            )
        except httpx.TransportError:  # the server was killed: nobody knows whether it took the tick
            await asyncio.sleep(0.05)
            continue
        outcome.server_errors += answer.is_server_error
        if answer.status_code == httpx.codes.OK:
            outcome.milliseconds.append((time.perf_counter() - began) * 1000)
            place.acknowledged, place.sent = state, []


async def _compare(http: httpx.AsyncClient, places: Sequence[_Place], outcome: Outcome) -> None:
    found: dict[str, dict[str, str]] = {}
    for place in places:
        if place.at not in found:
            session = (await http.get(place.at, headers=place.owner)).json()
            found[place.at] = {step["key"]: step["state"] for step in session["steps"]}
        if found[place.at][place.step] not in {place.acknowledged, *place.sent}:
            outcome.lost.append(
                f"{place.at} {place.step}: {found[place.at][place.step]}, "
                f"acknowledged {place.acknowledged}"
            )


def main() -> None:
    """Run on SQLite, or on the database of --url, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", help="an empty database; default: a new SQLite file")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{folder}/ticks.sqlite3"
        prepare(url)
        outcome = asyncio.run(
            run(
                url,
                seconds=given.seconds,
                clients=given.clients,
                sessions=given.sessions,
                kills=given.kills,
            )
        )
    count = len(outcome.milliseconds)
    print(
        f"{count} ticks acknowledged ({count / given.seconds:.0f}/s), "
        f"p50 {outcome.percentile(0.5):.0f} ms, p99 {outcome.percentile(0.99):.0f} ms, "
        f"{outcome.server_errors} server errors, {len(outcome.lost)} lost"
    )


if __name__ == "__main__":
    main()
