"""Problems of requests for checklist sessions."""

from collections.abc import Sequence
from http import HTTPStatus

from app.problems.base import Problem


class SessionNotFound(Problem):
    """The session has been deleted. Requests without its token get `token-invalid` instead."""

    slug = "session-not-found"
    status = HTTPStatus.NOT_FOUND


class SessionExpired(Problem):
    """The session was not changed for 180 days and will be removed."""

    slug = "session-expired"
    status = HTTPStatus.GONE


class StepNotFound(Problem):
    """The session's procedure has no step with this key; `known` lists its step keys."""

    slug = "step-not-found"
    status = HTTPStatus.NOT_FOUND

    def __init__(self, *, key: str, known: Sequence[str]) -> None:
        """Name the requested key, and the keys of the procedure's steps."""
        super().__init__(key=key, members={"known": known})


class StepGated(Problem):
    """The step cannot be undone, or requires open steps (`missing`). Confirm with `acknowledge`."""

    slug = "step-gated"
    status = HTTPStatus.CONFLICT

    def __init__(
        self, *, step: str, missing: Sequence[str], irreversible: bool, loses: Sequence[str]
    ) -> None:
        """Name the open required steps, and the codes of what is lost for good."""
        super().__init__(
            members={
                "step": step,
                "missing": missing,
                "irreversible": irreversible,
                "loses": loses,
            }
        )


class StaleVersion(Problem):
    """The session has changed since the version in If-Match; `etag` is the current one."""

    slug = "stale-version"
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, *, etag: str) -> None:
        """Name the entity tag of the present version."""
        super().__init__(members={"etag": etag}, headers={"ETag": etag})


class VersionExcluded(Problem):
    """The session has the version that If-None-Match excludes; `etag` is the current one."""

    slug = "version-excluded"
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, *, etag: str) -> None:
        """Name the entity tag of the present version."""
        super().__init__(members={"etag": etag}, headers={"ETag": etag})


class IdempotencyKeyReused(Problem):
    """The Idempotency-Key was used for another request in the last 24 hours."""

    slug = "idempotency-key-reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TokenMissing(Problem):
    """The request has no `Authorization: Bearer …` header."""

    slug = "token-missing"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        """Ask for a token (RFC 6750 section 3)."""
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class TokenInvalid(Problem):
    """The token is malformed, revoked or for another session. The response does not say which."""

    slug = "token-invalid"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        """Ask for another token (RFC 6750 section 3.1)."""
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class ReadOnly(Problem):
    """The token was shared for reading, and this request would change the session."""

    slug = "read-only"
    status = HTTPStatus.FORBIDDEN
