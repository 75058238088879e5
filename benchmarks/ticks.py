"""Many clients tick shared sessions while the server is killed: no acknowledged tick may be lost.

    python -m benchmarks.ticks --seconds 30 --clients 64 --sessions 200 --kills 3

Each step of a session belongs to one client, so the last acknowledged state of each step is known.
The steps of one session belong to many clients, so they write the same rows. Prints how many ticks
were acknowledged and how long they took.
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
    """The result of a run, as the clients saw it."""

    milliseconds: list[float] = field(default_factory=list)
    """Times of the acknowledged ticks."""
    server_errors: int = 0
    lost: list[str] = field(default_factory=list)
    """A line for each step whose state is neither the last acknowledged one nor a later one."""

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds within which this share of the ticks was acknowledged."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass
class _Step:
    """A step of a session, which one client ticks."""

    session_url: str
    authorization: dict[str, str]
    """The header with the token of the session."""
    key: str
    acknowledged: str = "todo"
    """The last acknowledged state."""
    sent: list[str] = field(default_factory=list)
    """States that were sent since."""


def prepare(url: str) -> None:
    """Migrate the database and publish one procedure with eight steps."""
    database = Database(url)
    migrate.upgrade(database)
    with tempfile.TemporaryDirectory() as folder:
        files = {"cancel": builders.procedure(steps=[builders.step(key) for key in STEPS])}
        publish(database, builders.read(builders.write(Path(folder), {"example": files})))
    database.close()


async def run(url: str, *, seconds: float, clients: int, sessions: int, kills: int) -> Outcome:
    """Tick on a prepared database while the server is killed and restarted `kills` times.

    At the end, compare the stored states with the acknowledged ones.
    """
    server = Server(url)
    server.start()
    outcome = Outcome()
    try:
        async with httpx.AsyncClient(
            base_url=server.address, timeout=10, limits=httpx.Limits(max_connections=clients)
        ) as http:
            steps = await _start_sessions(http, sessions)
            steps_of_clients = [steps[number::clients] for number in range(clients)]
            until = time.monotonic() + seconds
            ticking = [
                asyncio.create_task(_tick(http, own_steps, until, outcome))
                for own_steps in steps_of_clients
                if own_steps
            ]
            for _ in range(kills):
                await asyncio.sleep(seconds / (kills + 1))
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
            await asyncio.gather(*ticking)
            await _compare(http, steps, outcome)
    finally:
        server.kill()
    return outcome


async def _start_sessions(http: httpx.AsyncClient, sessions: int) -> list[_Step]:
    steps = []
    for _ in range(sessions):
        created = await http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
        )
        authorization = {"Authorization": f"Bearer {created.json()['token']}"}
        steps += [_Step(created.headers["location"], authorization, key) for key in STEPS]
    random.Random(0).shuffle(steps)  # noqa: S311 - spreads each session over the clients
    return steps


async def _tick(
    http: httpx.AsyncClient, steps: Sequence[_Step], until: float, outcome: Outcome
) -> None:
    rng = random.Random(steps[0].session_url)  # noqa: S311 - not for secrets
    while time.monotonic() < until:
        step, state = rng.choice(steps), rng.choice(STATES)
        step.sent.append(state)
        began = time.perf_counter()
        try:
            response = await http.patch(
                f"{step.session_url}/steps/{step.key}",
                json={"state": state},
                headers=step.authorization,
            )
        except httpx.TransportError:  # the server was killed: the tick may be saved or not
            await asyncio.sleep(0.05)
            continue
        outcome.server_errors += response.is_server_error
        if response.status_code == httpx.codes.OK:
            outcome.milliseconds.append((time.perf_counter() - began) * 1000)
            step.acknowledged, step.sent = state, []


async def _compare(http: httpx.AsyncClient, steps: Sequence[_Step], outcome: Outcome) -> None:
    stored: dict[str, dict[str, str]] = {}  # states by key, by URL of the session
    for step in steps:
        if step.session_url not in stored:
            session = (await http.get(step.session_url, headers=step.authorization)).json()
            stored[step.session_url] = {each["key"]: each["state"] for each in session["steps"]}
        state = stored[step.session_url][step.key]
        if state not in {step.acknowledged, *step.sent}:
            outcome.lost.append(
                f"{step.session_url} {step.key}: {state}, acknowledged {step.acknowledged}"
            )


def main() -> None:
    """Run on a new SQLite file, or on the database of --url, and print the outcome."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", help="an empty database; default: a new SQLite file")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/ticks.sqlite3"
        prepare(url)
        outcome = asyncio.run(
            run(
                url,
                seconds=options.seconds,
                clients=options.clients,
                sessions=options.sessions,
                kills=options.kills,
            )
        )
    count = len(outcome.milliseconds)
    print(
        f"{count} ticks acknowledged ({count / options.seconds:.0f}/s), "
        f"p50 {outcome.percentile(0.5):.0f} ms, p99 {outcome.percentile(0.99):.0f} ms, "
        f"{outcome.server_errors} server errors, {len(outcome.lost)} lost"
    )


if __name__ == "__main__":
    main()
