"""The secret of a service on SQLite: created once, in a file next to the database.

A power cut, or several first starts at once, must never leave a short or empty secret: with one,
anybody could compute every token. So the file appears under its name only when it is complete.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.folder_modes import is_shared

SHORTEST: Final = 32
"""Minimum bytes of a secret; `KAIYAKU_SECRET` has the same minimum."""

_OWNER: Final = 0o600
_OWNER_AND_GROUP: Final = 0o640
"""For a folder that group 0 shares: another user of the group may have to read the file later."""


class SecretFileError(Exception):
    """The secret file cannot be read or created, or is too short; the message states the fix."""


def read_or_create(path: Path) -> bytes:
    """Return the secret in the file; create the file if it does not exist.

    Processes that start at once get the same secret. The folder must exist. Raises
    `SecretFileError`.
    """
    try:
        secret = _read(path)
    except FileNotFoundError:
        try:
            _create(path)
            secret = _read(path)
        except OSError as error:
            raise SecretFileError(
                f"The secret file {path} cannot be created ({error.strerror}). Set KAIYAKU_SECRET "
                "instead."
            ) from error
    except OSError as error:
        raise SecretFileError(
            f"The secret file {path} cannot be read ({error.strerror}). Make it readable, or "
            "set KAIYAKU_SECRET."
        ) from error
    if len(secret) < SHORTEST:
        raise SecretFileError(
            f"The secret file {path} has {len(secret)} bytes, fewer than {SHORTEST}. Restore it "
            "from a backup, or delete it: the next start creates a new secret, and existing "
            "sessions can no longer be opened."
        )
    return secret


def exposure(path: Path) -> str | None:
    """Return a warning if users other than the owner can read or change the file, else None.

    In a folder that group 0 shares, that group is allowed to.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    shared = status.st_gid == 0 and is_shared(path.parent)
    forbidden = stat.S_IRWXO if shared else stat.S_IRWXG | stat.S_IRWXO
    if not status.st_mode & forbidden:
        return None
    return f"Warning: other users can read or change the secret file {path}. Run: chmod 600 {path}"


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _create(path: Path) -> None:
    """Create the file with a new secret, unless another process creates it first.

    1. Write a draft and fsync it, so that the bytes are on the disk before the name exists.
    2. Link the draft to the name. Unlike a rename, a link fails if the name exists, so it never
       replaces a secret that another process already uses.
    3. Fsync the folder, so that the name is on the disk before anybody uses the secret.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER)
    try:
        try:
            if is_shared(path.parent):
                os.fchmod(descriptor, _OWNER_AND_GROUP)
            _write(descriptor, secrets.token_urlsafe(48).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        # If the name exists, sync the folder all the same: the other process may not have done so.
        with suppress(FileExistsError):
            os.link(draft, path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
