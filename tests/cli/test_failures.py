"""A failed command prints one line with the fix, and never any part of a password."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from app.cli import errors
from app.database import Database, migrate
from tests.cli.command import run_here, start
from tests.support import builders
from tests.support.databases import Databases

USING_THE_DATABASE: Final = ("serve", "prepare", "migrate", "publish", "status", "purge")
LEFT, RIGHT = "Zq7Zq7", "Xw9Xw9"
"""The parts of a password around one character; none of them may be printed."""


def failure(command: str, url: str, folder: str) -> str:
    """Run a command that uses the database, and return its one line of failure."""
    port = ["--port", "0"] if command == "serve" else []
    done = run_here(command, *port, database_url=url, catalogue=folder, secret="s" * 32)
    # `status` prints the failure in its report.
    lines = done.stderr.splitlines() or done.stdout.splitlines()[-1:]
    assert done.code == 1
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture(scope="module")
def guarded(postgresql: str) -> Iterator[str]:
    """The URL, without user and password, of a database that the user `guarded` may use."""
    with psycopg.connect(postgresql, autocommit=True) as admin:
        admin.execute("CREATE ROLE guarded LOGIN PASSWORD 'another'")
        row = admin.execute("SHOW hba_file").fetchone()
        assert row
        file = Path(row[0])
        before = file.read_text(encoding="utf-8")
        file.write_text(
            f"local all guarded scram-sha-256\nhost all guarded all scram-sha-256\n{before}",
            encoding="utf-8",
        )
        admin.execute("SELECT pg_reload_conf()")
        server = make_url(postgresql)
        yield URL.create(
            "postgresql", None, None, server.host, server.port, server.database, server.query
        ).render_as_string()
        file.write_text(before, encoding="utf-8")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("DROP ROLE guarded")


@pytest.mark.parametrize("command", USING_THE_DATABASE)
@pytest.mark.parametrize("character", "@/#%?:")
def test_no_part_of_a_password_is_shown(
    guarded: str, folder: str, command: str, character: str
) -> None:
    """A password that breaks the URL is printed by no command, not even in part."""
    for password in (
        LEFT + character + RIGHT,
        LEFT + quote(character, safe="") + RIGHT,
        f"{LEFT}{character}{LEFT}@{RIGHT}",
    ):
        for user in ("guarded:", "guarded", f"gua{character}rded:"):
            url = guarded.replace("postgresql://", f"postgresql://{user}{password}@", 1)
            said = failure(command, url, folder)

            assert LEFT not in said
            assert RIGHT not in said
            assert "%40" in said  # how to write it


def test_a_password_with_escaped_characters_works(
    postgresql: str, guarded: str, folder: str
) -> None:
    """A password with special characters works when it is escaped in the URL."""
    password = "p@/#%?:"  # noqa: S105 - what is tested
    with psycopg.connect(postgresql, autocommit=True) as admin:
        admin.execute(f"ALTER ROLE guarded PASSWORD '{password}'".encode())

    url = guarded.replace("postgresql://", f"postgresql://guarded:{quote(password, safe='')}@", 1)

    assert "has no tables yet" in failure("publish", url, folder)


@pytest.mark.parametrize(
    "password", ["p@/#%?:", "a b", "$HOME", "${X}", "%40", "'\"\\", " x ", "ü"]
)
def test_a_password_of_its_own_setting_works_as_it_is(
    postgresql: str, guarded: str, folder: str, password: str
) -> None:
    """In KAIYAKU_DATABASE_PASSWORD a password is used as it is, without escapes."""
    with psycopg.connect(postgresql, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER ROLE guarded PASSWORD {}").format(sql.Literal(password)))
    url = guarded.replace("postgresql://", "postgresql://guarded@", 1)

    done = run_here("publish", catalogue=folder, database_url=url, database_password=password)

    assert "has no tables yet" in done.stderr


@pytest.mark.parametrize("command", USING_THE_DATABASE)
def test_an_unusable_postgresql_is_one_line(postgresql: str, folder: str, command: str) -> None:
    """A wrong host, port, database, user or option is one line with the fix."""
    named = make_url(postgresql).set(drivername="postgresql")
    cases = {
        "postgresql://u:p@127.0.0.1:1/x": (
            "PostgreSQL at 127.0.0.1:1 accepts no connections. Start it"
        ),
        "postgresql://u:p@nowhere.invalid/x": (
            "host of KAIYAKU_DATABASE_URL is unknown. Correct it: PostgreSQL at nowhere.invalid"
        ),
        named.set(database="nowhere").render_as_string(
            hide_password=False
        ): "has no such database. Create it",
        named.set(username="nobody").render_as_string(
            hide_password=False
        ): "refuses this user and password",
        "postgresql://u:p@127.0.0.1/x?nothing=1": (
            "has an option after ? that the driver does not know"
        ),
    }
    for url, words in cases.items():
        assert words in failure(command, url, folder)


@pytest.mark.parametrize("command", ["prepare", "migrate"])
def test_a_read_only_postgresql_is_one_line(
    postgresql: str, tmp_path: Path, folder: str, command: str
) -> None:
    """A migration on a read-only server is one line that names the cause."""
    databases = Databases("postgresql", tmp_path, postgresql)
    url = databases.empty()
    with psycopg.connect(postgresql, autocommit=True) as admin:
        name = make_url(url).database
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())

    assert "is read-only: a standby" in failure(command, url, folder)
    databases.drop(url)


@pytest.mark.parametrize("command", USING_THE_DATABASE)
def test_a_file_that_is_no_database_is_one_line(tmp_path: Path, folder: str, command: str) -> None:
    """A text file, a truncated one, or a folder in place of the SQLite file is one line."""
    text_file, truncated = tmp_path / "text.sqlite3", tmp_path / "truncated.sqlite3"
    text_file.write_text("This is no database. " * 100, encoding="utf-8")
    whole = Database(f"sqlite:///{tmp_path}/whole.sqlite3")
    migrate.upgrade(whole)
    whole.close()
    truncated.write_bytes((tmp_path / "whole.sqlite3").read_bytes()[:6000])

    assert f"{text_file} is not an SQLite database. Name another" in failure(
        command, f"sqlite:///{text_file}", folder
    )
    assert f"{truncated} is damaged. Restore it" in failure(
        command, f"sqlite:///{truncated}", folder
    )
    assert f"{tmp_path} is a folder. Name a file" in failure(
        command, f"sqlite:///{tmp_path}", folder
    )
    assert "does not exist" in failure(command, f"sqlite:///{tmp_path}/none/own.sqlite3", folder)


@pytest.mark.parametrize("command", ["publish", "purge"])
def test_an_unmigrated_database_is_one_line(
    databases: Databases, folder: str, command: str
) -> None:
    """A database without tables is one line with the command that makes them."""
    url = databases.empty()
    database = Database(url)
    database.engine.connect().close()  # makes the file
    database.close()

    assert "has no tables yet, or those of an older version. Run: kaiyaku migrate" in failure(
        command, url, folder
    )
    databases.drop(url)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of an unprivileged user, who runs the test from here on: root may write any file."""
    folder = Path(tempfile.mkdtemp(prefix="kaiyaku-"))
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if os.getuid() == 0:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_missing_permission_is_one_line(unprivileged: Path) -> None:
    """A file that the user may not read or write is one line with its path."""
    url = f"sqlite:///{unprivileged}/own.sqlite3"
    folder = builders.write(
        unprivileged / "catalogue", {"example": {"cancel": builders.procedure()}}
    )
    assert run_here("migrate", database_url=url).code == 0
    vocabulary = folder / "vocabulary.yaml"

    vocabulary.chmod(0)
    assert (
        failure("publish", url, str(folder))
        == f"{vocabulary}: Permission denied. Give this user the permission."
    )
    vocabulary.chmod(0o600)
    (unprivileged / "own.sqlite3").chmod(0o400)
    unprivileged.chmod(0o500)
    for command in ("serve", "prepare", "migrate", "publish", "purge"):
        assert f"{unprivileged}/own.sqlite3 cannot be written by this user." in failure(
            command, url, str(folder)
        )
    new = f"sqlite:///{unprivileged}/new.sqlite3"
    assert "new.sqlite3 cannot be opened by this user." in failure("prepare", new, str(folder))
    unprivileged.chmod(0o700)


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    """A full disk is one line with the path of the SQLite file.

    SQLite's bound on pages causes the same code at the same place.
    """
    file = tmp_path / "own.sqlite3"
    database = Database(f"sqlite:///{file}")
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA max_page_count = 2")
        assert pages.scalar() == 2
        with pytest.raises(Exception, match="full") as error:
            connection.exec_driver_sql("CREATE TABLE a AS SELECT zeroblob(100000) AS b")
    database.close()

    assert (
        errors.explain(error.value, database.url)
        == f"The disk that holds {file} is full. Free space, then run the command again."
    )


def test_an_unexpected_error_is_one_line_without_values(
    monkeypatch: pytest.MonkeyPatch, folder: str, tmp_path: Path
) -> None:
    """An error in the code is one line with its class and place, and without its message."""

    def broken(*_: object) -> None:
        raise LookupError(LEFT)

    monkeypatch.setattr("app.catalogue.authoring.checks.run.read", broken)

    said = run_here("check", "--catalogue", folder)

    assert said.code == 1
    assert said.stderr.startswith("Unexpected LookupError in test_failures.py:")
    assert LEFT not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_command_with_one_word(tmp_path: Path) -> None:
    """SIGINT ends a command with `Stopped.` and the exit code 130."""
    (tmp_path / "carriers").mkdir()
    os.mkfifo(tmp_path / "vocabulary.yaml")  # reading it waits until the signal
    process = start("check", "--catalogue", str(tmp_path), zzz="1")
    assert process.stderr
    assert "KAIYAKU_ZZZ is not a setting" in process.stderr.readline()  # it has begun
    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=60)[1].splitlines()[-1] == "Stopped."
    assert process.returncode == 130
