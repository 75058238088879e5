"""`kaiyaku serve` prepares an SQLite file, lists missing preparations, and prints its address."""

import contextlib
import io
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import text

from app.catalogue.authoring.publish import origin, publish
from app.cli.preparation import prepare_to_serve
from app.database import Database, migrate
from app.settings import Settings
from tests.cli.command import kaiyaku, run_here, start
from tests.support import builders
from tests.support.databases import Databases

FREE_PORT = ("--port", "0")


class Serving(NamedTuple):
    """A running `kaiyaku serve`."""

    address: str
    lines: list[str]
    """What it printed before its address."""

    process: subprocess.Popen[str]


@contextmanager
def serving(*arguments: str, **settings: str) -> Iterator[Serving]:
    """Serve until the block ends."""
    process = start("serve", *FREE_PORT, *arguments, **settings)
    assert process.stdout
    before: list[str] = []
    try:
        for line in process.stdout:
            if line.startswith("Kaiyaku serves on "):
                yield Serving(line.split()[3], before, process)
                return
            before.append(line.rstrip())
        assert process.stderr
        pytest.fail(process.stderr.read())
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def catalogue(folder: Path, **fields: object) -> str:
    """Write a small catalogue, and return its folder."""
    return str(builders.write(folder, {"example": {"cancel": builders.procedure(**fields)}}))


def test_a_new_sqlite_file_is_served_without_settings(tmp_path: Path) -> None:
    """For a new SQLite file, `serve` creates it and a private secret, and publishes."""
    file, folder = tmp_path / "own.sqlite3", catalogue(tmp_path / "catalogue")

    with serving(database_url=f"sqlite:///{file}", catalogue=folder) as served:
        assert served.lines[0] == f"Created the database file {file}."
        assert "Edition 1 is published: 1 procedures added" in served.lines[1]
        assert httpx.get(f"{served.address}/readyz").json()["edition"] == 1
        body = {"carrier": "example", "procedure": "cancel"}
        assert httpx.post(f"{served.address}/v1/sessions", json=body).status_code == 201
    assert (tmp_path / "own.sqlite3.secret").stat().st_mode & 0o777 == 0o600


def test_two_first_starts_on_one_file_both_serve(tmp_path: Path) -> None:
    """Two servers started at once on a new file both serve the same edition."""
    url, folder = f"sqlite:///{tmp_path}/own.sqlite3", catalogue(tmp_path / "catalogue")
    settings = {"database_url": url, "catalogue": folder, "workers": "1"}

    starts = [start("serve", *FREE_PORT, **settings) for _ in range(2)]
    try:
        for process in starts:
            assert process.stdout
            assert any(line.startswith("Kaiyaku serves on ") for line in process.stdout)
    finally:
        for process in starts:
            process.terminate()
            process.communicate(timeout=20)
    database = Database(url)
    source = origin(database)
    database.close()
    assert source
    assert (source.edition, source.folder) == (1, folder)


class Prepared(NamedTuple):
    """The edition that is served after a start was prepared."""

    edition: int
    folder: str | None
    output: str


def prepare(url: str, folder: str) -> Prepared:
    """Prepare a start on the catalogue of this folder."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        prepare_to_serve(Settings.model_validate({"database_url": url, "catalogue": folder}))
    database = Database(url)
    source = origin(database)
    database.close()
    assert source
    return Prepared(source.edition, source.folder, output.getvalue())


def test_a_start_publishes_only_from_the_same_folder(tmp_path: Path) -> None:
    """A start publishes changes of the folder that the edition came from; another it only names."""
    url, own = f"sqlite:///{tmp_path}/own.sqlite3", catalogue(tmp_path / "own")
    other = catalogue(tmp_path / "the other")
    database = Database(url)
    migrate.upgrade(database)
    publish(database, builders.read(Path(own)), tmp_path / "." / "own")
    database.close()

    catalogue(tmp_path / "own", channel="phone")
    assert prepare(url, own)[:2] == (2, own)
    prepared = prepare(url, other)
    assert (prepared.edition, prepared.folder) == (2, own)
    assert f"It was published from {own}, not from {other}. " in prepared.output
    publish_command = f"kaiyaku publish --catalogue {shlex.quote(other)}\n"
    assert f"To publish the latter: {publish_command}" in prepared.output
    assert (
        "Edition 3 is published"
        in kaiyaku("publish", "--catalogue", other, database_url=url).stdout
    )
    assert prepare(url, other)[:2] == (3, other)


def test_an_edition_of_unknown_folder_is_kept(tmp_path: Path) -> None:
    """An edition whose folder was not recorded is kept until `publish` records one."""
    url, folder = f"sqlite:///{tmp_path}/own.sqlite3", catalogue(tmp_path / "catalogue")
    database = Database(url)
    migrate.upgrade(database)
    publish(database, builders.read(Path(folder)))
    database.close()
    catalogue(tmp_path / "catalogue", channel="phone")

    prepared = prepare(url, folder)

    assert (prepared.edition, prepared.folder) == (1, None)
    assert "from a folder that was not recorded" in prepared.output
    catalogue(tmp_path / "catalogue")
    assert "served already" in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    catalogue(tmp_path / "catalogue", channel="phone")
    assert prepare(url, folder)[:2] == (2, folder)


def test_a_file_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """If the folder of the SQLite file does not exist, it is not created, and one line names it."""
    done = run_here("serve", *FREE_PORT, database_url=f"sqlite:///{tmp_path}/none/own.sqlite3")

    assert done.code == 1
    assert (
        done.stderr == f"The folder {tmp_path}/none of KAIYAKU_DATABASE_URL does not exist. "
        "Create it, or correct the path.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_postgresql_lists_everything_that_is_missing(postgresql: str, tmp_path: Path) -> None:
    """On PostgreSQL `serve` lists the secret, the schema and the edition that are missing."""
    databases = Databases("postgresql", tmp_path, postgresql)
    empty, migrated = databases.empty(), databases.migrated()

    nothing = run_here("serve", *FREE_PORT, database_url=empty)
    with_schema = run_here("serve", *FREE_PORT, database_url=migrated, secret="s" * 32)
    away = run_here("serve", *FREE_PORT, database_url="postgresql://u@127.0.0.1:1/x")

    assert (nothing.code, with_schema.code, away.code) == (1, 1, 1)
    lines = nothing.stderr.splitlines()
    assert [line.split(" Run: ")[1] for line in lines] == [
        "export KAIYAKU_SECRET=$(openssl rand -base64 48)",
        "kaiyaku migrate",
        "kaiyaku publish (after that; kaiyaku prepare does both)",
    ]
    assert with_schema.stderr == "No catalogue is published in the database. Run: kaiyaku publish\n"
    assert "KAIYAKU_SECRET is not set" in away.stderr.splitlines()[0]
    assert away.stderr.splitlines()[1].startswith(
        "PostgreSQL at 127.0.0.1:1 accepts no connections."
    )
    databases.drop(empty)
    databases.drop(migrated)


def test_an_unsafe_secret_file_is_reported(tmp_path: Path) -> None:
    """An empty secret file is refused; one that others can read gets a warning."""
    settings = {
        "database_url": f"sqlite:///{tmp_path}/own.sqlite3",
        "catalogue": catalogue(tmp_path / "catalogue"),
    }
    secret = tmp_path / "own.sqlite3.secret"
    secret.touch()

    refused = run_here("serve", *FREE_PORT, **settings)
    secret.write_text("s" * 40)
    secret.chmod(0o644)
    with serving(**settings) as served:
        served.process.terminate()
        assert served.process.stderr
        warning = served.process.stderr.readline()

    assert refused.code == 1
    assert "has 0 bytes" in refused.stderr
    assert warning.startswith("Warning: other users can read or change")


def test_an_unusable_address_is_one_line(tmp_path: Path) -> None:
    """A port in use, or a host unknown or foreign, is one line, and no file is created."""
    url = f"sqlite:///{tmp_path}/own.sqlite3"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = run_here("serve", "--port", port, database_url=url)
    unknown = run_here("serve", "--host", "nowhere.invalid", database_url=url)
    foreign = run_here("serve", "--host", "192.0.2.1", database_url=url)
    empty = run_here("serve", "--host", "", database_url=url)

    assert (
        busy.stderr == f"Port {port} of 127.0.0.1 is in use. "
        "Stop the program that uses it, or choose another with --port.\n"
    )
    assert unknown.stderr.startswith("The host nowhere.invalid is unknown. Use --host 127.0.0.1")
    assert foreign.stderr.startswith("This machine has no address 192.0.2.1. Use --host 127.0.0.1")
    assert empty.stderr.startswith("The host (empty) is unknown.")
    assert [done.code for done in (busy, unknown, foreign, empty)] == [1] * 4
    assert [done.stdout for done in (busy, unknown, foreign, empty)] == [""] * 4
    assert list(tmp_path.iterdir()) == []


def test_every_address_of_the_printed_line_answers(tmp_path: Path) -> None:
    """With `--host 0.0.0.0`, the printed examples are addresses that a browser can open."""
    folder = catalogue(tmp_path / "catalogue")
    settings = {
        "database_url": f"sqlite:///{tmp_path}/own.sqlite3",
        "catalogue": folder,
        "workers": "2",
    }
    everywhere = "0.0.0.0"  # noqa: S104 - browsers cannot open it
    process = start("serve", *FREE_PORT, "--host", everywhere, **settings)
    try:
        assert process.stdout
        line = next(line for line in process.stdout if line.startswith("Kaiyaku serves on "))
        _, *examples = [word for word in line.split() if word.startswith("http://127.0.0.1:")]
        assert [httpx.get(address, timeout=30).status_code for address in examples] == [200, 200]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_table_locked_for_long_is_one_line(postgresql: str, tmp_path: Path) -> None:
    """A migration that waits too long for a table ends with one line."""
    databases = Databases("postgresql", tmp_path, postgresql)
    database = Database(databases.empty())
    migrate.upgrade(database, "0004")
    with database.engine.connect() as other, other.begin():
        other.execute(text("LOCK TABLE edition IN ACCESS SHARE MODE"))
        done = run_here("migrate", database_url=database.url)
    database.close()

    assert done.code == 1
    assert done.stderr.startswith("A table was locked for too long")
    assert len(done.stderr.splitlines()) == 1
    databases.drop(database.url)


def test_only_preparing_commands_create_the_file(tmp_path: Path) -> None:
    """`publish`, `purge` and `status` name the command that creates a missing SQLite file."""
    file = tmp_path / "own.sqlite3"

    for command in ("publish", "purge", "status"):
        done = run_here(command, database_url=f"sqlite:///{file}")
        assert f"There is no database {file} yet. Run: kaiyaku prepare" in done.stdout + done.stderr

    assert not file.exists()
