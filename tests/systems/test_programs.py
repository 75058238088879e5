"""A missing program is a skip that names its package; in CI it is a failure."""

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
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="nginx is not installed: apt-get install nginx-light"):
        programs.find("nginx", str(tmp_path))
