"""A service whose database has a fault: what it answers, how fast, and how soon it recovers."""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders

SECONDS: Final = 15.0
"""The service answers within 5 s; a machine that runs other tests too gets three times as long."""

SECONDS_TO_RECOVER: Final = 6.0
"""Within 2 s, three times as long."""

CACHED: Final = "/v1/carriers/example"
READS: Final = ("session", "search")
WRITES: Final = ("tick", "creation")


def publish_example(url: str, folder: Any) -> None:  # noqa: ANN401 - pytest's folder
    """Publish one carrier with one procedure."""
    database = Database(url)
    files = {"cancel": builders.procedure()}
    publish(database, builders.read(builders.write(folder, {"example": files})))
    database.close()


@dataclass(frozen=True)
class Seen:
    """A response, and how many seconds it took."""

    request: str
    status: int
    retry_after: str | None
    code: str | None
    seconds: float


class Service:
    """A service under test, and a session in it."""

    def __init__(self, address: str) -> None:
        """Start a session, and read the address that is to be cached."""
        self.address = address
        with httpx.Client(base_url=address, timeout=30) as http:
            created = http.post("/v1/sessions", json=BODY)
            created.raise_for_status()
            self.at = created.headers["location"]
            self.owner = {"Authorization": f"Bearer {created.json()['token']}"}
            http.get(CACHED).raise_for_status()

    def send(self, *requests: str, times: int = 1) -> list[Seen]:
        """Send these requests, each `times` times, all at once."""
        return asyncio.run(self._send_all(requests * times))

    async def _send_all(self, requests: tuple[str, ...]) -> list[Seen]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=self.address, timeout=60, limits=limits) as http:
            return await asyncio.gather(*(self._send(http, request) for request in requests))

    async def _send(self, http: httpx.AsyncClient, request: str) -> Seen:
        began = time.monotonic()
        match request:
            case "session":
                answer = await http.get(self.at, headers=self.owner)
            case "search":
                answer = await http.get("/v1/carriers", params={"q": uuid.uuid4().hex})
            case "tick":
                step = f"{self.at}/steps/sign-in"
                answer = await http.patch(step, json={"state": "done"}, headers=self.owner)
            case "creation":
                key = {"Idempotency-Key": str(uuid.uuid4())}
                answer = await http.post("/v1/sessions", json=BODY, headers=key)
            case _:
                answer = await http.get(request)
        problem = answer.json() if answer.is_error else {}
        retry_after = answer.headers.get("retry-after")
        seconds = time.monotonic() - began
        return Seen(request, answer.status_code, retry_after, problem.get("code"), seconds)

    def assert_fails(self, *requests: str, times: int = 1) -> None:
        """Assert that each request gets a 503 with Retry-After within `SECONDS`."""
        for seen in self.send(*requests, times=times):
            assert seen.status == httpx.codes.SERVICE_UNAVAILABLE, seen
            assert seen.retry_after, seen
            assert seen.seconds < SECONDS, seen

    def assert_works(self, *requests: str, times: int = 1) -> None:
        """Assert that each request succeeds."""
        for seen in self.send(*requests, times=times):
            assert httpx.codes.is_success(seen.status), seen

    def assert_alive(self) -> None:
        """Assert that the process and its cache answer at once, without the database."""
        for seen in self.send("/healthz", CACHED):
            assert seen.status == httpx.codes.OK, seen
            assert seen.seconds < SECONDS / 5, seen

    def assert_readiness(self, reading: str, writing: str) -> None:
        """Assert that /readyz reports these states soon; an `ok` may be a second old."""
        until = time.monotonic() + SECONDS_TO_RECOVER
        while True:
            answer = httpx.get(f"{self.address}/readyz", timeout=60)
            assert answer.elapsed.total_seconds() < SECONDS
            body = answer.json()
            assert answer.is_success == (body["reading"] == body["writing"] == "ok"), body
            if (body["reading"], body["writing"]) == (reading, writing):
                return
            assert time.monotonic() < until, body
            time.sleep(0.1)

    def assert_recovers(self) -> None:
        """Assert that all requests work again soon, without a restart."""
        began = time.monotonic()
        while time.monotonic() - began < SECONDS_TO_RECOVER:
            if all(httpx.codes.is_success(seen.status) for seen in self.send(*READS, *WRITES)):
                self.assert_readiness("ok", "ok")
                return
        self.assert_works(*READS, *WRITES)


BODY: Final = {"carrier": "example", "procedure": "cancel"}


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Poll until the condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the condition was not met in time"
        time.sleep(0.02)
