"""The secret of a service on SQLite: made once, and kept in a file beside the database.

A power cut or several first starts at once must never leave a short or an empty secret: with one,
anybody could compute every token. So the file only ever appears whole, under its name.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.folder_modes import is_shared

SHORTEST: Final = 32
"""Fewest bytes of a secret; `KAIYAKU_SECRET` has the same bound."""

_OWNER: Final = 0o600
_OWNER_AND_GROUP: Final = 0o640
"""In a folder that group 0 shares: after a move, another user of that group reads it."""


class SecretFileError(Exception):
    """The secret's file cannot be read or made, or it is too short; the message says what to do."""


def read_or_create(path: Path) -> bytes:
    """Return the secret in the file; create it first if there is none.

    Of several processes that start at once, all get the same bytes. The caller makes the folder.
    Raises `SecretFileError`.
    """
    try:
        secret = _read(path)
    except FileNotFoundError:
        try:
            _create(path)
            secret = _read(path)
        except OSError as error:
            raise SecretFileError(
                f"The secret's file {path} cannot be made ({error.strerror}). Set KAIYAKU_SECRET "
                "instead."
            ) from error
    except OSError as error:
        raise SecretFileError(
            f"The secret's file {path} cannot be read ({error.strerror}). Make it readable, or "
            "set KAIYAKU_SECRET."
        ) from error
    if len(secret) < SHORTEST:
        raise SecretFileError(
            f"The secret's file {path} holds {len(secret)} bytes, fewer than {SHORTEST}. Restore "
            "it from a backup, or delete it: the next start makes a new one, and sessions of the "
            "old one can no longer be opened."
        )
    return secret


def exposure(path: Path) -> str | None:
    """Return a warning when others than the owner can read or change the file, otherwise None.

    In a folder that group 0 shares, that group is no other.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    shared = found.st_gid == 0 and is_shared(path.parent)
    if not found.st_mode & (stat.S_IRWXO if shared else stat.S_IRWXG | stat.S_IRWXO):
        return None
    return (
        f"Warning: other users can read or change the secret's file {path}. Run: chmod 600 {path}"
    )


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _create(path: Path) -> None:
    """Put a new secret under the name, unless another process is faster; then that one stays.

    The bytes are on the disk before they have the name (fsync, then link), and the name is on the
    disk before anybody uses the secret (fsync of the folder). A link fails when the name is taken:
    unlike a rename it never replaces what another process already uses.
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
        # If the name is taken, go on: the other process may not have synced the folder yet.
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
