"""The compose files follow the Compose Specification."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

FILES = ("docker-compose.yml", "docker-compose.secrets.yml")
CHECK = str(Path(sys.executable).with_name("check-jsonschema"))


def check(file: Path) -> subprocess.CompletedProcess[str]:
    """Check the file against the schema of the specification."""
    return subprocess.run(  # noqa: S603 - a pinned package
        [CHECK, "--builtin-schema", "vendor.compose-spec", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", FILES)
def test_a_compose_file_follows_the_specification(name: str) -> None:
    """Each compose file fits the schema of the Compose Specification."""
    done = check(ROOT / name)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mistake_in_a_compose_file_is_found(tmp_path: Path) -> None:
    """A misspelt member is an error of that check."""
    spoiled = tmp_path / "docker-compose.yml"
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    spoiled.write_text(text.replace("read_only:", "readonly:"), encoding="utf-8")

    assert "readonly" in check(spoiled).stdout
