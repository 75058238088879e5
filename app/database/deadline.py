"""The deadline of a request: how long it may wait for the database.

Decision: docs/decisions/0012.
"""

import time
from contextvars import ContextVar
from dataclasses import dataclass

# A context variable, because the driver waits in other threads than the one that begins a request.
# Code that starts a thread for a request passes the context on.
_until: ContextVar[float | None] = ContextVar("database_deadline", default=None)


@dataclass(frozen=True)
class TimeLimits:
    """How long the database may keep a request waiting, in seconds."""

    request: float = 4.0
    """From the first wait to the failure: for a connection, for locks, and for all statements."""

    statement: float = 3.0
    """One statement. The PostgreSQL server enforces it; on SQLite, waiting for another process."""

    lock: float = 2.0
    """One row lock on PostgreSQL."""


def set_deadline(until: float | None) -> None:
    """Limit what this context waits for, by `time.monotonic`; None sets no limit."""
    _until.set(until)


def time_left() -> float | None:
    """Return the seconds until the deadline, below 0 after it; None without one."""
    until = _until.get()
    return None if until is None else until - time.monotonic()


def is_over() -> bool:
    """Return whether there is a deadline and it has passed."""
    left = time_left()
    return left is not None and left <= 0
