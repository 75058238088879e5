"""The engine for PostgreSQL servers. Time limits and their reasons: docs/decisions/0012."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlmodel import create_engine

from app.database import deadline
from app.database.deadline import TimeLimits
from app.database.errors import sqlstate

_SECONDS_TRUSTED: Final = 1.0
"""A connection that was used within this time is not pinged."""

_SECONDS_FOR_A_PING: Final = 1.0
"""A connection that does not answer within this time is replaced by a new one."""

_LEAST_CONNECT_TIMEOUT: Final = 2
"""Seconds; the driver rounds lower values up."""

_READ_ONLY: Final = "25006"
"""SQLSTATE of a write in a read-only transaction."""

_INTERVAL: Final = 0.1
"""Seconds between two checks of the driver for an interrupt: psycopg's default."""

_Value = TypeVar("_Value")

# A dead connection is detected within about 10 s even if no request uses it. The URL overrides each
# value.
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}


class _Connection(psycopg.Connection[Any]):
    """A connection on which every wait ends at the deadline of the request.

    The server's own limits and TCP timeouts do not help if the server process is stopped: its
    kernel goes on acknowledging packets.
    """

    def _set_read_only(self, value: bool | None) -> None:  # noqa: FBT001 - the driver's signature
        """Set whether transactions are read-only; False leaves the choice to the server.

        SQLAlchemy sets False after a read. The driver would then begin transactions with READ
        WRITE. This overrides a server that is set to read-only, and on a standby it fails with an
        error that looks like a bug.
        """
        super()._set_read_only(value or None)

    def wait(
        self, gen: PQGen[_Value], interval: float = _INTERVAL, timeout: float | None = None
    ) -> _Value:
        """Return the generator's result; close the connection if the deadline passes first."""
        left = deadline.time_left()
        if left is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, max(0.0, left))
        except psycopg.OperationalError:
            if deadline.is_over() and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # The answer may still come, so no other request may use this connection.
                self.pgconn.finish()
            raise


def postgresql_engine(
    url: str,
    pool_size: int,
    limits: TimeLimits | None,
    on_timeout: Callable[[], None],
    *,
    prepared: bool = True,
) -> Engine:
    """Return an engine for the server; `on_timeout` is called after each wait that timed out.

    With `prepared=False` it leaves nothing on a server connection after a transaction (PgBouncer).
    """
    in_url = make_url(url).query
    arguments: dict[str, Any] = {
        name: value for name, value in _NETWORK.items() if name not in in_url
    }
    if not prepared:
        # The driver prepares a statement at its fifth use; the sixth may reach another server.
        arguments["prepare_threshold"] = None
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args=arguments,
        hide_parameters=True,
        **({"pool_timeout": limits.request} if limits else {}),
    )
    event.listen(engine, "do_connect", _connect)
    if limits is not None and prepared:
        event.listen(engine, "connect", _LimitSession(limits))
    elif limits is not None:
        event.listen(engine, "begin", partial(_limit_transaction, limits=limits))

    @event.listens_for(engine, "checkout")
    def _ping(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        """Replace a broken connection before a request uses it.

        Under load this costs nothing, because connections that were used lately are not pinged.
        """
        now = time.monotonic()
        if now - entry.info.get("used", now) > _SECONDS_TRUSTED and not _answers(
            engine, connection
        ):
            raise DisconnectionError
        entry.info["used"] = now

    @event.listens_for(engine, "handle_error")
    def _on_error(context: ExceptionContext) -> None:
        error = context.original_exception
        # A session keeps the read-only default that it began with, and a standby stays a standby:
        # reconnect, because the server may have changed since. In a transaction that this service
        # began as read-only, a refused write is a bug instead.
        reading = context.connection is not None and context.connection.get_execution_options().get(
            "postgresql_readonly"
        )
        if sqlstate(error) == _READ_ONLY and not reading:
            context.is_disconnect = True
        if deadline.is_over() or isinstance(error, ConnectionTimeout):
            on_timeout()

    return engine


def _connect(
    _dialect: Dialect,
    _entry: ConnectionPoolEntry,
    arguments: Sequence[str],
    options: Mapping[str, Any],
) -> _Connection:
    left = deadline.time_left()
    if left is not None:
        if left <= 0:
            raise psycopg.OperationalError("no time is left to connect")
        most = max(_LEAST_CONNECT_TIMEOUT, int(left))
        options = {**options, "connect_timeout": min(int(options["connect_timeout"]), most)}
    return _Connection.connect(*arguments, **options)


def _set(limits: TimeLimits, scope: str) -> str:
    """Return the statements that set the limits; `scope` is `SESSION`, or `LOCAL` (transaction)."""
    milliseconds = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        # Otherwise a client that vanishes in a transaction keeps its rows locked for hours.
        "idle_in_transaction_session_timeout": 2 * limits.request,
    }
    return "; ".join(
        f"SET {scope} {name} = {int(value * 1000)}" for name, value in milliseconds.items()
    )


def _limit_transaction(connection: Connection, limits: TimeLimits) -> None:
    """Set the limits as the first statement of a transaction.

    Behind PgBouncer, a SET for the session would stay on the server connection that it happened to
    reach. The cost is one round trip per transaction.
    """
    connection.exec_driver_sql(_set(limits, "LOCAL"))


class _LimitSession:
    """Sets the limits once per connection, by SET: PgBouncer refuses `options=` in the URL."""

    def __init__(self, limits: TimeLimits) -> None:
        self._settings: Final = _set(limits, "SESSION")

    def __call__(self, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(self._settings)
            cursor.close()
            connection.autocommit = False
        except BaseException:
            # SQLAlchemy drops a connection whose listener fails, and leaves it open.
            connection.close()
            raise


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    """Return whether the connection answers a ping within a second, or before the deadline."""
    left = deadline.time_left()
    now = time.monotonic()
    if left is not None:
        deadline.set_deadline(now + min(left, _SECONDS_FOR_A_PING))
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
    finally:
        if left is not None:
            deadline.set_deadline(now + left)
