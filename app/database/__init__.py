"""Engines, sessions, and column types for both databases.

The only package that commits.
"""

from app.database.columns import Json, slug_type, text_enum
from app.database.deadline import TimeLimits
from app.database.dependencies import ReadSession, WriteSession
from app.database.engine import Database, advisory_lock, row_locks
from app.database.errors import DatabaseUnavailableError, OutcomeUnknownError

__all__ = [
    "Database",
    "DatabaseUnavailableError",
    "Json",
    "OutcomeUnknownError",
    "ReadSession",
    "TimeLimits",
    "WriteSession",
    "advisory_lock",
    "row_locks",
    "slug_type",
    "text_enum",
]
