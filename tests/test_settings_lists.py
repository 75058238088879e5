"""Four lists of settings agree: the code's, .env.example's, docker compose's, and the table's."""

import io
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from dotenv import dotenv_values

from app.cli.environment import FILE_NAMES, NAMES
from app.settings import ROOT, Settings
from app.settings_files import FROM_FILE
from tests.cli.command import run_here

EVERY: Final = {*NAMES, *FILE_NAMES}
SERVICES: Final = ("publish", "api")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def compose(name: str = "docker-compose.yml") -> Any:  # noqa: ANN401 - a YAML document
    return yaml.safe_load(text(name))


def examples() -> dict[str, str]:
    """The examples of .env.example, with their comment signs taken off."""
    lines = re.findall(r"^#?(KAIYAKU_[A-Z_]+=.*)$", text(".env.example"), re.MULTILINE)
    return {name: value or "" for name, value in dotenv(lines).items()}


def dotenv(lines: list[str]) -> dict[str, str | None]:
    return dotenv_values(stream=io.StringIO("\n".join(lines)), interpolate=False)


def test_env_example_lists_every_setting() -> None:
    """.env.example has a line for each variable of the service."""
    assert set(examples()) == EVERY


def test_env_examples_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values of .env.example are valid settings."""
    for name, value in examples().items():
        monkeypatch.setenv(name, value)

    assert Settings().contact == examples()["KAIYAKU_CONTACT"]


@pytest.mark.parametrize("service", SERVICES)
def test_compose_passes_every_setting(service: str) -> None:
    """Both services of docker compose pass on every variable."""
    environment = compose()["services"][service]["environment"]

    assert set(environment) == EVERY


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("from_files", [False, True])
def test_the_command_sees_what_compose_passes(
    tmp_path: Path, service: str, *, from_files: bool
) -> None:
    """In the container `kaiyaku settings` names the variable that each setting comes from."""
    passed = compose()["services"][service]["environment"]
    given = {
        name.removeprefix("KAIYAKU_").lower(): OTHER_VALUES[name]
        for name in passed
        if not name.endswith("_FILE")
    }
    for name in FROM_FILE if from_files else ():
        path = tmp_path / name
        path.write_text(given.pop(name), encoding="utf-8")
        given[f"{name}_file"] = str(path)

    seen = json.loads(run_here("settings", **given).stdout)

    assert {entry["from"].removeprefix("KAIYAKU_").lower() for entry in seen.values()} == set(given)
    unchanged = {name for name, entry in seen.items() if entry["value"] == default(name)}
    assert not unchanged


OTHER_VALUES: Final = {
    "KAIYAKU_DATABASE_URL": "postgresql://kaiyaku@db.example/kaiyaku",
    "KAIYAKU_DATABASE_PASSWORD": "p@/#%$: x",
    "KAIYAKU_DATABASE_PREPARED": "false",
    "KAIYAKU_DATABASE_POOL": "11",
    "KAIYAKU_DATABASE_TIMEOUT": "5",
    "KAIYAKU_DATABASE_STATEMENT_TIMEOUT": "4",
    "KAIYAKU_DATABASE_LOCK_TIMEOUT": "3",
    "KAIYAKU_SECRET": "s" * 32,
    "KAIYAKU_SECRET_PREVIOUS": "p" * 32,
    "KAIYAKU_CATALOGUE": "/elsewhere",
    "KAIYAKU_CACHE_BYTES": "1",
    "KAIYAKU_CHANGES_PER_MINUTE": "2",
    "KAIYAKU_COMPUTATIONS_PER_MINUTE": "3",
    "KAIYAKU_RATE_STORE": "redis://:p@127.0.0.1:1/0",
    "KAIYAKU_TRUSTED_PROXIES": "10.0.0.0/8",
    "KAIYAKU_PUBLIC_URL": "https://example.org/kaiyaku",
    "KAIYAKU_CONTACT": "mailto:security@example.org",
    "KAIYAKU_WORKERS": "2",
    "KAIYAKU_GRACE_SECONDS": "30",
    "KAIYAKU_LOG_LEVEL": "debug",
}
"""A value of each setting that is not its default."""


def default(name: str) -> object:
    return Settings.model_fields[name.removeprefix("KAIYAKU_").lower()].default


@pytest.mark.parametrize("service", SERVICES)
def test_compose_passes_values_as_they_are(service: str) -> None:
    """Only the URL has a default of its own, and no password is put into it."""
    environment = compose()["services"][service]["environment"]

    changed = {name: value for name, value in environment.items() if value is not None}
    assert changed == {
        "KAIYAKU_DATABASE_URL": "${KAIYAKU_DATABASE_URL-postgresql://kaiyaku@database:5432/kaiyaku}"
    }


def test_compose_names_only_settings() -> None:
    """The files of docker compose name no other variables with our prefix."""
    files = text("docker-compose.yml") + text("docker-compose.secrets.yml")

    assert set(re.findall(r"KAIYAKU_[A-Z_]+", files)) <= EVERY


def test_compose_stops_later_than_the_service() -> None:
    """Docker waits five seconds longer than the service takes to stop."""
    period = compose()["services"]["api"]["stop_grace_period"]
    default = Settings.model_fields["grace_seconds"].default

    assert period == f"${{KAIYAKU_GRACE_SECONDS:-{default}}}s5000ms"


@pytest.mark.parametrize("service", SERVICES)
def test_compose_mounts_the_secrets_that_it_names(service: str) -> None:
    """Each file that a `_FILE` variable names is mounted."""
    document = compose("docker-compose.secrets.yml")
    mounted = {f"/run/secrets/{name}" for name in document["services"][service]["secrets"]}
    named = re.findall(r"export KAIYAKU_\w+_FILE=(\S+)", text("docker-compose.secrets.yml"))

    assert mounted == set(named)


def test_the_table_lists_every_setting() -> None:
    """The table of docs/operations.md has every variable, and marks those with a file."""
    page = text("docs/operations.md").partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(KAIYAKU_[A-Z_]+)` \|.*\|(.*)\|$", page, re.MULTILINE)
    with_file = {f"{name}_FILE" for name, meaning in rows if "with `_FILE`" in meaning}

    assert {name for name, _ in rows} == set(NAMES)
    assert with_file == set(FILE_NAMES)
    assert with_file <= set(re.findall(r"`(KAIYAKU_[A-Z_]+_FILE)`", page))


def test_the_table_has_the_defaults() -> None:
    """Each default in the table of docs/operations.md is that of the code."""
    page = text("docs/operations.md").partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = dict(
        re.findall(r"^\| `KAIYAKU_([A-Z_]+)` \| `([^`/]+|memory://)` \|", page, re.MULTILINE)
    )

    for name, default in rows.items():
        assert str(Settings.model_fields[name.lower()].default).lower() == default, name
    assert len(rows) > len(Settings.model_fields) / 2


@pytest.mark.parametrize("field", FROM_FILE)
def test_a_setting_from_a_file_is_a_setting(field: str) -> None:
    """Each setting that can be read from a file is a field of the settings."""
    assert field in Settings.model_fields


@pytest.mark.parametrize("value", ["p@/#%$: x", "a#b #c", 'a"b', " x ", "it's"])
def test_quoted_as_documented_a_value_stays(value: str) -> None:
    """The rule of .env.example; compose replaces no variable between single quotes."""
    quoted = value.replace("'", r"\'")

    assert dotenv([f"KAIYAKU_SECRET='{quoted}'"]) == {"KAIYAKU_SECRET": value}
