"""The `kaiyaku` command, as an operator runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue import store
from app.database import Database
from tests import builders
from tests.conftest import Databases


def kaiyaku(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these settings, given without their prefix."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAIYAKU_")}
    environment |= {f"KAIYAKU_{name.upper()}": value for name, value in settings.items()}
    command = Path(sys.executable).with_name("kaiyaku")
    return subprocess.run([command, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own command


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """The URL of a database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


def edition(url: str) -> int:
    database = Database(url)
    with database.read() as session:
        number = store.edition(session).number
    database.close()
    return number


def test_check_says_that_the_own_catalogue_is_clean() -> None:
    done = kaiyaku("check")

    assert done.returncode == 0
    assert "no findings" in done.stdout


def test_check_lists_every_finding_and_fails(tmp_path: Path) -> None:
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure(outcome="paused", documents=["papyrus"])}})

    done = kaiyaku("check", "--catalogue", str(folder))

    assert done.returncode == 1
    assert "carriers/example/cancel.yaml:" in done.stderr
    assert "outcome: paused cannot come of the goal cancel_contract (use contract_ends)" in done.stderr
    assert "papyrus" in done.stderr
    assert "2 findings" in done.stderr


def test_migrate_then_publish_then_publish_again(url: str, tmp_path: Path) -> None:
    folder = str(builders.write(tmp_path, {"example": {"cancel": builders.procedure()}}))

    assert kaiyaku("migrate", database_url=url).returncode == 0
    assert "Edition 1 is published: 1 procedures added" in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    assert "Edition 1 is served already" in kaiyaku("publish", database_url=url, catalogue=folder).stdout


def test_a_broken_file_publishes_nothing(url: str, tmp_path: Path) -> None:
    sound = builders.write(tmp_path / "sound", {"example": {"cancel": builders.procedure()}})
    broken = builders.write(tmp_path / "broken", {"example": {"cancel": builders.procedure(goal="x")}})
    kaiyaku("migrate", database_url=url)
    kaiyaku("publish", database_url=url, catalogue=str(sound))

    done = kaiyaku("publish", database_url=url, catalogue=str(broken))

    assert done.returncode == 1
    assert "carriers/example/cancel.yaml" in done.stderr
    assert edition(url) == 1


def test_warnings_are_listed_and_published_all_the_same(url: str, tmp_path: Path) -> None:
    glossary = [{"term": "end", "words": builders.text("cancel"), "avoid": {"en": ["terminat"]}}]
    files = {"cancel": builders.procedure(title=builders.text("Terminate it"))}
    folder = str(builders.write(tmp_path, {"example": files}, glossary=glossary))
    kaiyaku("migrate", database_url=url)

    checked, published = kaiyaku("check", "--catalogue", folder), kaiyaku("publish", database_url=url, catalogue=folder)

    assert checked.returncode == 0
    assert "carriers/example/cancel.yaml:2: warning: title.en" in checked.stderr
    assert "1 warnings" in checked.stdout
    assert "Edition 1 is published" in published.stdout


def test_status_counts_by_kind_and_names_the_served_edition(url: str, tmp_path: Path) -> None:
    third_party = builders.source(kind="third_party", copy_dated="2021-04")
    one = {"carrier": builders.carrier(sources=[third_party]), "cancel": builders.procedure(unknowns=[{"text": builders.text()}])}
    other = {"carrier": builders.carrier(kind="travel_esim", products=["esim", "physical_sim"]), "cancel": builders.procedure()}
    folder = str(builders.write(tmp_path, {"one": one, "other": other}))
    kaiyaku("migrate", database_url=url)
    before = kaiyaku("status", database_url=url, catalogue=folder)
    kaiyaku("publish", database_url=url, catalogue=folder)

    told = kaiyaku("status", database_url=url, catalogue=folder)

    assert told.returncode == 0
    rows = {line.split()[0]: line.split()[1:] for line in told.stdout.splitlines() if line.strip()}
    assert rows["mvno"] == ["1", "1", "1", "en", "ja", "zh-Hans", "0", "0", "0", "1", "1", "2021-04"]
    assert rows["travel_esim"] == ["1", "1", "1", "en", "ja", "zh-Hans", "1", "0", "0", "0", "0", "2026"]
    assert rows["all"] == ["2", "2", "2", "en", "ja", "zh-Hans", "1", "0", "0", "1", "1", "2021-04"]
    assert "2 carriers, 2 procedures, 2 steps, 0 findings." in told.stdout
    assert "another state" in before.stdout
    assert "serves it as edition 1" in told.stdout


def test_status_of_the_own_catalogue_without_a_database(tmp_path: Path) -> None:
    told = kaiyaku("status", database_url=f"sqlite:///{tmp_path}/nowhere/none.sqlite3")

    assert "105 carriers" in told.stdout
    assert " 0 findings." in told.stdout
    assert "cannot be read" in told.stdout


@pytest.mark.parametrize("command", ["publish", "serve"])
def test_a_database_that_is_not_migrated_is_refused_with_the_mend(url: str, command: str) -> None:
    done = kaiyaku(command, database_url=url)

    assert done.returncode == 1
    assert "kaiyaku migrate" in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("workers", "0", "greater than or equal to 1"),
        ("database_url", "mysql://x", "sqlite:///"),
        ("database_url", "sqlite://", "name a file"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: str, words: str) -> None:
    done = kaiyaku("migrate", **{setting: value})

    assert done.returncode == 1
    assert f"KAIYAKU_{setting.upper()}" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["carrier", "procedure", "vocabulary", "glossary", "advice", "retired"])
def test_schema_prints_a_json_schema(form: str) -> None:
    schema = json.loads(kaiyaku("schema", form).stdout)

    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_schema_of_something_else_is_refused() -> None:
    assert "Forms: carrier" in kaiyaku("schema", "poem").stderr
