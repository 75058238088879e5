"""TokenIssuer: what lets someone read or write one session, and nothing else.

A token is an HMAC-SHA-256 over the session's id, the rights and a version number, with the service's secret. Nothing of it
is stored: there is nothing to steal in the database, a safe retry can be given the same one again, and raising the
version of a session revokes all that were shared.
"""

import base64
import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from app.http.field_values import EntityTags
from app.problems.base import Problem

_FORM: Final = re.compile(
    r"(?P<rights>write|read)\.(?P<version>0|[1-9]\d{0,8})\.(?P<mac>[A-Za-z0-9_-]{43})"
)


class Rights(StrEnum):
    """What a token allows."""

    WRITE = "write"
    READ = "read"


class TokenMissing(Problem):
    """The request has no `Authorization: Bearer …` header."""

    slug = "token-missing"
    status = HTTPStatus.UNAUTHORIZED


class TokenInvalid(Problem):
    """The token is malformed, belongs to another session, or has been revoked. Nothing is said about the session."""

    slug = "token-invalid"
    status = HTTPStatus.UNAUTHORIZED


class ReadOnly(Problem):
    """The token was shared for reading; this request would change the session."""

    slug = "read-only"
    status = HTTPStatus.FORBIDDEN


@dataclass(frozen=True)
class Access:
    """What a genuine token allows on which session; the version has to be compared with the session's.

    `if_match` and `if_none_match` hold the preconditions of the request, None where it has none.
    """

    session: uuid.UUID
    rights: Rights
    version: int
    outdated: bool = False
    """Whether the token was made with a previous secret, and will end with it."""
    if_match: EntityTags | None = None
    if_none_match: EntityTags | None = None


class TokenIssuer:
    """Issues and opens tokens with the service's secrets, the newest first."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Keep the secrets; those after the first only open what they once issued, during a rotation."""
        # Begun once and copied: the one-call form lets go of the interpreter lock, and the event loop then waits for it again.
        self._secrets: Final = tuple(hmac.new(secret, digestmod="sha256") for secret in secrets)

    def issue(self, session: uuid.UUID, rights: Rights, version: int) -> str:
        """Return the token; the same one for the same session, rights and version."""
        return f"{rights}.{version}.{_mac(self._secrets[0], session, rights, version)}"

    def open(self, session: uuid.UUID, token: str | None) -> Access:
        """Return what the token allows on the session, or raise what is wrong with it."""
        if token is None:
            raise TokenMissing(headers={"WWW-Authenticate": "Bearer"})
        match = _FORM.fullmatch(token)
        if match is None:
            raise TokenInvalid(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        rights, version = Rights(match["rights"]), int(match["version"])
        # Compared with all of them, so that the time tells nothing.
        genuine = [
            hmac.compare_digest(match["mac"], _mac(each, session, rights, version))
            for each in self._secrets
        ]
        if not any(genuine):
            raise TokenInvalid(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return Access(session, rights, version, outdated=not genuine[0])


def _mac(secret: hmac.HMAC, session: uuid.UUID, rights: Rights, version: int) -> str:
    mac = secret.copy()
    mac.update(f"kaiyaku session {session} {rights} {version}".encode())
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
