"""Tokens: each lets a client read, or read and change, one session.

A token is an HMAC-SHA-256 of the session's id, the rights and a version number, with the secret of
the service. Tokens are not stored, so they cannot be stolen from the database, and a repeated
request can get the same token again. Raising a version number in the session revokes the tokens
that have the earlier one.
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
    """What an authentic token allows on one session, and the preconditions of the request.

    The token can still be revoked: `refuse_ended` compares its version with that of the session.
    """

    session: uuid.UUID
    rights: Rights
    version: int
    outdated: bool = False
    """Whether the token was issued with a previous secret, and is invalid without that secret."""

    preconditions: Preconditions = NO_PRECONDITIONS

    def refuse_ended(self, *, owner_version: int, share_version: int) -> None:
        """Raise `TokenInvalid` if the session now has another token version for these rights."""
        current = owner_version if self.rights is Rights.WRITE else share_version
        if self.version != current:
            raise TokenInvalid

    def refuse_read_only(self) -> None:
        """Raise `ReadOnly` if the token does not allow changes."""
        if self.rights is not Rights.WRITE:
            raise ReadOnly


class TokenIssuer:
    """Issues and verifies tokens with the secrets of the service."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Issue with the first secret; verify with all of them, for a rotation."""
        # Created once and copied: the one-call form releases the GIL, and then the event loop has
        # to wait for it again.
        self._secrets: Final = tuple(hmac.new(secret, digestmod="sha256") for secret in secrets)

    def issue(self, session: uuid.UUID, rights: Rights, version: int) -> str:
        """Return the token. It is the same for the same session, rights and version."""
        return f"{rights}.{version}.{_mac(self._secrets[0], session, rights, version)}"

    def open(self, session: uuid.UUID, token: str | None) -> Access:
        """Return what the token allows on the session.

        Raises `TokenMissing` without a token, and `TokenInvalid` for one that is malformed or of
        another session. A revoked token is not detected here (`Access.refuse_ended`).
        """
        if token is None:
            raise TokenMissing
        match = _FORM.fullmatch(token)
        if match is None:
            raise TokenInvalid
        rights, version = Rights(match["rights"]), int(match["version"])
        # Compare with every secret, so that the response time does not reveal which one matches.
        is_authentic = [
            hmac.compare_digest(match["mac"], _mac(secret, session, rights, version))
            for secret in self._secrets
        ]
        if not any(is_authentic):
            raise TokenInvalid
        return Access(session, rights, version, outdated=not is_authentic[0])


def _mac(secret: hmac.HMAC, session: uuid.UUID, rights: Rights, version: int) -> str:
    mac = secret.copy()
    mac.update(f"kaiyaku session {session} {rights} {version}".encode())
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
