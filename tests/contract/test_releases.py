"""Each release keeps its contract, so that later ones can be compared with it."""

import json
import re
import tomllib

import pytest

from app.settings import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
RELEASES = sorted(path.name for path in (ROOT / "releases").iterdir())


def test_the_current_version_is_a_release() -> None:
    """The version of the package has a contract and a heading with a date in the changelog."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert VERSION in RELEASES
    assert re.search(rf"^## {re.escape(VERSION)} - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)


@pytest.mark.parametrize("version", RELEASES)
def test_a_kept_contract_is_of_its_release(version: str) -> None:
    """A contract states the version of the folder that it is kept in."""
    contract = json.loads((ROOT / "releases" / version / "openapi.json").read_text("utf-8"))

    assert contract["info"]["version"] == version
