"""Clients that change shared sessions at the same time, and a check of their responses."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders

CLIENTS: Final = 8
SESSIONS: Final = 4
STEPS: Final = [f"step-{number}" for number in range(4)]
STATES: Final = ("todo", "done", "skipped", "blocked")
FACT: Final = "contract_started_on"
# An upgrade changes something only after an edition was published, so upgrades are frequent.
KINDS: Final = ("tick", "tick", "fact", "upgrade", "upgrade", "stale", "delete")


def publish_edition(url: str, folder: Path, edition: int) -> None:
    """Publish an edition that gives the procedure a new revision with the same step keys."""
    title = builders.text(f"Words {edition}", f"ことば {edition}", f"文字 {edition}")
    steps = [builders.step(key, title=title) for key in STEPS]
    files = {"cancel": builders.procedure(title=title, steps=steps)}
    database = Database(url)
    publish(database, builders.read(builders.write(folder / str(edition), {"example": files})))
    database.close()


class Change(NamedTuple):
    """A step and its state, or a fact and its value."""

    key: str
    value: str


@dataclass
class Shared:
    """A session that several clients change.

    `changes` are the acknowledged changes by version; `moved` the versions of upgrades.
    """

    at: str
    owner: dict[str, str]
    changes: dict[int, Change] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    delete_sent: bool = False


@dataclass
class Race:
    """A race of clients on shared sessions; `wrong` lists the contradictions found."""

    http: httpx.AsyncClient
    requests: int
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    sessions: list[Shared] = field(default_factory=list)
    ended: list[Shared] = field(default_factory=list)

    async def run(self) -> None:
        """Send all requests, then compare each living session with its acknowledged changes."""
        self.sessions = [await self._begin() for _ in range(SESSIONS)]
        share = self.requests // CLIENTS
        await asyncio.gather(*(self._run_client(number, share) for number in range(CLIENTS)))
        for session in self.sessions:
            if not session.delete_sent:
                await self._compare(session)
        for session in self.ended:
            self._versions(session, max({1, *session.changes, *session.moved}))

    async def _begin(self) -> Shared:
        created = await self.http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
        )
        created.raise_for_status()
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        return Shared(created.headers["location"], owner)

    async def _run_client(self, number: int, share: int) -> None:
        chance = random.Random(number)  # noqa: S311 - no secret
        for _ in range(share):
            place = chance.randrange(SESSIONS)
            kind = chance.choice(KINDS)
            if kind == "delete" and chance.random() > 0.1:
                kind = "tick"
            await self._send(self.sessions[place], place, kind, chance)

    async def _send(self, session: Shared, place: int, kind: str, chance: random.Random) -> None:
        key, state = chance.choice(STEPS), chance.choice(STATES)
        day = f"2026-{chance.randint(1, 9):02}-{chance.randint(1, 28):02}"
        change: Change | None = None
        match kind:
            case "tick":
                change = Change(key, state)
                answer = await self._tick(session, key, state)
            case "stale":
                answer = await self._tick(session, key, state, {"If-Match": '"999999"'})
            case "fact":
                change = Change(FACT, day)
                answer = await self.http.patch(
                    session.at, json={"facts": {FACT: day}}, headers=session.owner
                )
            case "upgrade":
                answer = await self.http.post(f"{session.at}/upgrade", headers=session.owner)
            case _:
                if session.delete_sent:
                    return
                session.delete_sent = True
                self.ended.append(session)
                answer = await self.http.delete(session.at, headers=session.owner)
                self.sessions[place] = await self._begin()
        self.statuses[f"{kind} {answer.status_code}"] += 1
        if answer.status_code == httpx.codes.NOT_FOUND and session.delete_sent:
            return
        expected = {"stale": 412, "delete": 204}.get(kind, 200)
        if answer.status_code != expected:
            self.wrong.append(f"{kind} {answer.status_code}, {session.at}: {answer.text}")
        elif answer.status_code == httpx.codes.OK:
            self._note(session, kind, change, builders.version(answer.headers["etag"]))

    def _note(self, session: Shared, kind: str, change: Change | None, version: int) -> None:
        if change is None:
            session.moved.add(version)
        elif session.changes.setdefault(version, change) is not change:
            self.wrong.append(f"{kind}: two changes have version {version}: {session.at}")

    async def _tick(
        self, session: Shared, key: str, state: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return await self.http.patch(
            f"{session.at}/steps/{key}",
            json={"state": state, "acknowledge": True},
            headers=session.owner | (headers or {}),
        )

    async def _compare(self, session: Shared) -> None:
        answer = await self.http.get(session.at, headers=session.owner)
        body: dict[str, Any] = answer.json()
        self._versions(session, builders.version(answer.headers["etag"]))
        expected = dict(session.changes[version] for version in sorted(session.changes))
        read = {step["key"]: step["state"] for step in body["steps"]} | body["facts"]
        differ = {key: read.get(key) for key, value in expected.items() if read.get(key) != value}
        if differ:
            self.wrong.append(f"{session.at} reads {differ}, acknowledged {expected}")

    def _versions(self, session: Shared, newest: int) -> None:
        missing = set(range(2, newest + 1)) - session.changes.keys() - session.moved
        if missing:
            self.wrong.append(f"versions that no client got: {missing} of {session.at}")


async def race(address: str, url: str, folder: Path, requests: int) -> Race:
    """Run a race while editions are published, and return it."""
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as http:
        race = Race(http, requests)
        running = asyncio.create_task(race.run())
        edition = 2
        while not running.done():
            await asyncio.to_thread(publish_edition, url, folder, edition)
            await asyncio.wait([running], timeout=0.3)
            edition += 1
        await running
    return race
