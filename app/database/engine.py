"""Transactions to read and to write in.

The only package that commits.
"""

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

_FOR_BACKGROUND_WORK: Final = 2
"""Connections beyond those of reading requests: for writing, and for asking after a new edition."""

_LEAST_FOR_STATEMENTS: Final = 1.0
"""Seconds that a request has after waiting for a connection, however long it has waited."""


class Database:
    """A database, SQLite or PostgreSQL, with transactions to read and to write in."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        limits: TimeLimits | None = None,
        prepared: bool = True,
    ) -> None:
        """Prepare to connect; nothing is opened before the first transaction.

        Without `limits`, as commands have it, transactions take as long as they take.
        Not `prepared`, PostgreSQL keeps nothing from one transaction to the next, so that each may
        have another server connection: PgBouncer's transaction mode.
        """
        self.url: Final = url
        self.sqlite: Final = make_url(url).get_backend_name() == "sqlite"
        self.limits: Final = limits
        self._slots: Final = asyncio.Semaphore(pool_size)
        self._lost_at = 0.0
        # Threads of their own: what ends a transaction must not wait for those that begin one.
        self._finish_executor: Final = ThreadPoolExecutor(pool_size, "transaction")
        connections = pool_size + _FOR_BACKGROUND_WORK
        if self.sqlite:
            self.engine = sqlite_engine(
                url, connections, limits.statement if limits else None, self._lost
            )
            self._reading = self.engine.execution_options(begin="BEGIN")
            self._writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
            self._group_commit: GroupCommit | None = GroupCommit(
                self._writing, limits.request if limits else None
            )
        else:
            # Here and not above: SQLite does not need the driver, which takes 9 MiB and 45 ms.
            from app.database.postgresql import postgresql_engine  # noqa: PLC0415

            self.engine = postgresql_engine(url, connections, limits, self._lost, prepared=prepared)
            # One snapshot for all statements of a read, so that no answer mixes two editions.
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writing = self.engine.execution_options(isolation_level="READ COMMITTED")
            self._group_commit = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        if self.limits is not None:
            set_deadline(time.monotonic() + self.limits.request)
        try:
            with Session(self._reading) as session:
                yield session
        finally:
            set_deadline(None)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are saved together when the block ends well, or not at all.

        No limit of time holds for it, but those that the server was given with each connection.
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Give a request what `read` gives.

        Making a session opens nothing, and ending a read waits only where a server is asked.
        Raises `DatabaseUnavailableError` when no connection becomes free in time.
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
        """Give a request what `write` gives; on SQLite in its turn, in one commit with others.

        Writers queue first-in first-out without holding a thread. SQLite's own busy handler polls:
        with 32 writers p99 was above 1 s.

        Leaving the block waits until the changes are saved; so does an exception that rests on
        changes of others which are not saved yet. Raises `DatabaseUnavailableError` when nothing
        was changed, `OutcomeUnknownError` when a commit failed and nobody knows what it saved.
        Background work that may take long is not `limited`.
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
        """Wait for a connection to be free, without holding a thread, and set the deadline.

        Waiting inside the pool would hold a thread: with all threads waiting, none is left to end
        the transaction that they wait for, and all of them time out together.
        """
        began = time.monotonic()
        seconds = self.limits.request if self.limits is not None and limited else None
        try:
            async with asyncio.timeout(seconds if self._slots.locked() else None):
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseUnavailableError("no connection became free") from None
        try:
            if self._lost_at > began:  # with the others, instead of waiting as long once more
                raise DatabaseUnavailableError("the database did not answer those before")
            if seconds is not None:
                set_deadline(max(began + seconds, time.monotonic() + _LEAST_FOR_STATEMENTS))
            yield
        finally:
            set_deadline(None)
            self._slots.release()

    def _lost(self) -> None:
        self._lost_at = time.monotonic()

    async def _finish(self, work: Callable[[], None]) -> None:
        # Shielded, and without anyio's scopes and limiters, which cost as much again.
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._finish_executor, copy_context().run, work))

    def close(self) -> None:
        """Close every connection, also those that a thread still uses, once it returns them."""
        self._finish_executor.shutdown()
        # Returned after `dispose`, a connection would wait in a pool that nobody empties: the
        # watch for a new edition can be reading when the server stops.
        event.listen(self.engine.pool, "checkin", lambda _connection, record: record.close())
        self.engine.dispose()


def _without_limit(session: Session) -> None:
    session.connection().execute(text("SET LOCAL statement_timeout = 0"))


def _commit(session: Session) -> None:
    try:
        session.flush()  # apart, because a failure before COMMIT is certain to have saved nothing
        try:
            session.commit()
        except DBAPIError as error:
            # A server that answers COMMIT with an error, and stays, has rolled back.
            if sqlstate(error.orig) and not error.connection_invalidated:
                raise
            raise OutcomeUnknownError from error
    finally:
        _close(session)


def _close(session: Session) -> None:
    # What was read has been read, and what failed to be rolled back never gets committed.
    with suppress(DBAPIError):
        session.close()


def row_locks(session: Session) -> bool:
    """Return whether the database locks rows; SQLite has one writer at a time and needs none."""
    return session.get_bind().dialect.name == "postgresql"


def advisory_lock(session: Session, name: str) -> None:
    """Lock the name until the transaction ends: other transactions that lock it wait."""
    if row_locks(session):
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.connection().execute(func.pg_advisory_xact_lock(number).select())
