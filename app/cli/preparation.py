"""Prepares databases for commands: opens, migrates, publishes, and checks before serving."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from app import clock, secret_file
from app.catalogue.authoring import loader
from app.catalogue.authoring.checks.run import check as check_files
from app.catalogue.authoring.publish import (
    PublishedMeanwhileError,
    is_published,
    origin,
    publish,
    record_folder,
)
from app.cli import errors
from app.cli.output import CommandError, err, out, report
from app.database import Database, migrate
from app.database.migrate import SchemaState
from app.folder_modes import create_shared
from app.secret_file import SecretFileError
from app.settings import SecretMissingError, Settings

_SECRET_MISSING: Final = (
    "KAIYAKU_SECRET is not set; sessions need one. "  # noqa: S105 - a sentence
    "Run: export KAIYAKU_SECRET=$(openssl rand -base64 48)"
)
_NO_EDITION = "No catalogue is published in the database. Run: kaiyaku publish"


@contextmanager
def open_database(settings: Settings, *, create: bool = False) -> Iterator[Database]:
    """Yield the database of the settings; its errors become a `CommandError` with an explanation.

    A missing SQLite file is created only with `create`, and only in an existing folder. The folder
    of the default database is created too.
    """
    file = settings.sqlite_path
    if file is not None and not file.exists():
        if settings.embedded and create:
            file.parent.mkdir(parents=True, exist_ok=True)
        if not file.parent.is_dir() and not settings.embedded:
            raise CommandError(errors.no_folder(file))
        if not create:
            raise CommandError(f"There is no database {file} yet. Run: kaiyaku prepare")
        create_shared(file)
        out.print(f"Created the database file {file}.")
    try:
        database = Database(settings.database_url, prepared=settings.database_prepared)
        try:
            yield database
        finally:
            database.close()
    except (SQLAlchemyError, migrate.NewerSchemaError) as error:
        explanation = errors.explain(error, settings.database_url)
        if explanation is None:
            raise
        raise CommandError(explanation) from error


def require_schema(database: Database) -> None:
    """Raise `CommandError` with the fix unless the schema is current."""
    if problem := schema_problem(migrate.state(database)):
        raise CommandError(problem)


def schema_problem(state: SchemaState) -> str | None:
    """Return the problem of a schema in this state and its fix; None if the schema is current."""
    match state:
        case SchemaState.MISSING | SchemaState.OLDER:
            return errors.NO_TABLES
        case SchemaState.NEWER:
            return errors.NEWER_SCHEMA
        case SchemaState.CURRENT:
            return None


def bring_up_to_date(database: Database) -> None:
    """Migrate the schema, unless it is current: then Alembic, which is slow, is not loaded."""
    if migrate.state(database) is not SchemaState.CURRENT:
        migrate.upgrade(database)


def catalogue_folder(folder: Path) -> Path:
    """Return the folder; raises `CommandError` if it is obviously not a catalogue.

    Call it before reading the folder, which can take long for a large folder with other content.
    """
    fix = "Name the folder of the catalogue with --catalogue or KAIYAKU_CATALOGUE."
    if not folder.exists():
        raise CommandError(f"There is no folder {folder}. {fix}")
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder. {fix}")
    if not (folder / "vocabulary.yaml").is_file() and not (folder / "carriers").is_dir():
        raise CommandError(
            f"{folder} is not a catalogue: it has neither vocabulary.yaml nor carriers/. {fix}"
        )
    return folder


def publish_folder(database: Database, folder: Path) -> None:
    """Publish the files of the folder, unless the database serves them; print the result."""
    digest = loader.digest(catalogue_folder(folder))
    if _already_served(database, folder, digest):
        return
    catalogue, findings = check_files(folder, clock.now_in_japan().date())
    report(findings)
    assert catalogue is not None  # a catalogue that cannot be read has findings
    try:
        published = publish(database, catalogue, folder)
    except PublishedMeanwhileError:
        if _already_served(database, folder, digest):  # another process published the same files
            return
        raise CommandError(
            "Another process published at the same time; nothing was changed. Publish again."
        ) from None
    out.print(
        f"Edition {published.edition} is published: {published.added} procedures added, "
        f"{published.changed} changed, {published.retired} retired."
    )


def _already_served(database: Database, folder: Path, digest: str) -> bool:
    """Return whether the database serves these files; then record their folder and print it."""
    edition = is_published(database, digest)
    if edition is None:
        return False
    source = origin(database)
    if source is not None and source.folder != str(folder.resolve()):
        record_folder(database, edition, folder)
    out.print(f"Edition {edition} is served already; the catalogue has not changed.")
    return True


def prepare_to_serve(settings: Settings) -> None:
    """Prepare the database and the secret once, before any worker starts.

    On SQLite: create the file, migrate it, publish the catalogue, create the secret. A PostgreSQL
    database can be shared by several servers, so nothing is changed there. Raises `CommandError`
    with a line for each thing that is missing.
    """
    if settings.sqlite_path is not None:
        with open_database(settings, create=True) as database:
            bring_up_to_date(database)
            _publish_unless_foreign(database, settings)
        _prepare_secret(settings)
    elif missing := [*_missing_secret(settings), *_missing_in_database(settings)]:
        raise CommandError(*missing)


def _publish_unless_foreign(database: Database, settings: Settings) -> None:
    """Publish the catalogue of the settings, unless the served one is from another folder."""
    folder = settings.catalogue
    source = origin(database)
    if source is None or settings.embedded or source.folder == str(folder.resolve()):
        publish_folder(database, folder)
        return
    if source.digest == loader.digest(catalogue_folder(folder)):
        out.print(f"Edition {source.edition} is served already; the catalogue has not changed.")
        return
    other_folder = source.folder or "a folder that was not recorded"
    out.print(
        f"Edition {source.edition} is still served. It was published from {other_folder}, not from "
        f"{folder}. "
        f"To publish the latter: kaiyaku publish --catalogue {shlex.quote(str(folder))}"
    )


def _prepare_secret(settings: Settings) -> None:
    try:
        settings.secrets()
    except SecretFileError as error:
        raise CommandError(str(error)) from error
    if (
        not settings.secret
        and settings.secret_path
        and (warning := secret_file.exposure(settings.secret_path))
    ):
        err.print(warning)


def _missing_secret(settings: Settings) -> list[str]:
    try:
        settings.secrets()
    except SecretMissingError:
        return [_SECRET_MISSING]
    return []


def _missing_in_database(settings: Settings) -> list[str]:
    try:
        with open_database(settings) as database:
            problem = schema_problem(migrate.state(database))
            if problem == errors.NO_TABLES:
                return [problem, f"{_NO_EDITION} (after that; kaiyaku prepare does both)"]
            if problem:
                return [problem]
            return [] if origin(database) else [_NO_EDITION]
    except CommandError as error:
        return [*error.lines]
