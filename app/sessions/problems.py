"""What can be wrong with a request for a checklist session."""

from http import HTTPStatus

from app.problems.base import Problem


class SessionNotFound(Problem):
    """The session has been deleted. Only who holds its token is told so."""

    slug = "session-not-found"
    status = HTTPStatus.NOT_FOUND


class SessionExpired(Problem):
    """The session was not changed for 180 days and will be removed."""

    slug = "session-expired"
    status = HTTPStatus.GONE


class StepNotFound(Problem):
    """The session's procedure has no step with this key; `known` lists those it has."""

    slug = "step-not-found"
    status = HTTPStatus.NOT_FOUND


class StepGated(Problem):
    """The step cannot be undone, or steps it requires are open (`missing`); send `"acknowledge": true` to do it all the same."""

    slug = "step-gated"
    status = HTTPStatus.CONFLICT


class StaleVersion(Problem):
    """The session has changed since the version in If-Match; `etag` is the present one."""

    slug = "stale-version"
    status = HTTPStatus.PRECONDITION_FAILED


class VersionExcluded(Problem):
    """The session has the version that If-None-Match excludes; `etag` is the present one."""

    slug = "version-excluded"
    status = HTTPStatus.PRECONDITION_FAILED


class IdempotencyKeyReused(Problem):
    """The Idempotency-Key was used within 24 hours with another body."""

    slug = "idempotency-key-reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
