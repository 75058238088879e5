"""Engines, sessions, and column types for both databases. The only package that commits."""

from app.database.columns import Json, slug_type, text_enum
from app.database.dependencies import ReadSession, WriteSession
from app.database.engine import Database, hold, row_locks

__all__ = ["Database", "Json", "ReadSession", "WriteSession", "hold", "row_locks", "slug_type", "text_enum"]
