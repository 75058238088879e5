"""Databases as commands use them: opened, migrated, published to, and ready to be served."""

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
    """Give the database of the settings; whatever it refuses ends the command with a sentence.

    An SQLite file that is not there is made only with `create`, and only in a folder that is there.
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
        out.print(f"The database file {file} is new.")
    try:
        database = Database(settings.database_url, prepared=settings.database_prepared)
        try:
            yield database
        finally:
            database.close()
    except (SQLAlchemyError, migrate.NewerSchemaError) as error:
        sentence = errors.explain(error, settings.database_url)
        if sentence is None:
            raise
        raise CommandError(sentence) from error


def require_schema(database: Database) -> None:
    """Raise `CommandError` with the fix unless the schema is the one that this version needs."""
    if problem := schema_problem(migrate.state(database)):
        raise CommandError(problem)


def schema_problem(state: SchemaState) -> str | None:
    """Return what is wrong with a schema in this state, and the fix; None if nothing is."""
    match state:
        case SchemaState.MISSING | SchemaState.OLDER:
            return errors.NO_TABLES
        case SchemaState.NEWER:
            return errors.NEWER_SCHEMA
        case SchemaState.CURRENT:
            return None


def bring_up_to_date(database: Database) -> None:
    """Migrate the schema if it is not current: only then is Alembic loaded, which is slow."""
    if migrate.state(database) is not SchemaState.CURRENT:
        migrate.upgrade(database)


def catalogue_folder(folder: Path) -> Path:
    """Return the folder; raises `CommandError` if it plainly holds no catalogue.

    It is called before the folder is read: that can take long for another one.
    """
    if not folder.exists():
        message = (
            f"There is no folder {folder}. Name the catalogue's with --catalogue or "
            "KAIYAKU_CATALOGUE."
        )
    elif not folder.is_dir():
        message = (
            f"{folder} is not a folder. Name the catalogue's with --catalogue or KAIYAKU_CATALOGUE."
        )
    elif not (folder / "vocabulary.yaml").is_file() and not (folder / "carriers").is_dir():
        message = (
            f"{folder} is no catalogue: it has neither vocabulary.yaml nor carriers/. Name another "
            "with --catalogue."
        )
    else:
        return folder
    raise CommandError(message)


def publish_folder(database: Database, folder: Path) -> None:
    """Publish the files of the folder, unless they are what is served; say what was done."""
    digest = loader.digest(catalogue_folder(folder))
    if _already_served(database, folder, digest):
        return
    catalogue, findings = check_files(folder, clock.now_in_japan().date())
    report(findings)
    assert catalogue is not None  # a catalogue that cannot be read has findings
    try:
        published = publish(database, catalogue, folder)
    except PublishedMeanwhileError:
        if _already_served(database, folder, digest):  # by another start, of the same files
            return
        raise CommandError(
            "Another publisher was faster; nothing was changed. Publish again."
        ) from None
    out.print(
        f"Edition {published.edition} is published: {published.added} procedures added, "
        f"{published.changed} changed, {published.retired} retired."
    )


def _already_served(database: Database, folder: Path, digest: str) -> bool:
    served = is_published(database, digest)
    if served is None:
        return False
    source = origin(database)
    if source is not None and source.folder != str(folder.resolve()):
        record_folder(database, served, folder)
    out.print(f"Edition {served} is served already; the catalogue has not changed.")
    return True


def prepare_to_serve(settings: Settings) -> None:
    """Make ready what can be made ready, once and before any worker starts.

    SQLite: the file, its schema, its catalogue and its secret. PostgreSQL may be shared by several
    servers, so nothing is changed there. Raises `CommandError` with a line for each missing thing.
    """
    if settings.sqlite_path is not None:
        with open_database(settings, create=True) as database:
            bring_up_to_date(database)
            _publish_own(database, settings)
        _prepare_secret(settings)
    elif missing := [*_missing_secret(settings), *_missing_in_database(settings)]:
        raise CommandError(*missing)


def _publish_own(database: Database, settings: Settings) -> None:
    """Publish the catalogue of the settings, unless the database serves one from elsewhere."""
    folder = settings.catalogue
    source = origin(database)
    if source is None or settings.embedded or source.folder == str(folder.resolve()):
        publish_folder(database, folder)
        return
    if source.digest == loader.digest(catalogue_folder(folder)):
        out.print(f"Edition {source.edition} is served already; the catalogue has not changed.")
        return
    other = f"from {source.folder}" if source.folder else "from a folder that was not recorded"
    out.print(
        f"Edition {source.edition} goes on being served. It was published {other}, not from "
        f"{folder}. "
        f"To publish that: kaiyaku publish --catalogue {shlex.quote(str(folder))}"
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
            return [problem] if problem else [] if origin(database) else [_NO_EDITION]
    except CommandError as error:
        return [*error.lines]
