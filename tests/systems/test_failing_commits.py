"""While commits fail, every response about a shared session names a real state."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import httpx
import psycopg
import pytest

from tests.faults.outage import BODY, publish_example
from tests.faults.process import Kaiyaku, example_file, kaiyaku
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

SECONDS: Final = 5.0
CLIENTS: Final = 8
STATES: Final = ("todo", "done", "skipped", "blocked")
UNKNOWN: Final = "outcome-unknown"


@dataclass
class Session:
    """A shared session, and the responses of its clients."""

    at: str
    owner: dict[str, str]
    acknowledged: dict[int, str] = field(default_factory=dict)
    unknown: bool = False
    deleting: bool = False


@dataclass
class Clients:
    """Clients that change sessions, and check at once that each response was true."""

    http: httpx.AsyncClient
    sessions: list[Session] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    over: bool = False

    async def begin(self) -> Session | None:
        created = await self.http.post("/v1/sessions", json=BODY)
        if created.status_code != httpx.codes.CREATED:
            return None
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        return Session(created.headers["location"], owner)

    async def change(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - no secret
        while not self.over:
            place = chance.randrange(len(self.sessions))
            session = self.sessions[place]
            match chance.randrange(12):
                case 0:
                    await self._delete(session, place)
                case 1 | 2 | 3:
                    await self._tick(session, chance.choice(STATES), {"If-Match": '"999999"'})
                case _:
                    await self._tick(session, chance.choice(STATES))

    async def _tick(
        self, session: Session, state: str, headers: dict[str, str] | None = None
    ) -> None:
        answer = await self.http.patch(
            f"{session.at}/steps/sign-in",
            json={"state": state},
            headers=session.owner | (headers or {}),
        )
        code = self._note(answer)
        if answer.status_code == httpx.codes.OK:
            session.acknowledged[_version(answer)] = state
        session.unknown |= code == UNKNOWN
        if code == "stale-version":
            await self._expect_version(session, builders.version(answer.json()["etag"]))
        if answer.status_code == httpx.codes.NOT_FOUND:
            await self._expect_gone(session)

    async def change_alone(self, session: Session) -> None:
        """Change a session that no other client has: a certain failure must change nothing."""
        version = 1
        while not self.over:
            step = f"{session.at}/steps/sign-in"
            answer = await self.http.patch(step, json={"state": "done"}, headers=session.owner)
            code = self._note(answer)
            read = await self._read(session)
            if read is None:
                continue
            least, most = {"200": (1, 1), UNKNOWN: (0, 1)}.get(code, (0, 0))
            found = _version(read)
            if not version + least <= found <= version + most:
                self.wrong.append(f"version {version} became {found} after {code}")
            version = found

    async def _delete(self, session: Session, place: int) -> None:
        session.deleting = True
        answer = await self.http.delete(session.at, headers=session.owner)
        self._note(answer)
        if answer.status_code in {httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND}:
            await self._expect_gone(session)
        begun = await self.begin()
        if begun is not None:
            self.sessions[place] = begun

    def _note(self, answer: httpx.Response) -> str:
        code: str = answer.json()["code"] if answer.is_error else str(answer.status_code)
        self.seen[code] += 1
        if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            self.wrong.append(answer.text)
        return code

    async def _expect_version(self, session: Session, version: int) -> None:
        """Check that the version which a 412 named, or a later one, is stored."""
        read = await self._read(session)
        if read is not None and read.status_code == httpx.codes.OK and _version(read) < version:
            self.wrong.append(f"412 named {version}, but it is {_version(read)}")

    async def _expect_gone(self, session: Session) -> None:
        read = await self._read(session)
        if read is not None and read.status_code != httpx.codes.NOT_FOUND:
            self.wrong.append(f"reported as deleted, but it is {read.status_code}")

    async def _read(self, session: Session) -> httpx.Response | None:
        for _ in range(100):
            read = await self.http.get(session.at, headers=session.owner)
            if read.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return read
        return None

    async def compare(self) -> None:
        """Compare each session with the last change that was acknowledged."""
        for session in self.sessions:
            if session.deleting or not session.acknowledged:
                continue
            read = await self.http.get(session.at, headers=session.owner)
            newest = max(session.acknowledged)
            state = read.json()["steps"][0]["state"]
            if _version(read) < newest:
                self.wrong.append(f"version {newest} was acknowledged, {_version(read)} is there")
            elif not session.unknown and (_version(read), state) != (
                newest,
                session.acknowledged[newest],
            ):
                self.wrong.append(f"{state} {_version(read)}, not {session.acknowledged[newest]}")


def _version(answer: httpx.Response) -> int:
    return builders.version(answer.headers["etag"])


async def run(address: str, disturb: "Disturbance") -> Clients:
    """Run clients that change sessions while commits fail now and then."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as http:
        clients = Clients(http)
        for _ in range(3):
            begun = await clients.begin()
            assert begun is not None
            clients.sessions.append(begun)
        running = [asyncio.create_task(clients.change(number)) for number in range(CLIENTS)]
        alone = await clients.begin()
        assert alone is not None
        running.append(asyncio.create_task(clients.change_alone(alone)))
        chance = random.Random(0)  # noqa: S311 - no secret
        until = asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < until:
            with disturb.once():
                await asyncio.sleep(chance.uniform(0.001, 0.02))
            await asyncio.sleep(chance.uniform(0.02, 0.1))
        clients.over = True
        await asyncio.gather(*running)
        await clients.compare()
    return clients


class Disturbance(Protocol):
    """Makes commits of a service fail for a moment."""

    def once(self) -> AbstractContextManager[None]:
        """Make commits fail within the block."""


class FullDisk:
    """On SQLite: writes to the log fail, most of them in COMMIT."""

    def __init__(self, process: Kaiyaku) -> None:
        self.process = process

    @contextmanager
    def once(self) -> Iterator[None]:
        with self.process.file_size_limited(4096):
            yield


class EndedConnections:
    """On PostgreSQL: the server ends every connection of the service."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    @contextmanager
    def once(self) -> Iterator[None]:
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        yield


@pytest.fixture
def service(databases: Databases, tmp_path: Path) -> Iterator[tuple[str, Disturbance]]:
    """The address of a service, and a way to make its commits fail."""
    if databases.backend == "sqlite":
        with kaiyaku(example_file(tmp_path)) as process:
            yield process.address, FullDisk(process)
        return
    url = databases.migrated()
    publish_example(url, tmp_path)
    disturbance = EndedConnections(url)
    with serving(settings_for(url)) as address:
        yield address, disturbance
    disturbance.connection.close()
    databases.drop(url)


def test_responses_are_true_while_commits_fail(service: tuple[str, Disturbance]) -> None:
    """No acknowledged change is lost, a 412 names a stored version, a 404 a deleted session."""
    clients = asyncio.run(run(*service))

    assert clients.wrong == []
    assert clients.seen["stale-version"] > 20, clients.seen
    assert clients.seen["unavailable"] + clients.seen[UNKNOWN] > 5, clients.seen
