"""`kaiyaku check` and the catalogue that commands read: findings, warnings, and no catalogue."""

from pathlib import Path

import pytest

from app.catalogue.authoring.publish import origin
from app.database import Database, migrate
from tests.cli.command import kaiyaku, run_here
from tests.support import builders


@pytest.mark.own_catalogue
def test_check_passes_the_projects_own_catalogue() -> None:
    """The project's own catalogue has no findings: `check` exits with 0."""
    done = kaiyaku("check")

    assert done.returncode == 0
    assert "no findings" in done.stdout


def test_check_lists_every_finding_and_fails(tmp_path: Path) -> None:
    """`check` prints each finding with its file and its fix, and exits with 1."""
    folder = builders.write(
        tmp_path,
        {"example": {"cancel": builders.procedure(outcome="paused", documents=["papyrus"])}},
    )

    done = kaiyaku("check", "--catalogue", str(folder))

    assert done.returncode == 1
    assert "carriers/example/cancel.yaml:" in done.stderr
    assert (
        "outcome: paused is not an outcome of the goal cancel_contract (use contract_ends)"
        in done.stderr
    )
    assert "papyrus" in done.stderr
    assert "2 findings" in done.stderr


def test_a_broken_file_publishes_nothing(url: str, tmp_path: Path) -> None:
    """A catalogue with findings is not published: the edition before stays."""
    sound = builders.write(tmp_path / "sound", {"example": {"cancel": builders.procedure()}})
    broken = builders.write(
        tmp_path / "broken", {"example": {"cancel": builders.procedure(goal="x")}}
    )
    kaiyaku("migrate", database_url=url)
    kaiyaku("publish", database_url=url, catalogue=str(sound))

    done = kaiyaku("publish", database_url=url, catalogue=str(broken))

    database = Database(url)
    source = origin(database)
    database.close()
    assert done.returncode == 1
    assert "carriers/example/cancel.yaml" in done.stderr
    assert source
    assert source.edition == 1


def test_warnings_are_listed_and_prevent_nothing(url: str, tmp_path: Path) -> None:
    """A warning is printed by `check`, which succeeds, and the catalogue is published."""
    glossary = [{"term": "end", "words": builders.text("cancel"), "avoid": {"en": ["terminat"]}}]
    files = {"cancel": builders.procedure(title=builders.text("Terminate it"))}
    folder = str(builders.write(tmp_path, {"example": files}, glossary=glossary))
    kaiyaku("migrate", database_url=url)

    checked, published = (
        kaiyaku("check", "--catalogue", folder),
        kaiyaku("publish", database_url=url, catalogue=folder),
    )

    assert checked.returncode == 0
    assert "carriers/example/cancel.yaml:2: warning: title.en" in checked.stderr
    assert "1 warnings" in checked.stdout
    assert "Edition 1 is published" in published.stdout


def test_long_listings_are_bounded(tmp_path: Path) -> None:
    """`check` prints 50 findings of 400 characters at most; with `--all` it prints all."""
    files = {
        f"way-{number}": builders.procedure(goal="x" * 1000, channel="y") for number in range(40)
    }
    folder = str(builders.write(tmp_path, {"example": files}))

    first, everything = (
        run_here("check", "--catalogue", folder),
        run_here("check", "--all", "--catalogue", folder),
    )

    lines = first.stderr.splitlines()
    assert len(lines) == 52
    assert lines[50] == "… and 31 more; see all with kaiyaku check --all"
    assert max(map(len, lines)) <= 400
    assert len(everything.stderr.splitlines()) == 82


@pytest.mark.parametrize("command", ["check", "publish", "prepare", "status"])
def test_a_folder_that_is_no_catalogue_is_refused(tmp_path: Path, command: str) -> None:
    """A folder without a catalogue, a file, or a missing folder is refused in one line."""
    (tmp_path / "deep.yaml").write_text("a: 1", encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path}/own.sqlite3")
    migrate.upgrade(database)
    database.close()

    mistakes = {
        tmp_path: "is not a catalogue",
        tmp_path / "none": "There is no folder",
        tmp_path / "deep.yaml": "not a folder",
    }
    for folder, words in mistakes.items():
        done = run_here(command, "--catalogue", str(folder), database_url=database.url)

        assert done.code == 1
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
