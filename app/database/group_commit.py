"""Group commit for SQLite, which has one writer at a time and syncs its log at each commit.

Writers take turns, each in a savepoint of its own, inside one transaction. It is committed when no
writer waits any more, or after 32 turns; only then do the writers go on. So each change is on the
disk before its response is sent, a change that fails is rolled back alone, and a commit that fails
fails for all. Decision: docs/decisions/0008.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.database.errors import DatabaseUnavailableError, OutcomeUnknownError

_LEAST_FOR_A_COMMIT: Final = 1.0
"""Seconds that a writer waits for the commit after its turn, however long it waited before."""

_MOST: Final = 32
"""Turns in one transaction: more would delay the first of them and save little."""


class _PendingWrite:
    """One writer's place in the queue, and how far it is."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.begun: Final[asyncio.Future[Connection]] = loop.create_future()
        self.over: Final = asyncio.Event()
        self.committed: Final[asyncio.Future[None]] = loop.create_future()


class GroupCommit:
    """Lets the writers of one engine take turns."""

    def __init__(self, engine: Engine, seconds: float | None = None) -> None:
        """Write with connections of this engine; nothing is opened before the first writer.

        A writer waits at most so many seconds, without a limit if None.
        """
        self._engine: Final = engine
        self._seconds: Final = seconds
        self._queue: Final[deque[_PendingWrite]] = deque()
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def session(self, *, limited: bool = True) -> AsyncIterator[Session]:
        """Yield a session in its turn; leaving the block waits until the group is committed.

        An exception of the block waits too: what it says can rest on changes of the same group.
        A 412 named a version that was never saved, and a client then overwrote another's change
        (docs/decisions/0013).
        Raises `DatabaseUnavailableError` or `OutcomeUnknownError` when the commit fails.
        """
        loop = asyncio.get_running_loop()
        turn = _PendingWrite(loop)
        seconds = self._seconds if limited else None
        until = None if seconds is None else loop.time() + seconds
        self._queue.append(turn)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        refusal: Exception | None = None
        connection: Connection | None = None
        try:
            connection = await _begun(turn, until)
            # The session ends the savepoint, not the transaction: a failure, in a flush too, rolls
            # back this writer alone.
            with (
                connection.begin_nested(),
                Session(
                    connection, expire_on_commit=False, join_transaction_mode="rollback_only"
                ) as session,
            ):
                yield session
                session.flush()
        except SQLAlchemyError as error:
            turn.committed.cancel()
            if connection is not None and not _is_open(connection):
                # SQLite rolled everything back, the savepoint too. Rolling back to it then fails
                # with an error that looks like a fault of the code.
                raise DatabaseUnavailableError("the database rolled back the write") from error
            raise  # it says nothing of what is stored
        except Exception as error:  # noqa: BLE001 - it is raised again below, whatever it is
            refusal = error
        except BaseException:
            turn.committed.cancel()
            raise
        finally:
            turn.over.set()  # whatever happens, also when the client has gone: others wait behind
        least = None if until is None else max(until, loop.time() + _LEAST_FOR_A_COMMIT)
        try:
            async with asyncio.timeout_at(least):
                await turn.committed
        except (SQLAlchemyError, TimeoutError) as error:
            if refusal is not None:
                # Its own changes were taken back before, whatever has become of the others.
                raise DatabaseUnavailableError(
                    "the transaction that the refusal rests on was not committed"
                ) from error
            if isinstance(error, TimeoutError):
                raise OutcomeUnknownError from error
            raise
        if refusal is not None:
            raise refusal

    async def _serve(self) -> None:
        """Serve the waiting writers, group by group."""
        while self._queue:
            try:
                connection = await asyncio.to_thread(self._begin)
            except Exception as error:  # noqa: BLE001 - the waiting writers get it
                _fail(self._waiting(), error)
                continue
            group = [turn async for turn in self._turns(connection)]
            try:
                await asyncio.to_thread(_commit, connection)
            except Exception as error:  # noqa: BLE001 - the same
                _fail([turn.committed for turn in group], error)
            else:
                for turn in group:
                    if not turn.committed.done():
                        turn.committed.set_result(None)

    async def _turns(self, connection: Connection) -> AsyncIterator[_PendingWrite]:
        """Let waiting writers take their turns, at most 32, and return them when they are over."""
        for _ in range(_MOST):
            if not self._queue:
                return
            turn = self._queue.popleft()
            if not turn.begun.cancelled():
                turn.begun.set_result(connection)
                await turn.over.wait()
                yield turn
                if not _is_open(connection):
                    return

    def _waiting(self) -> Sequence[asyncio.Future[Connection]]:
        waiting = [turn.begun for turn in self._queue]
        self._queue.clear()
        return waiting

    def _begin(self) -> Connection:
        connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection


async def _begun(turn: _PendingWrite, until: float | None) -> Connection:
    try:
        async with asyncio.timeout_at(until):
            return await turn.begun
    except TimeoutError:
        raise DatabaseUnavailableError("no turn to write came") from None


def _is_open(connection: Connection) -> bool:
    """Return whether the transaction is still open.

    SQLite rolls all of it back by itself when the disk is full or fails.
    """
    if connection.invalidated:
        return False
    driver = connection.connection.dbapi_connection
    return driver is not None and bool(driver.in_transaction)


def _commit(connection: Connection) -> None:
    with connection:
        if not _is_open(connection):
            raise DatabaseUnavailableError("the database rolled back the transaction")
        try:
            connection.commit()
        except Exception as error:
            _roll_back(connection)
            # After an fsync that failed, the log on the disk can hold the commit all the same, and
            # the first to open the file after all connections were closed reads it.
            raise OutcomeUnknownError from error


def _roll_back(connection: Connection) -> None:
    """Roll back by hand: SQLite can leave the transaction open when COMMIT fails.

    The connection is kept, unless that fails too. On a full disk SQLite could not make its files
    anew after the last connection was closed, and then reads would fail as well.
    """
    try:
        connection.connection.rollback()
    except Exception:  # noqa: BLE001 - whatever it is, the connection is of no use any more
        connection.invalidate()


def _fail(
    futures: Sequence[asyncio.Future[Connection]] | Sequence[asyncio.Future[None]], error: Exception
) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
