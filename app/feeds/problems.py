"""What can be wrong with a request about calendar feeds."""

from http import HTTPStatus

from app.problems.base import Problem


class FeedNotFound(Problem):
    """No feed has this address: it is mistyped, was revoked, or its checklist is gone."""

    slug = "feed-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyFeeds(Problem):
    """The session has as many feeds as one can have."""

    slug = "too-many-feeds"
    status = HTTPStatus.CONFLICT
