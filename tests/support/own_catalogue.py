"""The project's own catalogue, for tests with the mark `own_catalogue`.

Every other test uses the sample catalogue, so that editing a carrier's file breaks no test of the
code (`tests/conftest.py` and `scripts/conventions.py` enforce it).
"""

import shutil
from functools import cache
from pathlib import Path

from app.catalogue.authoring.checks.run import check
from app.catalogue.authoring.loader import Catalogue
from app.settings import ROOT
from tests.support.builders import TODAY


@cache
def own_catalogue() -> Catalogue:
    """Return the project's catalogue, which has no findings but warnings."""
    catalogue, findings = check(ROOT / "catalogue", TODAY)
    assert catalogue is not None, findings
    assert not [finding for finding in findings if not finding.warning]
    return catalogue


def copy_own_catalogue(folder: Path) -> Path:
    """Copy the files of the project's catalogue, for a test that changes them."""
    return shutil.copytree(ROOT / "catalogue", folder)
