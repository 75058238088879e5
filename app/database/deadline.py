"""The deadline of a request: how long it may wait for the database.

Decision: docs/decisions/0012.
"""

import time
from contextvars import ContextVar
from dataclasses import dataclass

# A context variable, because the driver waits in other threads than the one that starts a request.
# Code that starts a thread for a request copies the context into it.
_deadline: ContextVar[float | None] = ContextVar("database_deadline", default=None)


@dataclass(frozen=True)
class TimeLimits:
    """How long a request may wait for the database, in seconds."""

    request: float = 4.0
    """All waits of a request together: for a connection, for locks, and for statements."""

    statement: float = 3.0
    """One statement, enforced by the PostgreSQL server. On SQLite: waiting for another process."""

    lock: float = 2.0
    """One row lock on PostgreSQL."""


def set_deadline(until: float | None) -> None:
    """Set the deadline of this context, on the clock of `time.monotonic`; None removes it."""
    _deadline.set(until)


def time_left() -> float | None:
    """Return the seconds until the deadline, negative after it; None without a deadline."""
    until = _deadline.get()
    return None if until is None else until - time.monotonic()


def is_over() -> bool:
    """Return whether there is a deadline and it has passed."""
    left = time_left()
    return left is not None and left <= 0
