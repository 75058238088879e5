"""The system clock. No other module reads it, so tests can replace it in one place."""

import datetime as dt

from app.zones import JAPAN


def utc_now() -> dt.datetime:
    """Return the current instant in UTC, with microseconds, for values to store and compare."""
    return dt.datetime.now(dt.UTC)


def now_in_japan() -> dt.datetime:
    """Return the current instant in Japan, in whole seconds, for texts and timing rules."""
    return dt.datetime.now(JAPAN).replace(microsecond=0)
