"""Finds the programs that the systems tests need, or names the Debian package of each."""

import os
import shutil
import subprocess
from typing import Final, NoReturn

import pytest

PACKAGES: Final = {
    "apache2": "apache2",
    "bash": "bash",
    "chromium": "chromium",
    "curl": "curl",
    "nginx": "nginx-light",
    "pgbouncer": "pgbouncer",
    "uuidgen": "uuid-runtime",
    "libical": "gir1.2-ical-3.0 python3-gi",
}
"""The Debian package of each program; `.ci/run` installs them."""

# Debian installs servers into /usr/sbin, which is not on every PATH.
SEARCH_PATH: Final = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))


def find(name: str, search_path: str = SEARCH_PATH) -> str:
    """Return the path of a program. If it is missing, skip the test, or fail it with CI=true."""
    path = shutil.which(name, path=search_path)
    return path or _missing(name)


def find_libical() -> str:
    """Return a Python that can load libical: Debian's, with its own packages."""
    python = "/usr/bin/python3"
    load = "import gi; gi.require_version('ICalGLib', '3.0')"
    try:
        subprocess.run([python, "-c", load], check=True, capture_output=True)  # noqa: S603 - ours
    except (OSError, subprocess.CalledProcessError):
        return _missing("libical")
    return python


def _missing(name: str) -> NoReturn:
    reason = f"{name} is not installed: apt-get install {PACKAGES[name]}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
