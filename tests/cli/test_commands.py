"""The `kaiyaku` command: arguments, help, schemas, and publishing from an empty database."""

import json
import subprocess
import sys
from importlib import metadata

import pytest

from app.settings import Settings
from tests.cli.command import kaiyaku, run_here, start


def test_python_runs_the_package_as_the_command() -> None:
    """`python -m app` is the command `kaiyaku`."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("kaiyaku ")


def test_migrate_then_publish_then_publish_again(url: str, folder: str) -> None:
    """`publish` makes edition 1 of a migrated database; doing it again changes nothing."""
    assert kaiyaku("migrate", database_url=url).returncode == 0
    assert (
        "Edition 1 is published: 1 procedures added"
        in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    )
    assert (
        "Edition 1 is served already"
        in kaiyaku("publish", database_url=url, catalogue=folder).stdout
    )


def test_prepare_migrates_and_publishes(url: str, folder: str) -> None:
    """`prepare` does both on an empty database, and nothing the second time."""
    first, second = (kaiyaku("prepare", database_url=url, catalogue=folder) for _ in range(2))

    assert (first.returncode, first.stderr) == (0, "")
    assert "The schema is up to date.\nEdition 1 is published" in first.stdout
    assert (second.returncode, "Edition 1 is served already" in second.stdout) == (0, True)


def test_help_names_the_settings() -> None:
    """`kaiyaku -h` lists every setting; the help of a command lists only those that it reads."""
    helped, version = kaiyaku("-h"), kaiyaku("--version")
    of_commands = {name: run_here(name, "-h").stdout for name in ("publish", "openapi")}

    assert (helped.returncode, version.returncode) == (0, 0)
    assert all(f"KAIYAKU_{name.upper()}" in helped.stdout for name in Settings.model_fields)
    assert version.stdout == f"kaiyaku {metadata.version('kaiyaku')}\n"
    assert "KAIYAKU_DATABASE_PREPARED, KAIYAKU_CATALOGUE" in of_commands["publish"]
    assert "KAIYAKU_" not in of_commands["openapi"]


def test_a_closed_output_causes_no_traceback(url: str, folder: str) -> None:
    """If the reader of the output closes it early, the command prints no error."""
    for arguments in (["status"], ["openapi"], ["schema", "procedure"]):
        process = start(*arguments, database_url=url, catalogue=folder)
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
    """`schema FORM` prints the closed JSON Schema of each form of file."""
    schema = json.loads(run_here("schema", form).stdout)

    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_schema_of_an_unknown_form_is_refused() -> None:
    """`schema` with another name lists the forms."""
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
    """Wrong arguments end the command with one line that names the mistake and the help."""
    ended = run_here(*arguments)

    assert ended.code == 1
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_without_a_command_the_help_is_shown() -> None:
    """`kaiyaku` alone prints the help, and succeeds."""
    ended = kaiyaku()

    assert ended.returncode == 0
    assert ended.stdout == kaiyaku("--help").stdout
