"""Liveness, readiness and metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.catalogue import store
from app.catalogue.problems import NothingPublished
from app.database import Database
from app.http import metrics
from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.problems.base import Problem, json_example, problem_responses
from app.routes import NoQuery, Route
from app.sessions.store import check_writable

router = APIRouter(tags=["operation"], route_class=Route)


class Healthy(BaseModel):
    """The process answers requests."""

    status: Literal["ok"]


class Ready(BaseModel):
    """An edition is published, and the database can be read and written."""

    status: Literal["ready"]
    edition: int
    reading: Literal["ok"]
    writing: Literal["ok"]


class NotReady(Problem):
    """The database cannot be read or written: `reading` and `writing` are `ok` or `failed`."""

    slug = "not-ready"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class Probe:
    """Runs a check; concurrent requests share one run and its result."""

    def __init__(
        self,
        check: Callable[[], Awaitable[int | None]],
        seconds: float,
        fresh_for: float = 0.0,
    ) -> None:
        """Prepare to run the check; one that takes longer than `seconds` counts as failed.

        A success is reused for `fresh_for` seconds, a failure is not.
        """
        self._check: Final = check
        self._seconds: Final = seconds
        self._fresh_for: Final = fresh_for
        self._running: asyncio.Task[int | Exception | None] | None = None
        self._succeeded_at = 0.0

    async def result(self) -> int | Exception | None:
        """Return what the check returned or raised, or a `TimeoutError`."""
        fresh = time.monotonic() - self._succeeded_at < self._fresh_for
        if self._running is None or (self._running.done() and not fresh):
            self._running = asyncio.create_task(self._run())
        done, _ = await asyncio.wait([self._running], timeout=self._seconds)
        return self._running.result() if done else TimeoutError()

    async def _run(self) -> int | Exception | None:
        try:
            result = await self._check()
        except Exception as error:  # noqa: BLE001 - any failure means that it is not ready
            return error
        self._succeeded_at = time.monotonic()
        return result


class Readiness:
    """Checks whether the database can be read and written now."""

    def __init__(self, database: Database, seconds: float) -> None:
        """Prepare the checks; both together take at most `seconds` plus half a second."""
        self._database: Final = database
        self._reading: Final = Probe(self._read, seconds + _SECONDS_OF_GRACE)
        self._writing: Final = Probe(self._write, seconds + _SECONDS_OF_GRACE, _SECONDS_FRESH)

    async def check(self) -> Ready:
        """Return the served edition, or raise `NotReady` or `NothingPublished`."""
        reading, writing = await asyncio.gather(self._reading.result(), self._writing.result())
        parts = {
            "reading": "failed" if isinstance(reading, Exception) else "ok",
            "writing": "failed" if isinstance(writing, Exception) else "ok",
        }
        if isinstance(reading, int) and writing is None:
            return Ready(status="ready", edition=reading, reading="ok", writing="ok")
        if reading is None:
            raise NothingPublished(members=parts, retry_after=_SECONDS_TO_RETRY)
        raise NotReady(members=parts, headers={"Retry-After": str(_SECONDS_TO_RETRY)})

    async def _read(self) -> int | None:
        async with self._database.reading() as session:
            return await asyncio.to_thread(store.newest_edition, session)

    async def _write(self) -> None:
        async with self._database.writing() as session:
            await asyncio.to_thread(check_writable, session)


_SECONDS_FRESH: Final = 1.0
"""Reuse of a successful write check. The route is public, and on SQLite each check syncs the disk.
"""

_SECONDS_OF_GRACE: Final = 0.5
_SECONDS_TO_RETRY: Final = 5


@router.get("/healthz", responses=json_example({"status": "ok"}))
@uncacheable
@counted(Count.NEVER)
async def get_health(_query: Annotated[NoQuery, Query()]) -> Healthy:
    """Return 200 while the process answers requests. Does not use the database."""
    return Healthy(status="ok")


@router.get(
    "/readyz",
    responses=json_example({"status": "ready", "edition": 1, "reading": "ok", "writing": "ok"})
    | problem_responses(NothingPublished, NotReady),
)
@uncacheable
@counted(Count.NEVER)
async def get_readiness(request: Request, _query: Annotated[NoQuery, Query()]) -> Ready:
    """Return 200 if the database can be read and written and an edition is published, else 503."""
    readiness: Readiness = request.app.state.readiness
    return await readiness.check()


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "content": {
                metrics.MEDIA_TYPE: {
                    "schema": {"type": "string"},
                    "example": "kaiyaku_cache_hits_total 1.0",
                }
            }
        }
    },
)
@uncacheable
@counted(Count.NEVER)
def get_metrics(request: Request, _query: Annotated[NoQuery, Query()]) -> Response:
    """Return the metrics of this process in Prometheus' text format.

    They include requests by route, and hits and misses of the response cache.
    """
    process_metrics: metrics.Metrics = request.app.state.metrics
    return Response(
        process_metrics.text(),
        media_type=metrics.MEDIA_TYPE,
        headers={"Cache-Control": "no-store"},
    )
