"""A server with one small procedure, and sessions of it: each test begins its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Served:
    """A server and the database behind it."""

    address: str
    url: str


@pytest.fixture(scope="session")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
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
    hooks = {"response": [assert_documented]}
    with httpx.Client(base_url=served.address, event_hooks=hooks) as client:
        yield client


@dataclass(frozen=True)
class Begun:
    """A session and how its owner reaches it."""

    at: str
    owner: dict[str, str]
    etag: str
    body: dict[str, Any]


@pytest.fixture
def begin(http: httpx.Client) -> Callable[..., Begun]:
    def begin(**wanted: object) -> Begun:
        created = http.post(
            "/v1/sessions", json={"carrier": "example", "procedure": "cancel", **wanted}
        )
        assert created.status_code == 201, created.text
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        return Begun(created.headers["location"], owner, created.headers["etag"], created.json())

    return begin
