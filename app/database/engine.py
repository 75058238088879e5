"""Engines, sessions, and column types for both databases. The only module that commits."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Final

from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlmodel import Session, create_engine, func

from app.database.group_commit import GroupCommit

_SECONDS_TO_WAIT_FOR_A_LOCK: Final = 10
_SECONDS_TRUSTED: Final = 1.0
"""A connection that was used so lately is taken to work still."""

_FOR_BACKGROUND_WORK: Final = 2
"""Connections beyond those of reading requests: for writing, and for asking after a new edition."""


class Database:
    """A database, SQLite or PostgreSQL, with transactions to read and to write in."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Prepare to connect; nothing is opened before the first transaction."""
        self.url: Final = url
        self.sqlite: Final = make_url(url).get_backend_name() == "sqlite"
        self._places: Final = asyncio.Semaphore(pool_size)
        # Threads of their own: what ends a transaction must not wait for those that begin one.
        self._enders: Final = ThreadPoolExecutor(pool_size, "transaction")
        kept = pool_size + _FOR_BACKGROUND_WORK
        self.engine: Final = _sqlite(url, kept) if self.sqlite else _postgresql(url, kept)
        if self.sqlite:
            self._reading = self.engine.execution_options(begin="BEGIN")
            self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
            self._one_writer: GroupCommit | None = GroupCommit(self._writing)
        else:
            # One snapshot for all statements of a read, so that no answer mixes two editions.
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writing = self.engine.execution_options(isolation_level="READ COMMITTED")
            self._one_writer = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with Session(self._reading) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are kept together when the block ends well, and not at all otherwise."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a connection to be free, without holding a thread.

        Waiting inside the pool would hold one: with all threads waiting, none is left to end the transaction that they wait
        for, and all of them time out together.
        """
        async with self._places:
            yield

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Give a request what `read` gives. Making a session opens nothing, and ending a read waits only where a server is asked."""
        async with self.place():
            session = Session(self._reading)
            try:
                yield session
            finally:
                if self.sqlite:
                    session.close()
                else:
                    await self._ending(session.close)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """Give a request what `write` gives; with SQLite in its turn, and committed together with others who wait.

        Who waits here waits in order and holds no thread. Without it writers wait inside SQLite, which polls: measured, 32 of
        them see a p99 above a second.
        """
        if self._one_writer is not None:
            async with self._one_writer.session() as session:
                yield session
            return
        async with self.place():
            session = Session(self._writing, expire_on_commit=False)
            end = session.rollback
            try:
                yield session
                end = session.commit
            finally:
                await self._ending(partial(_end, session, end))

    async def _ending(self, work: Callable[[], None]) -> None:
        # Shielded, and without anyio's scopes and limiters, which cost as much again.
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._enders, work))

    def close(self) -> None:
        """Close every connection."""
        self._enders.shutdown()
        self.engine.dispose()


def _sqlite(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": _SECONDS_TO_WAIT_FOR_A_LOCK},
        pool_size=pool_size,
        max_overflow=0,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Left alone, the driver begins only at the first write: two requests can read
    # the same row and one update is lost without an error.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _postgresql(url: str, pool_size: int) -> Engine:
    engine = create_engine(url, pool_size=pool_size, max_overflow=0, connect_args={"connect_timeout": 5})

    @event.listens_for(engine, "checkout")
    def _ping(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        """After the server was away, find the broken connection before the client does; under load that costs nothing."""
        now = time.monotonic()
        if now - entry.info.get("used", now) > _SECONDS_TRUSTED and not _answers(engine, connection):
            raise DisconnectionError
        entry.info["used"] = now

    return engine


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def row_locks(session: Session) -> bool:
    """Return whether the database locks rows; SQLite has one writer at a time and needs none."""
    return session.get_bind().dialect.name == "postgresql"


def hold(session: Session, name: str) -> None:
    """Hold a lock of this name until the transaction ends; another transaction that wants it waits."""
    if row_locks(session):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.connection().execute(func.pg_advisory_xact_lock(number).select())


def _end(session: Session, how: Callable[[], None]) -> None:
    try:
        how()
    finally:
        session.close()
