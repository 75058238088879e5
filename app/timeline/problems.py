"""What can be wrong with a request for dates."""

from http import HTTPStatus

from app.problems.base import Problem


class NoDates(Problem):
    """A calendar file needs a date, and none is known: iCalendar files have at least one event."""

    slug = "no-dates"
    status = HTTPStatus.NOT_FOUND
