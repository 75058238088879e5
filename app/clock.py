"""The clock. No other module of the service reads it, so a test can replace it in one place."""

import datetime as dt

from app.zones import JAPAN


def utc_now() -> dt.datetime:
    """Return the current instant in UTC, to the microsecond: for what is stored and compared."""
    return dt.datetime.now(dt.UTC)


def now_in_japan() -> dt.datetime:
    """Return the current second in Japan: for what a reader sees and what rules count from."""
    return dt.datetime.now(JAPAN).replace(microsecond=0)
