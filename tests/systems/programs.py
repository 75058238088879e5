"""Finds the programs that the second suite needs, or says which Debian package has them."""

import os
import shutil
from typing import Final

import pytest

PACKAGES: Final = {
    "apache2": "apache2",
    "bash": "bash",
    "chromium": "chromium",
    "curl": "curl",
    "nginx": "nginx-light",
    "pgbouncer": "pgbouncer",
    "uuidgen": "uuid-runtime",
}
"""The Debian package of each program; `.ci/run` installs them."""

# Debian puts servers into /usr/sbin, which is not on everybody's PATH.
SEARCH_PATH: Final = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))


def find(name: str, search_path: str = SEARCH_PATH) -> str:
    """Return the path of a program. Without it the test is skipped; with CI=true it fails."""
    path = shutil.which(name, path=search_path)
    if path is None:
        reason = f"{name} is not installed: apt-get install {PACKAGES[name]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
