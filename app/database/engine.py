"""Read and write transactions on SQLite and PostgreSQL. Only this package commits."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import copy_context
from functools import partial
from typing import Final

from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, func

from app.database.deadline import TimeLimits, set_deadline
from app.database.errors import DatabaseUnavailableError, OutcomeUnknownError, sqlstate
from app.database.group_commit import GroupCommit
from app.database.sqlite import sqlite_engine

_BACKGROUND_CONNECTIONS: Final = 2
"""Connections beyond `pool_size`: to poll for a new edition and, on SQLite, to write."""

_LEAST_FOR_STATEMENTS: Final = 1.0
"""Seconds that a request has for statements, however long it has waited for a connection."""


class Database:
    """An SQLite or PostgreSQL database, with read and write transactions."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        limits: TimeLimits | None = None,
        prepared: bool = True,
    ) -> None:
        """Prepare to connect; nothing is opened before the first transaction.

        Without `limits`, as in commands, transactions may take any time. `prepared=False` is for
        PgBouncer's transaction mode, where each transaction can have another server connection:
        nothing is left on a server connection between transactions.
        """
        self.url: Final = url
        self.sqlite: Final = make_url(url).get_backend_name() == "sqlite"
        self.limits: Final = limits
        self._slots: Final = asyncio.Semaphore(pool_size)
        self._timed_out_at = 0.0
        # Separate threads: ending a transaction must not wait for threads that start one.
        self._finish_executor: Final = ThreadPoolExecutor(pool_size, "transaction")
        connections = pool_size + _BACKGROUND_CONNECTIONS
        if self.sqlite:
            self.engine = sqlite_engine(
                url, connections, limits.statement if limits else None, self._note_timeout
            )
            self._reading = self.engine.execution_options(begin="BEGIN")
            self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
            self._group_commit: GroupCommit | None = GroupCommit(
                self._writing, limits.request if limits else None
            )
        else:
            # Imported here: SQLite does not need the driver, which takes 9 MiB and 45 ms.
            from app.database.postgresql import postgresql_engine  # noqa: PLC0415

            self.engine = postgresql_engine(
                url, connections, limits, self._note_timeout, prepared=prepared
            )
            # One snapshot for all statements of a read, so that no answer mixes two editions.
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writing = self.engine.execution_options(isolation_level="READ COMMITTED")
            self._group_commit = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that reads one snapshot of the database."""
        if self.limits is not None:
            set_deadline(time.monotonic() + self.limits.request)
        try:
            with Session(self._reading) as session:
                yield session
        finally:
            set_deadline(None)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose changes are committed when the block ends, unless it raises.

        It has no deadline. The limits that the PostgreSQL server enforces on a connection apply.
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Yield a session like `read`, for a request on the event loop.

        Creating a session opens nothing and needs no thread. Ending it needs one on PostgreSQL, to
        wait for the server. Raises `DatabaseUnavailableError` if no connection is free in time.
        """
        async with self._connection_slot():
            session = Session(self._reading)
            try:
                yield session
            finally:
                if self.sqlite:
                    session.close()
                else:
                    await self._finish(partial(_close, session))

    @asynccontextmanager
    async def writing(self, *, limited: bool = True) -> AsyncIterator[Session]:
        """Yield a session like `write`, for a request on the event loop.

        On SQLite, writers queue first-in first-out without holding a thread, and share a commit
        (`group_commit`). SQLite's own busy handler polls: with 32 writers p99 was above 1 s.

        Leaving the block waits for the commit, on SQLite also if the block raises, because the
        exception can depend on uncommitted changes of the group (docs/decisions/0013). Raises
        `DatabaseUnavailableError` if nothing was changed, `OutcomeUnknownError` if it is unknown
        what a failed commit saved. `limited=False` is for background work that may take long.
        """
        if self._group_commit is not None:
            async with self._group_commit.session(limited=limited) as session:
                yield session
            return
        async with self._connection_slot(limited=limited):
            session = Session(self._writing, expire_on_commit=False)
            try:
                if not limited:
                    await asyncio.to_thread(_without_limit, session)
                yield session
            except BaseException:
                await self._finish(partial(_close, session))
                raise
            await self._finish(partial(_commit, session))

    @asynccontextmanager
    async def _connection_slot(self, *, limited: bool = True) -> AsyncIterator[None]:
        """Wait for a free connection without holding a thread, and set the deadline.

        Waiting inside the pool would hold a thread. If all threads wait, none is left to end the
        transaction that they wait for, and all time out together. Reasons: docs/decisions/0012.
        """
        began = time.monotonic()
        seconds = self.limits.request if self.limits is not None and limited else None
        try:
            async with asyncio.timeout(seconds if self._slots.locked() else None):
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseUnavailableError("no connection became free") from None
        try:
            if self._timed_out_at > began:  # fail now: another wait would probably time out too
                raise DatabaseUnavailableError("another request got no answer from the database")
            if seconds is not None:
                set_deadline(max(began + seconds, time.monotonic() + _LEAST_FOR_STATEMENTS))
            yield
        finally:
            set_deadline(None)
            self._slots.release()

    def _note_timeout(self) -> None:
        self._timed_out_at = time.monotonic()

    async def _finish(self, work: Callable[[], None]) -> None:
        # Shielded, so that a cancelled request still ends its transaction. Not run with anyio,
        # whose cancel scopes and limiters would double the cost.
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._finish_executor, copy_context().run, work))

    def close(self) -> None:
        """Close every connection; one that is in use is closed when it is returned."""
        self._finish_executor.shutdown()
        # The edition watcher can be reading when the server stops. A connection that it returns
        # after `dispose` would stay open in the pool.
        event.listen(self.engine.pool, "checkin", lambda _connection, record: record.close())
        self.engine.dispose()


def _without_limit(session: Session) -> None:
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))


def _commit(session: Session) -> None:
    try:
        session.flush()  # first, because a failure before COMMIT is known to have saved nothing
        try:
            session.commit()
        except DBAPIError as error:
            # A server that answers COMMIT with an error and stays connected has rolled back.
            if sqlstate(error.orig) and not error.connection_invalidated:
                raise
            raise OutcomeUnknownError from error
    finally:
        _close(session)


def _close(session: Session) -> None:
    # A failure here loses nothing: the read is complete, and a transaction whose rollback fails is
    # never committed.
    with suppress(DBAPIError):
        session.close()


def row_locks(session: Session) -> bool:
    """Return whether the database locks rows: PostgreSQL does, SQLite has one writer at a time."""
    return session.get_bind().dialect.name == "postgresql"


def advisory_lock(session: Session, name: str) -> None:
    """Lock the name until the transaction ends; other transactions that lock it wait.

    Does nothing on SQLite.
    """
    if row_locks(session):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.connection().execute(func.pg_advisory_xact_lock(number).select())
