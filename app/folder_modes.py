"""Files in a folder that group 0 shares.

OpenShift and the like run an image under any uid, always in group 0, and under another uid after a
move. What one of them has written, the next one must read and write.
"""

import os
import stat
from pathlib import Path
from typing import Final

_GROUP: Final = 0


def is_shared(folder: Path) -> bool:
    """Return whether group 0 owns the folder and may write into it, as in the image."""
    try:
        found = folder.stat()
    except OSError:
        return False
    return found.st_gid == _GROUP and bool(found.st_mode & stat.S_IWGRP)


def create_shared(file: Path) -> None:
    """Make an empty file for its owner and group 0, unless it exists or no folder is shared.

    SQLite makes a file for its owner alone to write, and gives its journals the same mode.
    """
    if not is_shared(file.parent):
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660)
    except OSError:  # it is there already, or SQLite says better what is wrong
        return
    try:
        os.fchmod(descriptor, 0o660)  # the umask does not count here
    finally:
        os.close(descriptor)
