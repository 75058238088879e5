"""When a contact answers: open now, and the next opening, with Japan's public holidays."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.catalogue.documents import OpeningHours
from app.guidance import days

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD: Final = 40
"""Days: longer than any row of holidays and yearly closed days."""


@dataclass(frozen=True)
class Opening:
    """Whether a contact answers at an instant (None: not known), until when, and when it answers next."""

    open_now: bool | None
    closes_at: dt.datetime | None = None
    next_opening: dt.datetime | None = None


def opening(hours: OpeningHours | None, at: dt.datetime) -> Opening:
    """Return whether the contact answers at the instant. Where the hours are not known, nothing is said of them.

    On a public holiday with unknown hours, `open_now` is None, and the next opening is the next one that is sure.
    """
    if hours is None:
        return Opening(None)
    where = days.zone(hours.zone)
    local = at.astimezone(where)
    now = [(begins, ends) for begins, ends in _shifts(hours, local.date()) if begins <= local < ends]
    if now and not _in_doubt(hours, local.date()):
        return Opening(open_now=True, closes_at=max(ends for _, ends in now))
    following = (
        begins
        for ahead in range(_LOOK_AHEAD)
        if not _in_doubt(hours, day := local.date() + dt.timedelta(days=ahead))
        for begins, _ in _shifts(hours, day)
        if begins > local
    )
    return Opening(None if now else False, next_opening=next(following, None))


def _shifts(hours: OpeningHours, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Return when it answers on a day, from the earliest; on a holiday that is not known, as on other days of the week."""
    if hours.public_holidays == "closed" and days.is_public_holiday(day):
        return
    if any(_within(period, day) for period in hours.closed):
        return
    where = days.zone(hours.zone)
    for weekly in sorted(hours.weekly, key=lambda weekly: weekly.opens):
        if _DAYS[day.weekday()] in weekly.days:
            yield days.opening(day, weekly.opens, where), days.opening(day, weekly.closes, where)


def _in_doubt(hours: OpeningHours, day: dt.date) -> bool:
    return hours.public_holidays == "unknown" and days.is_public_holiday(day)


def _within(period: str, day: dt.date) -> bool:
    """Return whether the day lies in a yearly period, which can reach over the end of the year."""
    begins, _, ends = period.partition("/")
    today = f"{day:%m-%d}"
    return begins <= today <= ends if begins <= ends else today >= begins or today <= ends
