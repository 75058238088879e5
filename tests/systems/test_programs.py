"""A missing program skips its tests and names the package; in CI it fails them."""

from pathlib import Path

import pytest

from tests.systems import programs


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [
        ("", pytest.skip.Exception),
        ("true", pytest.fail.Exception),
    ],
)
def test_a_missing_program_names_its_package(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ci: str,
    outcome: type[Exception],
) -> None:
    """A missing program skips the test with its package; with CI=true it fails it."""
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="nginx is not installed: apt-get install nginx-light"):
        programs.find("nginx", str(tmp_path))
