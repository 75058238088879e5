"""Modes of files in a folder that group 0 shares.

OpenShift and similar platforms run an image under an arbitrary uid in group 0. After a move, the
container can have another uid, and must still read and write the files of the previous one.
"""

import os
import stat
from pathlib import Path
from typing import Final

_GROUP: Final = 0


def is_shared(folder: Path) -> bool:
    """Return whether group 0 owns the folder and may write into it, as in our container image."""
    try:
        status = folder.stat()
    except OSError:
        return False
    return status.st_gid == _GROUP and bool(status.st_mode & stat.S_IWGRP)


def create_shared(file: Path) -> None:
    """Create an empty file that owner and group 0 may write, if its folder is shared.

    SQLite itself creates a file that only its owner may write, and gives its journals the same
    mode. An existing file stays as it is.
    """
    if not is_shared(file.parent):
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660)
    except OSError:  # the file exists, or opening it with SQLite gives a better message
        return
    try:
        os.fchmod(descriptor, 0o660)  # `os.open` applies the umask, `fchmod` does not
    finally:
        os.close(descriptor)
