"""Engines, sessions, and column types for both databases. The only package that commits."""

from app.database.columns import Json, slug_type, text_enum
from app.database.dependencies import ReadSession, WriteSession
from app.database.engine import Database, hold

__all__ = ["Database", "Json", "ReadSession", "WriteSession", "hold", "slug_type", "text_enum"]
