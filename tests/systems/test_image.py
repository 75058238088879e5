"""The image runs under any uid in group 0, and each can use the files of another."""

import multiprocessing
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app import secret_file
from app.cli.preparation import prepare_to_serve
from app.database import Database
from app.folder_modes import create_shared, is_shared
from app.settings import ROOT, Settings
from tests.support import builders

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
FIRST, SECOND = 1_000_660_000, 1_000_770_000


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder as in the image: only its owner and group 0 may use it."""
    if os.geteuid() != 0:
        pytest.skip("only root can run a program under another uid: run this test as root")
    folder = Path(tempfile.mkdtemp(prefix="kaiyaku-"))
    os.chown(folder, 10001, 0)
    folder.chmod(0o770)
    yield folder
    shutil.rmtree(folder)


def serve_once(folder: Path, uid: int, umask: int) -> None:
    """As this user, prepare the folder's database, change it, and end as if killed.

    Runs in a process of its own. All modules are loaded first: the user may not read their files.
    """
    prepare(folder / "loads-all-modules" / "kaiyaku.sqlite3").close()
    os.umask(umask)
    os.setgroups([])
    os.setgid(0)
    os.setuid(uid)
    database = prepare(folder / "kaiyaku.sqlite3")
    with database.write() as session:
        session.connection().execute(text("UPDATE carrier SET id = id"))
    os._exit(0)  # the journals stay


def prepare(file: Path) -> Database:
    """Prepare this file as `serve` does, and open it."""
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{file}", "catalogue": file.parents[0] / "catalogue"}
    )
    prepare_to_serve(settings)
    return Database(settings.database_url)


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_files_of_one_uid_serve_the_next(shared: Path, umask: int) -> None:
    """A user can use the files that another user of group 0 created, whatever the umask."""
    scratch = shared / "loads-all-modules"
    for folder in (shared, scratch):
        builders.write(folder / "catalogue", {"example": {"cancel": builders.procedure()}})
    spawn = multiprocessing.get_context("spawn")
    for uid in (FIRST, SECOND):
        process = spawn.Process(target=serve_once, args=(shared, uid, umask))
        process.start()
        process.join(timeout=120)
        assert process.exitcode == 0, uid

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in shared.glob("kaiyaku.*")}
    assert modes == {
        "kaiyaku.sqlite3": 0o660,
        "kaiyaku.sqlite3-shm": 0o660,
        "kaiyaku.sqlite3-wal": 0o660,
        "kaiyaku.sqlite3.secret": 0o640,
    }


def test_a_secret_that_group_0_shares_is_not_warned_about(shared: Path) -> None:
    """A secret that group 0 can read gets no warning in such a folder; one open to all does."""
    path = shared / "secret"
    secret_file.read_or_create(path)

    assert secret_file.exposure(path) is None
    path.chmod(0o644)
    assert "chmod" in (secret_file.exposure(path) or "")


@pytest.mark.parametrize(("group", "mode"), [(0, 0o755), (65534, 0o775)])
def test_another_folder_is_not_shared(shared: Path, group: int, mode: int) -> None:
    """In a folder open to others, or of another group, the secret is for its owner alone."""
    os.chown(shared, -1, group)
    shared.chmod(mode)

    create_shared(shared / "new.sqlite3")
    secret_file.read_or_create(shared / "secret")

    assert not is_shared(shared)
    assert [path.name for path in shared.iterdir()] == ["secret"]
    assert stat.S_IMODE((shared / "secret").stat().st_mode) == 0o600


def test_the_image_runs_as_a_number_in_group_0() -> None:
    """The image runs as a numeric user in group 0."""
    assert re.search(r"^USER [1-9]\d*:0$", DOCKERFILE, re.MULTILINE)


def test_the_folder_of_the_image_is_for_group_0() -> None:
    """The volume of the image belongs to group 0, which may write to it."""
    volume = re.search(r"^VOLUME (\S+)$", DOCKERFILE, re.MULTILINE)

    assert volume
    assert re.search(rf"chown \d+:0 {volume[1]} ", DOCKERFILE)
    assert re.search(rf"chmod 770 {volume[1]}$", DOCKERFILE, re.MULTILINE)
