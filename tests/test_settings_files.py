"""Secrets come from files too, and passwords reach the URL whatever characters they have."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from app.cli.settings_report import HIDDEN
from app.settings import Settings
from app.settings_files import FROM_FILE
from tests.cli.command import kaiyaku, run_here

VALUES = {
    "database_url": "postgresql://kaiyaku@db.example/kaiyaku?application_name=Zq7Zq7",
    "database_password": "Zq7@/#%$: x",
    "secret": "Zq7" * 12,
    "secret_previous": "Xw9Zq7" * 6,
    "rate_store": "redis://:Zq7@127.0.0.1:1/0",
}
HARD = ["p@/#%?:", "a b", "$HOME", "${X}", "100%", "%40", "'\"\\", "ü解約", " x ", "a+b"]


def place(monkeypatch: pytest.MonkeyPatch, folder: Path, field: str, content: bytes) -> Path:
    """Write the content into a file, and name the file in the setting's variable."""
    path = folder / field
    path.write_bytes(content)
    monkeypatch.setenv(f"KAIYAKU_{field.upper()}_FILE", str(path))
    return path


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_secret_is_read_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: bytes
) -> None:
    """Each `_FILE` variable gives its setting, without the end of the line."""
    for field, value in VALUES.items():
        place(monkeypatch, tmp_path, field, value.encode() + end)

    settings = Settings()

    assert settings.secrets() == (VALUES["secret"].encode(), VALUES["secret_previous"].encode())
    assert settings.rate_store == VALUES["rate_store"]
    assert make_url(settings.database_url).password == VALUES["database_password"]
    assert "application_name=Zq7Zq7" in settings.database_url


def missing(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"\n")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def binary(path: Path) -> None:
    path.write_bytes(b"Zq7\xff" * 20)


def endless(path: Path) -> None:
    path.write_bytes(b"Zq7" * 100_000)


@pytest.mark.parametrize("spoil", [missing, empty, folder, pipe, binary, endless])
@pytest.mark.parametrize("field", FROM_FILE)
def test_a_useless_file_is_one_line(
    tmp_path: Path, field: str, spoil: Callable[[Path], None]
) -> None:
    """A file that is missing, empty, no file, binary or endless is one line of error."""
    path = tmp_path / "Zq7"
    path.write_bytes(VALUES[field].encode())
    spoil(path)

    done = run_here("serve", "--port", "0", **{f"{field}_file": str(path)})

    assert done.code == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"KAIYAKU_{field.upper()}_FILE names" in done.stderr
    assert "Zq7" not in done.stderr  # the path too: it may be a secret in the wrong variable


@pytest.mark.parametrize("field", FROM_FILE)
def test_an_unreadable_file_is_one_line(tmp_path: Path, field: str) -> None:
    """A file without permission to read is one line of error."""
    path = tmp_path / "value"
    path.write_bytes(VALUES[field].encode())
    path.chmod(0)
    tmp_path.chmod(0o711)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        done = run_here("status", **{f"{field}_file": str(path)})
    finally:
        if root:
            os.seteuid(0)

    assert done.code == 1
    assert "cannot be read (Permission denied)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("field", FROM_FILE)
def test_a_setting_given_twice_is_one_line(tmp_path: Path, field: str) -> None:
    """A setting and its `_FILE` together are one line of error that names both."""
    path = tmp_path / "value"
    path.write_bytes(VALUES[field].encode())

    done = run_here("migrate", **{field: VALUES[field], f"{field}_file": str(path)})

    assert done.code == 1
    name = f"KAIYAKU_{field.upper()}"
    assert done.stderr == f"{name}: {name}_FILE is set too. Remove one of the two.\n"


def test_every_wrong_setting_is_listed_at_once(tmp_path: Path) -> None:
    """Three wrong settings are three lines."""
    done = run_here("migrate", secret_file=str(tmp_path / "none"), workers="0", rate_store="x")

    assert sorted(line.partition(":")[0] for line in done.stderr.splitlines()) == [
        "KAIYAKU_RATE_STORE",
        "KAIYAKU_SECRET",
        "KAIYAKU_WORKERS",
    ]


@pytest.mark.parametrize("password", HARD)
def test_a_password_reaches_the_url_as_it_is(password: str) -> None:
    """Any characters of a password are the same in the database URL."""
    settings = Settings.model_validate(
        {"database_url": "postgresql://kaiyaku@db.example:5433/k", "database_password": password}
    )

    url = make_url(settings.database_url)
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "kaiyaku",
        password,
        "db.example",
        5433,
        "k",
    )


@pytest.mark.parametrize(
    "place", ["/d?host=a%3A1&host=b%3A2&target_session_attrs=read-write", "%2Fvar%2Frun/d"]
)
def test_the_rest_of_the_url_is_unchanged(place: str) -> None:
    """Hosts, sockets and options are as they were without the password."""
    settings = Settings.model_validate(
        {"database_url": f"postgresql://k@{place}", "database_password": "p"}
    )

    assert make_url(settings.database_url) == make_url(f"postgresql+psycopg://k:p@{place}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is not a PostgreSQL URL"),
        ("sqlite:////srv/k.sqlite3", "is not a PostgreSQL URL"),
        ("postgresql://db.example/k", "names no user"),
        ("postgresql://k:Xw9@db.example/k", "Remove one"),
        ("postgresql://k@db.example/k?password=Xw9", "Remove one"),
    ],
)
def test_a_password_without_a_place_is_one_line(url: str, words: str) -> None:
    """A password without a PostgreSQL user, or beside another password, is one line of error."""
    done = run_here("status", database_url=url, database_password=VALUES["database_password"])

    assert done.code == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Zq7" not in done.stderr
    assert "Xw9" not in done.stderr


def test_no_secret_is_printed(tmp_path: Path) -> None:
    """`kaiyaku settings` hides every secret, and names the variable it comes from."""
    shown = run_here("settings", **VALUES)
    path = tmp_path / "secret"
    path.write_text(VALUES["secret"])
    from_file = run_here("settings", secret_file=str(path))

    assert shown.code == 0
    assert "Zq7" not in shown.stdout + from_file.stdout
    assert shown.stdout.count(HIDDEN) == len(VALUES) - 1
    assert "PostgreSQL at db.example" in shown.stdout
    assert '"from": "KAIYAKU_SECRET_FILE"' in from_file.stdout


def test_no_error_and_no_description_holds_a_value() -> None:
    """Neither the settings as text nor their validation errors hold a value."""
    settings = Settings.model_validate(VALUES)
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(VALUES | {"secret": "Zq7", "rate_store": "Zq7", "workers": "Zq7"})

    assert "Zq7" not in repr(settings)
    assert "Zq7" not in str(refused.value)


def test_the_old_name_of_the_password_is_warned_about() -> None:
    """The variable of an old release gives a warning."""
    done = kaiyaku("schema", "glossary", postgres_password="p")  # noqa: S106 - the old name

    assert "KAIYAKU_POSTGRES_PASSWORD is not a setting" in done.stderr
