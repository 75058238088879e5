"""Problems of requests for calendar feeds."""

from http import HTTPStatus

from app.problems.base import Problem


class FeedNotFound(Problem):
    """No feed has this address: it is mistyped, it was revoked, or its session was deleted."""

    slug = "feed-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyFeeds(Problem):
    """The session already has the largest number of feeds."""

    slug = "too-many-feeds"
    status = HTTPStatus.CONFLICT
