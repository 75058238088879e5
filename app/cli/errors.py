"""Explains exceptions to operators: what went wrong, and how to fix it.

An explanation never quotes the driver's message. Drivers quote parts of the URL, and a password
that is not escaped becomes part of the host or of the database's name.
"""

import errno
import os
import sqlite3
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.database.migrate import HEAD, NewerSchemaError
from app.secret_file import SecretFileError
from app.settings import ESCAPES

NEWER_SCHEMA: Final = (
    f"The database's schema is newer than this version of Kaiyaku knows ({HEAD}). Install the "
    "newer version again, or restore a backup from before the upgrade."
)
NO_TABLES: Final = (
    "The database has no tables yet, or those of an older version. Run: kaiyaku migrate"
)
POOLED: Final = "{place} is a pooler such as PgBouncer. Set KAIYAKU_DATABASE_PREPARED=false."

_WRONG_USER: Final = (
    "{place} refuses this user and password. Correct them in KAIYAKU_DATABASE_URL; " + ESCAPES
)

_BY_STATE: Final[Mapping[str, str]] = {
    "42P01": NO_TABLES,
    "42703": NO_TABLES,
    "55P03": "A table was locked for too long by another user of {place}. End long transactions "
    "and backups, then run the command again.",
    "57014": "A statement took too long in {place}; nothing was changed. Run the command again "
    "when the server is less busy.",
    "25006": "{place} is read-only: a standby, or read-only by default. Name the primary in "
    "KAIYAKU_DATABASE_URL, or change the default.",
    "42501": "The database user lacks a permission in {place}. Grant it CREATE on the schema, and "
    "access to the tables.",
    "53100": "The disk of {place} is full. Free space there, then run the command again.",
    "53300": "{place} has no free connection. Lower KAIYAKU_DATABASE_POOL or KAIYAKU_WORKERS, or "
    "raise max_connections.",
    "3D000": "{place} has no such database. Create it, or correct the name in "
    "KAIYAKU_DATABASE_URL.",
    "42P05": POOLED,
    "26000": POOLED,
    "57P01": "{place} is being stopped. Run the command again when the server has started.",
    "57P03": "{place} is starting or stopping. Run the command again in a moment.",
    "28P01": _WRONG_USER,
    "28000": _WRONG_USER,
}
"""Explanations by SQLSTATE."""

_STATES_BY_WORDS: Final = (
    ("password", "28P01"),
    ("role", "28P01"),
    ("pg_hba.conf", "28P01"),
    ("does not exist", "3D000"),
    ("starting up", "57P03"),
    ("shutting down", "57P03"),
    ("recovery", "57P03"),
    ("too many", "53300"),
    ("remaining connection slots", "53300"),
)
"""SQLSTATE by a word of the message, when a connection is refused: psycopg sets no SQLSTATE."""

_UNKNOWN_HOST: Final = "The host of KAIYAKU_DATABASE_URL is unknown. Correct it: {place}."
_NO_ANSWER: Final = "{place} does not answer. Check host, port and firewall."
_NETWORK_BY_WORDS: Final = (
    ("resolve", _UNKNOWN_HOST),
    ("name or service", _UNKNOWN_HOST),
    (
        "refused",
        (
            "{place} accepts no connections. Start it, or correct host and port in "
            "KAIYAKU_DATABASE_URL."
        ),
    ),
    (
        "no such file",
        (
            "{place} accepts no connections. Start it, or correct the socket's folder in "
            "KAIYAKU_DATABASE_URL."
        ),
    ),
    ("timeout", _NO_ANSWER),
    ("timed out", _NO_ANSWER),
)
"""Explanations of a connection that failed, by a word of the driver's message."""

_LOCKED: Final = (
    "{file} is locked by another program, such as a backup. Wait until it has ended, then run the "
    "command again."
)
_NOT_WRITABLE: Final = (
    "{file} cannot be written by this user. Make the file and its folder writable."
)
_BY_SQLITE_CODE: Final = (
    ("SQLITE_BUSY", _LOCKED),
    ("SQLITE_LOCKED", _LOCKED),
    ("SQLITE_READONLY", _NOT_WRITABLE),
    ("SQLITE_PERM", _NOT_WRITABLE),
    ("SQLITE_FULL", "The disk that holds {file} is full. Free space, then run the command again."),
    (
        "SQLITE_NOTADB",
        "{file} is not an SQLite database. Name another file in KAIYAKU_DATABASE_URL.",
    ),
    ("SQLITE_CORRUPT", "{file} is damaged. Restore it from a backup."),
    (
        "SQLITE_IOERR",
        (
            "{file} cannot be read or written: the disk fails or is full. Check the disk, then run "
            "the command again."
        ),
    ),
)
"""Explanations by the beginning of SQLite's name for the error."""


def explain(error: Exception, url: str = "") -> str | None:
    """Return what went wrong and how to fix it; None if the error is a bug in Kaiyaku.

    `url` is that of the database in use. The explanation contains nothing of its user, password or
    database name.
    """
    match error:
        case NewerSchemaError():
            return NEWER_SCHEMA
        case SecretFileError():
            return str(error)
        case SQLAlchemyError() | sqlite3.Error():
            return _of_database(
                error.orig if isinstance(error, DBAPIError) and error.orig else error, url
            )
        case OSError() if error.errno is not None:
            return _of_system(error)
        case _:
            return None


def unexpected(error: Exception) -> str:
    """Return a line on a bug in Kaiyaku: the class of the error, and where it was raised.

    The message of the error is left out, because it can contain secrets.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    place = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "an unknown place"
    return (
        f"Unexpected {type(error).__name__} in {place}; please report it. KAIYAKU_LOG_LEVEL=debug "
        "shows more."
    )


def place_of(url: str) -> str:
    """Return where the database is: the absolute path of the file, or `PostgreSQL at host:port`.

    User, password and the database's name are left out.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return str(Path(parsed.database or "").absolute())
    hosts = parsed.query.get("host", parsed.host or "its local socket")
    port = f":{parsed.port}" if parsed.host and parsed.port else ""
    return f"PostgreSQL at {hosts if isinstance(hosts, str) else ', '.join(hosts)}{port}"


def _of_database(error: BaseException, url: str) -> str:
    place = place_of(url) if url else "the database"
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, Path(place))
    if explanation := _of_postgresql(error):
        return explanation.format(place=place)
    return f"{place} cannot be used ({type(error).__name__}). Check KAIYAKU_DATABASE_URL."


def _of_postgresql(error: BaseException) -> str | None:
    # Imported on failure only: SQLite does not need the driver, which takes 9 MiB.
    import psycopg  # noqa: PLC0415

    if not isinstance(error, psycopg.Error):
        return None
    words = str(error).lower()
    if error.sqlstate:
        other = (
            f"{{place}} refused a statement (SQLSTATE {error.sqlstate}); nothing was changed. See "
            "the server's log."
        )
        return _BY_STATE.get(error.sqlstate, other)
    if isinstance(error, psycopg.ProgrammingError):
        return (
            "KAIYAKU_DATABASE_URL has an option after ? that the driver does not know. Correct or "
            "remove it."
        )
    if state := next((state for word, state in _STATES_BY_WORDS if word in words), None):
        return _BY_STATE[state]
    return next(
        (explanation for word, explanation in _NETWORK_BY_WORDS if word in words),
        "The connection to {place} failed. Check that the server is running and that "
        "KAIYAKU_DATABASE_URL is right.",
    )


def _of_sqlite(error: sqlite3.Error, file: Path) -> str:
    code: str = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_ERROR" and "no such" in str(error):
        return NO_TABLES
    if code.startswith("SQLITE_CANTOPEN"):
        return _why_not_opened(file)
    fallback = f"{{file}} cannot be used ({code or type(error).__name__})."
    explanation = next(
        (text for prefix, text in _BY_SQLITE_CODE if code.startswith(prefix)), fallback
    )
    return explanation.format(file=file)


def _why_not_opened(file: Path) -> str:
    if not file.parent.is_dir():
        return no_folder(file)
    if file.is_dir():
        return (
            f"{file} is a folder. Name a file in KAIYAKU_DATABASE_URL, such as "
            f"sqlite:///{file}/kaiyaku.sqlite3"
        )
    return (
        f"{file} cannot be opened by this user. Make the file and its folder readable and writable."
    )


def no_folder(file: Path) -> str:
    """Return the message about a database file in a folder that does not exist."""
    return (
        f"The folder {file.parent} of KAIYAKU_DATABASE_URL does not exist. Create it, or correct "
        "the path."
    )


def _of_system(error: OSError) -> str:
    has_name = isinstance(error.filename, (str, bytes, os.PathLike))
    name = f"{os.fsdecode(error.filename)}: " if has_name else ""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    fix = {
        errno.EACCES: "Give this user the permission.",
        errno.EPERM: "Give this user the permission.",
        errno.EROFS: "Name a writable folder.",
        errno.ENOSPC: "Free space, then run the command again.",
        errno.ENOENT: "Correct the path.",
    }.get(error.errno or 0, "Check it, then run the command again.")
    return f"{name}{reason}. {fix}"
