"""The secret file of a service on SQLite: whole, shared by all, refused when short."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from app import secret_file
from app.settings import Settings

ROUNDS = 100
PROCESSES = 3


def start_many_times(barrier: Barrier, folder: Path, number: int) -> None:
    """Read the secret of each round at the same moment as other processes, and note it."""
    read = []
    for round_ in range(ROUNDS):
        barrier.wait()
        read.append(secret_file.read_or_create(folder / f"secret-{round_}").hex())
    (folder / f"read-by-{number}").write_text("\n".join(read))


def test_first_starts_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    """Processes that start together read the same new secret, and leave no draft."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(PROCESSES)
    starts = [
        spawn.Process(target=start_many_times, args=(barrier, tmp_path, number))
        for number in range(PROCESSES)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join(timeout=60)

    read = [(tmp_path / f"read-by-{number}").read_text().split("\n") for number in range(PROCESSES)]
    assert read[0] == read[1] == read[2]
    assert len(set(read[0])) == ROUNDS
    assert not list(tmp_path.glob(".secret*"))  # no draft is left


def test_bytes_reach_the_disk_before_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves the whole secret or no file: the order of these calls decides."""
    calls: list[str] = []
    files: dict[int, str] = {}

    def note(name: str, subject: Callable[..., str]) -> None:
        real = getattr(os, name)

        def noted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - of any function
            result = real(*arguments, **named)
            if name == "open":
                files[result] = "folder" if Path(arguments[0]) == tmp_path else "draft"
            calls.append(f"{name} {subject(*arguments)}")
            return result

        monkeypatch.setattr(os, name, noted)

    note("open", lambda path, *_: "folder" if Path(path) == tmp_path else "draft")
    note("write", lambda descriptor, _: files[descriptor])
    note("fsync", lambda descriptor: files[descriptor])
    note(
        "link",
        lambda draft, path: (
            f"{'draft' if Path(draft).parent == tmp_path else draft} as {Path(path).name}"
        ),
    )
    secret_file.read_or_create(tmp_path / "secret")

    assert calls == [
        "open draft",
        "write draft",
        "fsync draft",
        "link draft as secret",
        "open folder",
        "fsync folder",
    ]


def test_a_secret_is_for_its_owner_only_and_stays(tmp_path: Path) -> None:
    """A new secret is long enough, readable by its owner only, and read again later."""
    path = tmp_path / "secret"

    first = secret_file.read_or_create(path)

    assert len(first) >= secret_file.SHORTEST
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret_file.read_or_create(path) == first
    assert secret_file.exposure(path) is None


@pytest.mark.parametrize("content", [b"", b"s" * 31])
def test_a_short_secret_is_refused_with_the_fix(tmp_path: Path, content: bytes) -> None:
    """A secret of fewer than 32 bytes is refused and left as it is."""
    path = tmp_path / "secret"
    path.write_bytes(content)

    with pytest.raises(
        secret_file.SecretFileError, match=f"{len(content)} bytes, fewer than 32.* delete it"
    ):
        secret_file.read_or_create(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o666])
def test_a_secret_open_to_others_is_warned_about(tmp_path: Path, mode: int) -> None:
    """A file that others may read or write gives a warning with the command to fix it."""
    path = tmp_path / "secret"
    secret_file.read_or_create(path)
    path.chmod(mode)

    assert f"chmod 600 {path}" in (secret_file.exposure(path) or "")


def test_the_secret_is_next_to_the_sqlite_file(tmp_path: Path) -> None:
    """A service on SQLite keeps its secret in `<file>.secret` next to the database."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/own.sqlite3")

    secret = settings.secrets()[0]

    assert (tmp_path / "own.sqlite3.secret").read_bytes() == secret


def test_a_previous_secret_alone_issues_nothing(tmp_path: Path) -> None:
    """With only a previous secret, new tokens are issued with the one from the file."""
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{tmp_path}/own.sqlite3", "secret_previous": "p" * 32}
    )

    newest, previous = settings.secrets()

    assert newest == (tmp_path / "own.sqlite3.secret").read_bytes()
    assert previous == b"p" * 32
