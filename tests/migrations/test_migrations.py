"""Migrations go up, down and up again, keep the content, and give the schema of the models."""

from collections.abc import Iterable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, CheckConstraint, inspect, literal_column, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import SQLModel

from app.database import Database, migrate
from app.database.migrate import SchemaState
from tests.support.databases import Databases


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head_and_the_service_knows_it() -> None:
    """The migrations have one head, and the service's list of revisions is that of the files."""
    scripts = ScriptDirectory("migrations")

    assert scripts.get_heads() == [migrate.HEAD]
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == migrate.REVISIONS


def test_up_down_and_up_again(databases: Databases) -> None:
    """Upgrading creates the tables of the models, downgrading removes all of them."""
    database = Database(databases.empty())

    migrate.upgrade(database)
    assert tables(database) == set(SQLModel.metadata.tables)
    migrate.downgrade(database, "base")
    assert tables(database) == set()
    migrate.upgrade(database)
    assert tables(database) == set(SQLModel.metadata.tables)

    database.close()


def test_every_migration_can_be_undone(databases: Databases) -> None:
    """Each migration can be undone and done again."""
    database = Database(databases.empty())
    for revision in reversed(list(ScriptDirectory("migrations").walk_revisions())):
        migrate.upgrade(database, revision.revision)
        migrate.downgrade(database, "-1")
        migrate.upgrade(database, revision.revision)

    assert migrate.is_current(database)
    database.close()


def test_models_and_migrations_agree(database: Database) -> None:
    """Alembic finds no difference between the migrated schema and the models."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_database_has_every_constraint_of_the_models(database: Database) -> None:
    """The database has the CHECK constraints of the models, with the same codes.

    Alembic does not compare them: a code that was forgotten would fail only in use.
    """
    inspector = inspect(database.engine)
    for name, table in SQLModel.metadata.tables.items():
        wanted = {
            str(constraint.name): _codes(
                str(
                    constraint.sqltext.compile(
                        dialect=database.engine.dialect, compile_kwargs={"literal_binds": True}
                    )
                )
            )
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        there = {
            str(check["name"]): _codes(check["sqltext"])
            for check in inspector.get_check_constraints(name)
        }
        assert there == wanted


def test_content_survives_all_migrations_both_ways(
    databases: Databases,
) -> None:
    """Content of the first schema is kept up to the newest one, and back."""
    database = Database(databases.empty())
    migrate.upgrade(database, "0001")
    with database.engine.begin() as connection:
        for statement in CONTENT_OF_0001:
            connection.execute(text(statement))

    migrate.upgrade(database)
    assert _carriers(database) == [("example", 1)]
    migrate.downgrade(database, "0001")
    assert _carriers(database) == [("example", 1)]
    migrate.upgrade(database)

    with database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE carrier SET added_in = 99"))  # foreign keys are on again
    database.close()


CONTENT_OF_0001 = (
    """
    INSERT INTO edition (number, digest, published_at, vocabulary, advice)
    VALUES (1, 'd', '2026-11-24 00:00:00', '{}', '{}')
    """,
    """
    INSERT INTO carrier (id, slug, kind, document, digest, added_in, changed_in)
    VALUES (1, 'example', 'mvno', '{}', 'd', 1, 1)
    """,
)


def _carriers(database: Database) -> list[tuple[str, int]]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT slug, edition.number FROM carrier "
                "JOIN edition ON edition.number = carrier.added_in"
            )
        )
        return [(row[0], row[1]) for row in rows]


def _codes(condition: str) -> set[str]:
    """Return the quoted values of a condition; the rest is written differently by each database."""
    return set(condition.split("'")[1::2])


def test_the_state_of_a_schema_is_known(databases: Databases) -> None:
    """A schema is missing, older or current, before and after each migration."""
    database = Database(databases.empty())

    assert migrate.state(database) is SchemaState.MISSING
    migrate.upgrade(database, "0004")
    assert migrate.state(database) is SchemaState.OLDER
    migrate.upgrade(database)
    assert migrate.state(database) is SchemaState.CURRENT
    migrate.downgrade(database, "base")
    assert migrate.state(database) is SchemaState.MISSING
    database.close()


def test_a_newer_schema_is_left_alone(database: Database) -> None:
    """A schema of a newer version is recognised, and upgrading it raises an error."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert migrate.state(database) is SchemaState.NEWER
    with pytest.raises(migrate.NewerSchemaError):
        migrate.upgrade(database)
    assert tables(database) == set(SQLModel.metadata.tables)


def test_a_migration_gives_up_on_a_locked_table(databases: Databases) -> None:
    """On PostgreSQL a migration fails after the lock timeout, and works once the lock is gone."""
    database = Database(databases.empty())
    migrate.upgrade(database, "0004")
    with database.engine.connect() as other, other.begin():
        lock = "SELECT 1" if database.sqlite else "LOCK TABLE edition IN ACCESS SHARE MODE"
        other.execute(text(lock))
        if database.sqlite:
            migrate.upgrade(database)  # SQLite's readers hold up no writer
        else:
            with pytest.raises(OperationalError, match="lock timeout"):
                migrate.upgrade(database)

    migrate.upgrade(database)
    assert migrate.is_current(database)
    database.close()


def test_stored_content_gets_the_new_names(databases: Databases) -> None:
    """Upgrading renames members in stored JSON, and downgrading gives them their old names."""
    database = Database(databases.empty())
    migrate.upgrade(database, "0001")
    _execute(database, CONTENT_OF_0001)
    migrate.upgrade(database, "0006")
    _execute(database, CONTENT_WITH_OLD_NAMES)

    migrate.upgrade(database)

    assert _stored(database, "content", "revision") == {"supporting": True, "title": {"en": "x"}}
    assert _stored(database, "ticks", "checklist_session") == {
        "send": {"state": "done", "needs_review": True}
    }
    migrate.downgrade(database, "0006")
    assert _stored(database, "facts", "revision") == {"companion": True, "title": {"en": "x"}}
    assert _stored(database, "ticks", "checklist_session") == {
        "send": {"state": "done", "recheck": True}
    }
    database.close()


CONTENT_WITH_OLD_NAMES = (
    """
    INSERT INTO procedure (id, carrier_id, slug, revision, added_in) VALUES (1, 1, 'old', 1, 1)
    """,
    """
    INSERT INTO revision (id, procedure_id, number, edition, digest, goal, outcome, channel,
        from_abroad, evidence, facts, sources)
    VALUES (1, 1, 1, 1, 'd', 'remove_profile', 'profile_removed', 'none',
        'possible', 'official', '{"companion": true, "title": {"en": "x"}}', '[]')
    """,
    """
    INSERT INTO checklist_session (id, revision_id, language, facts, ticks, version,
        share_generation, owner_token_version, created_at, changed_at, expires_at)
    VALUES ('6f1f6d0e6a0a4f6e9a553f0c8f6c2f11', 1, 'en', '{}',
        '{"send": {"state": "done", "recheck": true}}', 1, 0, 0,
        '2026-11-24 00:00:00', '2026-11-24 00:00:00', '2026-11-24 00:00:00')
    """,
)


def _execute(database: Database, statements: Iterable[str]) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _stored(database: Database, column: str, table: str) -> object:
    statement = select(literal_column(column, JSON())).select_from(sql_table(table))
    with database.engine.connect() as connection:
        return connection.execute(statement).scalar_one()
