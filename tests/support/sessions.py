"""Fixtures of the sessions: a server with two small procedures, and sessions of each test."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.contract import assert_documented
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

PAGE = {"url": "https://example.com/cancel", "title": builders.text("Cancellation", "解約", "解约")}
STEPS = [
    builders.step("a", phase="prepare", links=[PAGE]),
    builders.step("b", optional=True),
    builders.step("c", requires=["a"]),
    builders.step("d", irreversible=True, loses=["phone_number"], requires=["a", "c"]),
]


RULES = [
    {"kind": "acceptance", "same_day_until": "20:00", "sources": ["S1"]},
    {"kind": "contract_end", "ends": "at_once", "sources": ["S1"]},
    {
        "kind": "window",
        "closes": "window",
        "length": {"value": 8},
        "after": ["contract_received_on"],
        "first_day_counts": True,
        "sources": ["S1"],
    },
]
FULL_MONTH = {"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]}


class Served(NamedTuple):
    """A server, and the database behind it."""

    address: str
    url: str


class StartedSession(NamedTuple):
    """A session, and the headers of its owner."""

    path: str
    owner: dict[str, str]
    etag: str
    body: dict[str, Any]
    """The response to its creation."""


Start = Callable[..., StartedSession]
"""Starts a session: keyword arguments are members of the body."""


@pytest.fixture(scope="session")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose carrier has a procedure with four steps, and one with dates."""
    url = databases.migrated()
    database = Database(url)
    files = {
        "cancel": builders.procedure(
            steps=STEPS, title=builders.text("Cancel it", "解約する", "办理解约")
        ),
        "with-dates": builders.procedure(
            title=builders.text("By the month", "月末まで", "到月底"),
            timing=RULES,
            billing=FULL_MONTH,
        ),
    }
    publish(
        database,
        builders.read(builders.write(tmp_path_factory.mktemp("sessions"), {"example": files})),
    )
    database.close()
    with serving(settings_for(url)) as address:
        yield Served(address, url)


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    """A client of that server."""
    hooks = {"response": [assert_documented]}
    with httpx.Client(base_url=served.address, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def start(http: httpx.Client) -> Start:
    """A function that starts a session of the procedure `cancel`, or of another."""

    def start(**members: object) -> StartedSession:
        body = {"carrier": "example", "procedure": "cancel", **members}
        created = http.post("/v1/sessions", json=body)
        assert created.status_code == 201, created.text
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        return StartedSession(
            created.headers["location"], owner, created.headers["etag"], created.json()
        )

    return start
