"""Problems of requests for timelines."""

from http import HTTPStatus

from app.problems.base import Problem


class NoDates(Problem):
    """No future date is known, and an iCalendar file must have at least one event."""

    slug = "no-dates"
    status = HTTPStatus.NOT_FOUND
