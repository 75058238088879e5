"""One commit for all who wait (group commit): SQLite has one writer at a time and syncs its log at each commit.

Writers have their turn one after another, each in a savepoint of its own, inside one transaction. When nobody waits any more,
or enough have had their turn, it is committed; only then does any of them go on. So each change is on the disk before its
answer leaves, a change that fails takes back only itself, and a commit that fails fails for all.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

_MOST: Final = 32
"""Turns in one transaction: more would keep the first of them waiting without sparing much."""


class _Turn:
    """One writer's place in the queue, and how far it is."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.begun: Final[asyncio.Future[Connection]] = loop.create_future()
        self.over: Final = asyncio.Event()
        self.committed: Final[asyncio.Future[None]] = loop.create_future()


class GroupCommit:
    """Gives writers of one engine their turns."""

    def __init__(self, engine: Engine) -> None:
        """Write with connections of this engine; nothing is opened before the first writer comes."""
        self._engine: Final = engine
        self._queue: Final[deque[_Turn]] = deque()
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Give a session in its turn; leaving the block waits until its changes are committed."""
        turn = _Turn(asyncio.get_running_loop())
        self._queue.append(turn)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        try:
            connection = await turn.begun
            # The session ends the savepoint, not the transaction: what fails, in a flush too, takes back only itself.
            with (
                connection.begin_nested(),
                Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session,
            ):
                yield session
                session.flush()
        except BaseException:
            turn.committed.cancel()
            raise
        finally:
            turn.over.set()  # whatever happens, also when the client has gone: others wait behind
        await turn.committed

    async def _serve(self) -> None:
        """Serve everybody who waits, group by group."""
        while self._queue:
            try:
                connection = await asyncio.to_thread(self._begin)
            except Exception as error:  # noqa: BLE001 - it is the waiting writers' error, whatever it is
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

    async def _turns(self, connection: Connection) -> AsyncIterator[_Turn]:
        """Give those who wait their turns, up to so many, and return them when they are over."""
        for _ in range(_MOST):
            if not self._queue:
                return
            turn = self._queue.popleft()
            if not turn.begun.cancelled():
                turn.begun.set_result(connection)
                await turn.over.wait()
                yield turn
                if not _stands(connection):
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


def _stands(connection: Connection) -> bool:
    """Return whether the transaction is still there: SQLite takes all of it back by itself when the disk is full or fails."""
    driver = connection.connection.dbapi_connection
    return driver is not None and bool(driver.in_transaction)


def _commit(connection: Connection) -> None:
    with connection:
        if not _stands(connection):
            connection.invalidate()
            lost = "COMMIT"
            raise OperationalError(lost, {}, OSError("the database has taken the transaction back"))
        try:
            connection.commit()
        except BaseException:
            connection.invalidate()  # SQLite can leave the transaction open when COMMIT fails
            raise


def _fail(futures: Sequence[asyncio.Future[Connection]] | Sequence[asyncio.Future[None]], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
