"""Every operation of sessions with every kind of token, against a real server."""

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import httpx
import pytest
import sqlalchemy as sa

from app.database import Database
from app.sessions.purge import purge
from app.settings import Settings
from tests.docs.authorization import PAGE, page
from tests.support.contract import operations
from tests.support.server import serving, settings_for
from tests.support.sessions import Served

OLD: Final = "the old secret of these tests, long enough"
NEW: Final = "the new secret of these tests, long enough"
OTHER: Final = "a secret that was never set, long enough"

BODIES: Final[Mapping[str, Any]] = {
    "PATCH /v1/sessions/{session}": {"facts": {"closing_day": 20}},
    "PATCH /v1/sessions/{session}/steps/{key}": {"state": "done"},
}
OPERATIONS: Final = [
    f"{operation.method.upper()} {operation.path}"
    for operation in operations()
    if operation.path.startswith("/v1/sessions/")
]


class Kind(NamedTuple):
    """A kind of token: a function that makes one, with the path of the session it is sent for."""

    name: str
    prepare: Callable[["World"], tuple[str, str | None]]


class World:
    """Servers of one database: before, during and after a change of the secret."""

    def __init__(self, served: Served, stack: ExitStack) -> None:
        self.url = served.url
        self.before, self.during, self.stranger = (
            stack.enter_context(
                httpx.Client(base_url=stack.enter_context(serving(self._settings(**secrets))))
            )
            for secrets in (
                {"secret": OLD},
                {"secret": NEW, "secret_previous": OLD},
                {"secret": OTHER},
            )
        )

    def _settings(self, **secrets: str) -> Settings:
        return Settings.model_validate(settings_for(self.url).model_dump() | secrets)

    def start(self, http: httpx.Client) -> tuple[str, str]:
        begun = http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel"}
        ).raise_for_status()
        return begun.headers["location"], begun.json()["token"]

    def execute(self, statement: str, path: str, **values: object) -> None:
        session = path.rpartition("/")[2]
        engine = sa.create_engine(self.url)
        identity = session.replace("-", "") if engine.dialect.name == "sqlite" else session
        with engine.begin() as connection:
            connection.execute(sa.text(statement), {"session": identity, **values})
        engine.dispose()


def bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token is not None else {}


def no_token(world: World) -> tuple[str, str | None]:
    path, _ = world.start(world.during)
    return path, None


def malformed(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    return path, token.replace("write.0", "write.x")


def forged(world: World) -> tuple[str, str | None]:
    path, _ = world.start(world.during)
    _, other = world.start(world.stranger)
    return path, other


def of_another_session(world: World) -> tuple[str, str | None]:
    path, _ = world.start(world.during)
    _, other = world.start(world.during)
    return path, other


def owners(world: World) -> tuple[str, str | None]:
    return world.start(world.during)


def owners_of_old_secret(world: World) -> tuple[str, str | None]:
    return world.start(world.before)


def replaced(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    world.during.post(f"{path}/token", headers=bearer(token)).raise_for_status()
    return path, token


def shared(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    share = world.during.post(f"{path}/shares", headers=bearer(token)).raise_for_status()
    return path, share.json()["token"]


def promoted(world: World) -> tuple[str, str | None]:
    path, token = shared(world)
    assert token is not None
    return path, token.replace("read.", "write.")


def revoked(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    share = world.during.post(f"{path}/shares", headers=bearer(token)).raise_for_status()
    world.during.delete(f"{path}/shares", headers=bearer(token)).raise_for_status()
    return path, share.json()["token"]


def expired(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    past = (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    world.execute(
        "UPDATE checklist_session SET expires_at = :past WHERE id = :session", path, past=past
    )
    return path, token


def deleted(world: World) -> tuple[str, str | None]:
    path, token = world.start(world.during)
    world.during.delete(path, headers=bearer(token)).raise_for_status()
    return path, token


KINDS: Final = [
    Kind("none", no_token),
    Kind("malformed", malformed),
    Kind("of another secret", forged),
    Kind("of another session", of_another_session),
    Kind("read made write", promoted),
    Kind("revoked share", revoked),
    Kind("replaced", replaced),
    Kind("shared", shared),
    Kind("owner's", owners),
    Kind("owner's, previous secret", owners_of_old_secret),
    Kind("owner's, expired", expired),
    Kind("owner's, deleted", deleted),
]


@pytest.fixture
def world(served: Served) -> Iterator[World]:
    """The servers; afterwards all sessions are purged, since other tests count them."""
    with ExitStack() as stack:
        yield World(served, stack)
    database = Database(served.url)
    with database.write() as db:
        purge(db, datetime.now(UTC), force=True)  # other tests count what a purge deletes
    database.close()


def test_the_table_of_tokens_and_operations_is_current(world: World) -> None:
    """docs/authorization.md has the status of each operation with each kind of token."""
    rows = {
        operation: [_status(world, operation, kind) for kind in KINDS] for operation in OPERATIONS
    }
    now = page(rows, [kind.name for kind in KINDS])
    if os.environ.get("KAIYAKU_TEST_WRITE_DOCS"):
        PAGE.write_text(now, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == now, (
        "write it again: KAIYAKU_TEST_WRITE_DOCS=1 pytest tests/sessions/test_authorization.py"
    )


def test_refused_tokens_all_get_the_same_response(world: World) -> None:
    """Malformed, forged, foreign, revoked and replaced tokens get the same response."""
    answers = {}
    for kind in KINDS[1:7]:
        path, token = kind.prepare(world)
        answer = world.during.get(path, headers=bearer(token))
        answers[kind.name] = (answer.status_code, answer.text)

    assert len(set(answers.values())) == 1


def _status(world: World, operation: str, kind: Kind) -> int:
    path, token = kind.prepare(world)
    method, _, template = operation.partition(" ")
    address = template.replace("/v1/sessions/{session}", path).replace("{key}", "a")
    address = address.replace("{feed}", str(uuid.UUID(int=0)))  # the session has no such feed
    return world.during.request(
        method, address, json=BODIES.get(operation), headers=bearer(token)
    ).status_code
