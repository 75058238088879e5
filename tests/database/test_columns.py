"""Column types behave the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from enum import StrEnum

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError

from app.database import Database
from app.database.columns import Json, slug_type, text_enum
from tests.support.databases import Databases


class Colour(StrEnum):
    """Codes for a column."""

    RED = "red"
    BLUE = "dark_blue"


class Form(BaseModel):
    """A form of content for a JSON column."""

    name: str
    size: int = 3


# A MetaData of its own: the tables of the service are compared with its migrations.
THING = Table(
    "thing",
    MetaData(),
    Column("slug", slug_type(), primary_key=True),
    Column("colour", text_enum(Colour)),
    Column("form", Json(Form)),
)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A database with one table that has a column of each type."""
    database = Database(databases.empty())
    with database.engine.begin() as connection:
        THING.create(connection)
    yield database
    database.close()
    databases.drop(database.url)


def test_a_code_is_stored_as_its_value(database: Database) -> None:
    """A code is stored as text, not by the name of its member, and read as the code."""
    with database.engine.begin() as connection:
        connection.execute(insert(THING).values(slug="a", colour=Colour.BLUE))
        stored = connection.execute(text("SELECT colour FROM thing")).scalar_one()
        read = connection.execute(select(THING.c.colour)).scalar_one()

    assert stored == "dark_blue"
    assert read is Colour.BLUE


def test_an_unknown_code_is_refused_by_the_database(database: Database) -> None:
    """The CHECK constraint refuses a code that is written past the model."""
    with database.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO thing (slug, colour) VALUES ('a', 'green')"))


def test_slugs_are_ordered_by_code_point(database: Database) -> None:
    """Capitals, hyphens and letters have the same order on both databases."""
    slugs = ["a-b", "ab", "B", "a", "a1", "aa", "é"]
    with database.engine.begin() as connection:
        connection.execute(insert(THING), [{"slug": slug} for slug in slugs])
        read = connection.execute(select(THING.c.slug).order_by(THING.c.slug)).scalars().all()

    assert read == sorted(slugs)


def test_slugs_do_not_follow_the_locale_of_the_server(database: Database) -> None:
    """PostgreSQL's column has the collation C; SQLite's has none, so it compares bytes."""
    if database.sqlite:
        query = "SELECT sql LIKE '%COLLATE%' FROM sqlite_master WHERE name = 'thing'"
    else:
        query = (
            "SELECT collation_name FROM information_schema.columns "
            "WHERE table_name = 'thing' AND column_name = 'slug'"
        )
    with database.engine.connect() as connection:
        collation = connection.execute(text(query)).scalar_one()

    assert collation == (0 if database.sqlite else "C")


def test_json_is_read_as_its_form(database: Database) -> None:
    """Content is stored without its defaults, and read back as the model."""
    with database.engine.begin() as connection:
        connection.execute(insert(THING).values(slug="a", form=Form(name="x")))
        stored = connection.execute(text("SELECT form FROM thing")).scalar_one()
        read = connection.execute(select(THING.c.form)).scalar_one()

    assert "size" not in str(stored)
    assert read == Form(name="x", size=3)


def test_json_of_another_form_is_not_read(database: Database) -> None:
    """Stored content that does not fit the model raises an error when it is read."""
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO thing (slug, form) VALUES ('a', '{}')"))

        with pytest.raises(ValidationError):
            connection.execute(select(THING.c.form)).scalar_one()


def test_no_content_is_null(database: Database) -> None:
    """`None` is stored as NULL, not as the JSON value `null`."""
    with database.engine.begin() as connection:
        connection.execute(insert(THING).values(slug="a", form=None))
        is_null = connection.execute(text("SELECT form IS NULL FROM thing")).scalar_one()
        read = connection.execute(select(THING.c.form)).scalar_one()

    assert is_null
    assert read is None
