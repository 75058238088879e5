"""Column types that behave the same on both databases, and the names of constraints."""

from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, Dialect, Enum, String, TypeDecorator
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Content = TypeVar("Content")


def text_enum(codes: type[StrEnum]) -> Enum:
    """Return a column type that stores codes by value as text, with a CHECK constraint.

    It is the same on both databases: PostgreSQL's native enum types are not used.
    """
    return Enum(
        codes,
        native_enum=False,
        create_constraint=True,
        length=64,
        name=f"{codes.__name__.lower()}_is_known",
        values_callable=lambda members: [member.value for member in members],
    )


def slug_type(length: int = 64) -> String:
    """Return a text type that both databases sort by code point, so that pages are the same."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Json(TypeDecorator[Content], Generic[Content]):
    """A JSON column for content of one type. Values are validated when they are read."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, form: type[Content]) -> None:
        """Store content of the type `form`: a Pydantic model, or any annotation."""
        super().__init__()
        # Named like the parameter: SQLAlchemy reads it by that name for its statement cache.
        self.form = form
        self._adapter: TypeAdapter[Content] = TypeAdapter(form)

    def process_bind_param(
        self,
        value: Content | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> object:
        """Convert content to JSON values, without fields at their default."""
        if value is None:
            return None
        return self._adapter.dump_python(value, mode="json", exclude_defaults=True)

    def process_result_value(
        self,
        value: object,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Content | None:
        """Validate JSON values and return the content."""
        return None if value is None else self._adapter.validate_python(value)
