"""The `kaiyaku` command, as an operator runs it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, text

from app.catalogue import store
from app.catalogue.codes import Evidence
from app.database import Database, migrate
from app.settings import ROOT, Settings
from tests.cli.command import kaiyaku, run_here, start
from tests.support import builders
from tests.support.databases import Databases


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


def test_python_runs_the_package_as_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("kaiyaku ")


def test_check_lists_every_finding_and_fails(tmp_path: Path) -> None:
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


def test_migrate_then_publish_then_publish_again(url: str, tmp_path: Path) -> None:
    folder = str(builders.write(tmp_path, {"example": {"cancel": builders.procedure()}}))

    assert kaiyaku("migrate", database_url=url).returncode == 0
    assert (
        "Edition 1 is published: 1 procedures added"
        in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    )
    assert (
        "Edition 1 is served already"
        in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    )


def test_a_broken_file_publishes_nothing(url: str, tmp_path: Path) -> None:
    sound = builders.write(tmp_path / "sound", {"example": {"cancel": builders.procedure()}})
    broken = builders.write(
        tmp_path / "broken", {"example": {"cancel": builders.procedure(goal="x")}}
    )
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

    checked, published = (
        kaiyaku("check", "--catalogue", folder),
        kaiyaku("publish", database_url=url, catalogue=folder),
    )

    assert checked.returncode == 0
    assert "carriers/example/cancel.yaml:2: warning: title.en" in checked.stderr
    assert "1 warnings" in checked.stdout
    assert "Edition 1 is published" in published.stdout


def test_status_counts_by_kind_and_names_the_served_edition(url: str, tmp_path: Path) -> None:
    third_party = builders.source(kind="third_party", copy_dated="2021-04")
    one = {
        "carrier": builders.carrier(sources=[third_party]),
        "cancel": builders.procedure(unknowns=[{"text": builders.text()}]),
    }
    other = {
        "carrier": builders.carrier(kind="travel_esim", products=["esim", "physical_sim"]),
        "cancel": builders.procedure(),
    }
    folder = str(builders.write(tmp_path, {"one": one, "other": other}))
    kaiyaku("migrate", database_url=url)
    before = kaiyaku("status", database_url=url, catalogue=folder)
    kaiyaku("publish", database_url=url, catalogue=folder)

    told = kaiyaku("status", database_url=url, catalogue=folder)

    assert told.returncode == 0
    rows = {line.split()[0]: line.split()[1:] for line in told.stdout.splitlines() if line.strip()}
    assert rows["mvno"] == [
        "1",
        "1",
        "1",
        "en",
        "ja",
        "zh-Hans",
        "0",
        "0",
        "0",
        "1",
        "1",
        "2021-04",
    ]
    assert rows["travel_esim"] == [
        "1",
        "1",
        "1",
        "en",
        "ja",
        "zh-Hans",
        "1",
        "0",
        "0",
        "0",
        "0",
        "2026",
    ]
    assert rows["all"] == ["2", "2", "2", "en", "ja", "zh-Hans", "1", "0", "0", "1", "1", "2021-04"]
    assert "2 carriers, 2 procedures, 2 steps, 0 findings." in told.stdout
    assert (before.returncode, "serves nothing yet" in before.stdout) == (1, True)
    assert "serves these files as edition 1" in told.stdout


def test_status_fails_unless_the_database_serves_the_files(
    databases: Databases, tmp_path: Path
) -> None:
    folder = builders.write(tmp_path, {"example": {"cancel": builders.procedure()}})
    url = databases.with_own_catalogue()

    done = kaiyaku("status", "--json", database_url=url, catalogue=str(folder))

    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["catalogue"]["folder"] == str(folder)
    assert said["catalogue"]["findings"] == 0
    assert said["catalogue"]["kinds"]["mvno"] == said["catalogue"]["total"]
    assert said["catalogue"]["total"] == {
        "carriers": 1,
        "procedures": 1,
        "steps": 1,
        "languages": ["en", "ja", "zh-Hans"],
        "evidence": dict.fromkeys(Evidence, 0) | {Evidence.OFFICIAL: 1},
        "unknowns": 0,
        "oldest_source": "2026",
    }
    assert said["database"]["current"] is False
    assert said["database"]["edition"] == 1
    assert "differs from these files. Run: kaiyaku publish" in said["database"]["message"]
    databases.drop(url)


def test_status_of_the_own_catalogue_without_a_database(tmp_path: Path) -> None:
    said = kaiyaku("status", database_url=f"sqlite:///{tmp_path}/nowhere/none.sqlite3")

    assert said.returncode == 1
    carriers = [path for path in (ROOT / "catalogue" / "carriers").iterdir() if path.is_dir()]
    counted = [path for path in carriers if path.name != "generic"]
    assert f"{len(counted)} carriers" in said.stdout
    assert " 0 findings." in said.stdout
    assert f"cannot be read. The folder {tmp_path}/nowhere" in said.stdout
    assert not (tmp_path / "nowhere").exists()


def test_publish_needs_a_migrated_database(databases: Databases, url: str) -> None:
    done = kaiyaku("publish", database_url=url)

    assert done.returncode == 1
    assert f"kaiyaku {'prepare' if databases.backend == 'sqlite' else 'migrate'}" in done.stderr


def test_prepare_migrates_and_publishes(url: str, tmp_path: Path) -> None:
    folder = str(builders.write(tmp_path, {"example": {"cancel": builders.procedure()}}))

    first, second = (kaiyaku("prepare", database_url=url, catalogue=folder) for _ in range(2))

    assert (first.returncode, first.stderr) == (0, "")
    assert "The schema is up to date.\nEdition 1 is published" in first.stdout
    assert (second.returncode, "Edition 1 is served already" in second.stdout) == (0, True)


def test_two_first_migrations_at_once_both_succeed(databases: Databases) -> None:
    """Without a lock the second creates a table that is there already."""
    urls = [databases.empty() for _ in range(2)]
    pairs = [start("migrate", database_url=url) for url in urls for _ in range(2)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in pairs]

    assert ended == [("", 0)] * 4
    for url in urls:
        databases.drop(url)


def test_a_migration_waits_for_one_that_is_not_committed(postgresql: str, tmp_path: Path) -> None:
    """Without the lock the second would fail in CREATE TABLE once the first has committed."""
    databases = Databases("postgresql", tmp_path, postgresql)
    database = Database(databases.empty())
    second: list[subprocess.Popen[str]] = []
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    )

    @event.listens_for(database.engine, "commit")
    def _start_another(_connection: Connection) -> None:
        second.append(start("migrate", database_url=database.url))
        with psycopg.connect(postgresql, autocommit=True) as admin:
            while admin.execute(waiting, [make_url(database.url).database]).fetchone() == (0,):
                assert second[0].poll() is None
                time.sleep(0.05)

    migrate.upgrade(database)
    said, code = second[0].communicate(timeout=60)[1], second[0].returncode
    database.close()

    assert (said, code) == ("", 0)
    databases.drop(database.url)


@pytest.mark.parametrize("command", ["serve", "prepare", "migrate", "publish", "status", "purge"])
def test_a_newer_schema_is_refused_in_one_sentence(newer: str, command: str) -> None:
    done = run_here(
        command,
        *(["--port", "0"] if command == "serve" else []),
        database_url=newer,
        secret="s" * 32,
    )

    assert done.code == 1
    said = done.stdout if command == "status" else done.stderr
    assert "schema is newer than this version of Kaiyaku knows" in said
    assert len(done.stderr.splitlines()) == (0 if command == "status" else 1)


@pytest.fixture(scope="module")
def newer(databases: Databases) -> Iterator[str]:
    """The URL of a database that a newer version has migrated."""
    url = databases.migrated()
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    yield url
    databases.drop(url)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("workers", "0", "greater than or equal to 1"),
        ("database_url", "mysql://x", "sqlite:///"),
        ("database_url", "sqlite://", "name a file"),
        ("trusted_proxies", "10.0.0.0/33", "10.0.0.0/8,fd00::/8"),
        ("trusted_proxies", '["10.0.0.0/8', '["10.0.0.0/8"]'),
        ("grace_seconds", "-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: str, words: str) -> None:
    done = run_here("migrate", **{setting: value})

    assert done.code == 1
    assert f"KAIYAKU_{setting.upper()}" in done.stderr
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_networks_can_be_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAIYAKU_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    with_commas = Settings().trusted_proxies
    monkeypatch.setenv("KAIYAKU_TRUSTED_PROXIES", '["10.0.0.0/8", "fd00::/8"]')

    assert [str(network) for network in with_commas] == ["10.0.0.0/8", "fd00::/8"]
    assert Settings().trusted_proxies == with_commas


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"KAIYAKU_{name.upper()}", "")
        monkeypatch.setenv(f"KAIYAKU_{name.upper()}_FILE", "")

    assert Settings() == expected


def test_a_mistyped_setting_is_warned_about() -> None:
    done = kaiyaku(
        "schema", "glossary", workrs="3", test_postgresql_url="u", rate_stor_file="s", zzz="1"
    )

    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "Warning: KAIYAKU_RATE_STOR_FILE is not a setting; did you mean KAIYAKU_RATE_STORE_FILE?",
        "Warning: KAIYAKU_WORKRS is not a setting; did you mean KAIYAKU_WORKERS?",
        "Warning: KAIYAKU_ZZZ is not a setting; see kaiyaku --help",
    ]


def test_help_and_version_have_short_names_and_name_the_settings() -> None:
    helped, version = kaiyaku("-h"), kaiyaku("--version")
    of_commands = {name: run_here(name, "-h").stdout for name in ("publish", "openapi")}

    assert (helped.returncode, version.returncode) == (0, 0)
    assert all(f"KAIYAKU_{name.upper()}" in helped.stdout for name in Settings.model_fields)
    assert version.stdout == f"kaiyaku {metadata.version('kaiyaku')}\n"
    assert "KAIYAKU_DATABASE_PREPARED, KAIYAKU_CATALOGUE" in of_commands["publish"]
    assert "KAIYAKU_" not in of_commands["openapi"]


def test_long_listings_are_bounded(tmp_path: Path) -> None:
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
def test_what_plainly_is_no_catalogue_is_not_searched(tmp_path: Path, command: str) -> None:
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


def test_a_reader_that_leaves_early_meets_no_traceback(url: str) -> None:
    for arguments in (["status"], ["openapi"], ["schema", "procedure"]):
        process = start(*arguments, database_url=url)
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
        process.stderr.close()
        process.wait(timeout=60)


@pytest.mark.parametrize(
    "form", ["carrier", "procedure", "vocabulary", "glossary", "advice", "retired"]
)
def test_schema_prints_a_json_schema(form: str) -> None:
    schema = json.loads(run_here("schema", form).stdout)

    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_schema_of_something_else_is_refused() -> None:
    assert "Name one of: carrier" in kaiyaku("schema", "poem").stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "'nonsense'. See: kaiyaku --help"),
        (["--nope"], "--nope. See: kaiyaku --help"),
        (["serve", "--port", "x"], "'--port'"),
        (["serve", "--prt", "1"], "(Possible options: --port). See: kaiyaku serve --help"),
        (["schema"], "'kind'. See: kaiyaku schema --help"),
        (["status", "extra"], "See: kaiyaku status --help"),
    ],
)
def test_a_mistake_in_the_arguments_is_one_line(arguments: list[str], words: str) -> None:
    ended = run_here(*arguments)

    assert ended.code == 1
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_without_a_command_the_help_is_shown() -> None:
    ended = kaiyaku()

    assert ended.returncode == 0
    assert ended.stdout == kaiyaku("--help").stdout
