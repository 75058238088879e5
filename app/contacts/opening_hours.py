"""When a contact answers: open now, and the next opening, with Japan's public holidays."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app import dates, zones
from app.catalogue.documents import OpeningHours

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

    Within hours whose days are not known, or on a public holiday with unknown hours, `open_now` is None; the next opening is
    the next one that is sure.
    """
    if hours is None:
        return Opening(None)
    where = zones.zone(hours.zone)
    local = at.astimezone(where)
    now = [shift for shift in _shifts(hours, local.date()) if shift.begins <= local < shift.ends]
    if sure := [shift for shift in now if shift.sure]:
        return Opening(open_now=True, closes_at=_closes(hours, max(shift.ends for shift in sure)))
    following = (
        shift.begins
        for ahead in range(_LOOK_AHEAD)
        for shift in _shifts(hours, local.date() + dt.timedelta(days=ahead))
        if shift.sure and shift.begins > local
    )
    return Opening(None if now else False, next_opening=next(following, None))


def _closes(hours: OpeningHours, ends: dt.datetime) -> dt.datetime | None:
    """Return when it really closes: hours that go on at midnight are one; None: not within the days that are looked at."""
    for _ in range(_LOOK_AHEAD):
        going_on = [
            shift.ends
            for shift in _shifts(hours, ends.date())
            if shift.sure and shift.begins == ends
        ]
        if not going_on:
            return ends
        ends = max(going_on)
    return None


@dataclass(frozen=True)
class _Shift:
    """A time of a day in which the contact answers, for sure or perhaps."""

    begins: dt.datetime
    ends: dt.datetime
    sure: bool


def _shifts(hours: OpeningHours, day: dt.date) -> Iterator[_Shift]:
    """Return when it answers on a day, from the earliest."""
    if hours.public_holidays == "closed" and dates.is_public_holiday(day):
        return
    if any(_within(period, day) for period in hours.closed):
        return
    where = zones.zone(hours.zone)
    holiday_in_doubt = hours.public_holidays == "unknown" and dates.is_public_holiday(day)
    for weekly in sorted(hours.weekly, key=lambda weekly: weekly.opens):
        if weekly.days is None or dates.weekday(day) in weekly.days:
            yield _Shift(
                dates.opening(day, weekly.opens, where),
                dates.opening(day, weekly.closes, where),
                sure=weekly.days is not None and not holiday_in_doubt,
            )


def _within(period: str, day: dt.date) -> bool:
    """Return whether the day lies in a yearly period, which can reach over the end of the year."""
    begins, _, ends = period.partition("/")
    today = f"{day:%m-%d}"
    return begins <= today <= ends if begins <= ends else today >= begins or today <= ends
