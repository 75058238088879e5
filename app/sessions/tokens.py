"""Tokens: what lets a client read or write one session, and nothing else.

A token is an HMAC-SHA-256 over the session's id, the rights and a version number, with the secret
of the service. Tokens are not stored: there is nothing to steal in the database, a retry can be
given the same token again, and raising the version of a session revokes all that were shared.
"""

import base64
import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.sessions.preconditions import NO_PRECONDITIONS, Preconditions
from app.sessions.problems import ReadOnly, TokenInvalid, TokenMissing

_FORM: Final = re.compile(
    r"(?P<rights>write|read)\.(?P<version>0|[1-9]\d{0,8})\.(?P<mac>[A-Za-z0-9_-]{43})"
)


class Rights(StrEnum):
    """What a token allows."""

    WRITE = "write"
    READ = "read"


@dataclass(frozen=True)
class Access:
    """What a genuine token allows on which session.

    Whether the token has ended shows only when its version is compared with that of the session.
    """

    session: uuid.UUID
    rights: Rights
    version: int
    outdated: bool = False
    """Whether the token was made with a previous secret, and will end with it."""

    preconditions: Preconditions = NO_PRECONDITIONS

    def refuse_ended(self, *, owner_version: int, share_version: int) -> None:
        """Raise `TokenInvalid` if the session's token of these rights has another version now."""
        current = owner_version if self.rights is Rights.WRITE else share_version
        if self.version != current:
            raise TokenInvalid

    def refuse_read_only(self) -> None:
        """Raise `ReadOnly` if the token does not allow changes."""
        if self.rights is not Rights.WRITE:
            raise ReadOnly


class TokenIssuer:
    """Issues and opens tokens with the service's secrets, the newest first."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Issue with the first secret; the others only open tokens, during a rotation."""
        # Begun once and copied: the one-call form releases the interpreter lock, and the event loop
        # then waits for it again.
        self._secrets: Final = tuple(hmac.new(secret, digestmod="sha256") for secret in secrets)

    def issue(self, session: uuid.UUID, rights: Rights, version: int) -> str:
        """Return the token; the same one for the same session, rights and version."""
        return f"{rights}.{version}.{_mac(self._secrets[0], session, rights, version)}"

    def open(self, session: uuid.UUID, token: str | None) -> Access:
        """Return what the token allows on the session.

        Raises `TokenMissing` or `TokenInvalid`.
        """
        if token is None:
            raise TokenMissing
        match = _FORM.fullmatch(token)
        if match is None:
            raise TokenInvalid
        rights, version = Rights(match["rights"]), int(match["version"])
        # Compared with all of them, so that the time does not show which secret fits.
        genuine = [
            hmac.compare_digest(match["mac"], _mac(each, session, rights, version))
            for each in self._secrets
        ]
        if not any(genuine):
            raise TokenInvalid
        return Access(session, rights, version, outdated=not genuine[0])


def _mac(secret: hmac.HMAC, session: uuid.UUID, rights: Rights, version: int) -> str:
    mac = secret.copy()
    mac.update(f"kaiyaku session {session} {rights} {version}".encode())
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
