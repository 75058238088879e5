"""The smallest example in docs/catalogue.md is a carrier that the checker accepts."""

import re
import shutil
from pathlib import Path

import pytest

from app.catalogue.authoring.checks.run import check
from app.settings import ROOT
from tests.support.builders import TODAY

pytestmark = pytest.mark.own_catalogue

EXAMPLE = re.compile(r"`catalogue/(carriers/\S+\.yaml)`:\n\n```yaml\n(.*?)```", re.DOTALL)


def test_the_smallest_example_has_no_findings(tmp_path: Path) -> None:
    """The files of the smallest example, added to the catalogue, have no findings."""
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    folder = shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue")
    files = EXAMPLE.findall(page)
    for path, text in files:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")

    catalogue, findings = check(folder, TODAY)

    assert [path.rpartition("/")[2] for path, _ in files] == ["carrier.yaml", "cancel-online.yaml"]
    assert findings == []
    assert catalogue is not None
    assert "example-mobile" in catalogue.carriers
