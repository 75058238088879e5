"""Group commit for SQLite, which has one writer at a time and syncs its log at each commit.

Writers take turns inside one transaction, each in its own savepoint. The transaction is committed
when no writer is waiting, or after 32 turns. Only then do the writers continue:

- Each change is on the disk before its response is sent.
- A change that fails is rolled back alone.
- If the commit fails, all writers of the group get the error.

Decision: docs/decisions/0008.
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

_MOST_TURNS: Final = 32
"""Turns in one transaction. More would delay the first writer and save little."""


class _PendingWrite:
    """A writer in the queue: signals that its turn has begun, is over, and has been committed."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.begun: Final[asyncio.Future[Connection]] = loop.create_future()
        self.over: Final = asyncio.Event()
        self.committed: Final[asyncio.Future[None]] = loop.create_future()


class GroupCommit:
    """Lets the writers of one engine take turns and share commits."""

    def __init__(self, engine: Engine, seconds: float | None = None) -> None:
        """Write with connections of this engine; nothing is opened before the first writer.

        `seconds` limits how long a writer waits for its turn and its commit; None sets no limit.
        """
        self._engine: Final = engine
        self._seconds: Final = seconds
        self._queue: Final[deque[_PendingWrite]] = deque()
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def session(self, *, limited: bool = True) -> AsyncIterator[Session]:
        """Yield a session when the writer's turn comes; leaving the block waits for the commit.

        An exception of the block also waits, because it can depend on changes of the same group
        that are not committed yet. Without this, a 412 once named a version that was never saved,
        and a client then overwrote another client's change (docs/decisions/0013).

        Raises `DatabaseUnavailableError` if nothing was changed, `OutcomeUnknownError` if it is
        unknown what a failed commit saved.
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
            # The session ends the savepoint, not the transaction. So a failure rolls back only this
            # writer, also if a flush fails.
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
                # SQLite rolled back everything, including the savepoint. Rolling back to the
                # savepoint then fails with an error that looks like a bug.
                raise DatabaseUnavailableError("the database rolled back the write") from error
            raise  # without waiting: a database error states nothing about stored data
        except Exception as error:  # noqa: BLE001 - raised again below
            refusal = error
        except BaseException:
            turn.committed.cancel()
            raise
        finally:
            turn.over.set()  # in any case, also if the client has disconnected: others are waiting
        commit_deadline = None if until is None else max(until, loop.time() + _LEAST_FOR_A_COMMIT)
        try:
            async with asyncio.timeout_at(commit_deadline):
                await turn.committed
        except (SQLAlchemyError, TimeoutError) as error:
            if refusal is not None:
                # The writer's own changes were rolled back to the savepoint, whatever happened to
                # those of the others.
                raise DatabaseUnavailableError(
                    "the transaction that the refusal depends on was not committed"
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
            except Exception as error:  # noqa: BLE001 - raised in the waiting writers
                _fail(self._take_waiting(), error)
                continue
            group = [turn async for turn in self._turns(connection)]
            try:
                await asyncio.to_thread(_commit, connection)
            except Exception as error:  # noqa: BLE001 - raised in the writers of the group
                _fail([turn.committed for turn in group], error)
            else:
                for turn in group:
                    if not turn.committed.done():
                        turn.committed.set_result(None)

    async def _turns(self, connection: Connection) -> AsyncIterator[_PendingWrite]:
        """Give waiting writers their turns, at most 32, and yield each when its turn is over."""
        for _ in range(_MOST_TURNS):
            if not self._queue:
                return
            turn = self._queue.popleft()
            if not turn.begun.cancelled():
                turn.begun.set_result(connection)
                await turn.over.wait()
                yield turn
                if not _is_open(connection):
                    return

    def _take_waiting(self) -> Sequence[asyncio.Future[Connection]]:
        """Empty the queue, and return the futures that its writers wait for."""
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

    SQLite itself rolls back the whole transaction when the disk is full or fails.
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
            # After a failed fsync, the log on the disk can still contain the commit. The first
            # connection that opens the file after all others were closed then applies it.
            raise OutcomeUnknownError from error


def _roll_back(connection: Connection) -> None:
    """Roll back explicitly, because SQLite can leave the transaction open when COMMIT fails.

    The connection stays open unless the rollback fails too. SQLite deletes its log files when the
    last connection is closed; on a full disk it could not create them again, and reads would fail.
    """
    try:
        connection.connection.rollback()
    except Exception:  # noqa: BLE001 - after any failure the connection is unusable
        connection.invalidate()


def _fail(
    futures: Sequence[asyncio.Future[Connection]] | Sequence[asyncio.Future[None]], error: Exception
) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
