"""Opening hours: whether a contact is open at an instant, and when it closes or opens next.

Takes weekly hours, yearly closed periods, and Japan's public holidays into account.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app import dates, zones
from app.catalogue.documents import OpeningHours

_DAYS_SEARCHED: Final = 40
"""More days than any series of holidays and yearly closed days."""


@dataclass(frozen=True)
class Opening:
    """Whether a contact is open at an instant, and when it closes or opens next."""

    open_now: bool | None
    """None: not known."""
    closes_at: dt.datetime | None = None
    """When an open contact closes; None if it never closes, or is not known to be open."""
    next_opening: dt.datetime | None = None
    """The next certain opening; None if none is known, or the contact is open."""


@dataclass(frozen=True)
class _Shift:
    """Opening hours on one day."""

    begins: dt.datetime
    ends: dt.datetime
    is_certain: bool
    """False if no source states the weekdays, or whether the hours apply on a public holiday."""


def find_opening(hours: OpeningHours | None, at: dt.datetime) -> Opening:
    """Return whether the contact is open at the instant, and when it closes or opens next.

    Without hours, and during uncertain ones, `open_now` is None. The next opening is the next
    certain one within 40 days.
    """
    if hours is None:
        return Opening(None)
    local = at.astimezone(zones.zone(hours.zone))
    today = _shifts(hours, local.date())
    current_shifts = [shift for shift in today if shift.begins <= local < shift.ends]
    certain_ends = [shift.ends for shift in current_shifts if shift.is_certain]
    if certain_ends:
        return Opening(open_now=True, closes_at=_closing_time(hours, max(certain_ends)))
    next_opening = _next_opening(hours, local)
    return Opening(None if current_shifts else False, next_opening=next_opening)


def _next_opening(hours: OpeningHours, local: dt.datetime) -> dt.datetime | None:
    for days in range(_DAYS_SEARCHED):
        for shift in _shifts(hours, local.date() + dt.timedelta(days=days)):
            if shift.is_certain and shift.begins > local:
                return shift.begins
    return None


def _closing_time(hours: OpeningHours, ends: dt.datetime) -> dt.datetime | None:
    """Return when the contact closes, across hours that continue at midnight.

    None: it does not close within 40 days.
    """
    for _ in range(_DAYS_SEARCHED):
        continued = [
            shift.ends
            for shift in _shifts(hours, ends.date())
            if shift.is_certain and shift.begins == ends
        ]
        if not continued:
            return ends
        ends = max(continued)
    return None


def _shifts(hours: OpeningHours, day: dt.date) -> Iterator[_Shift]:
    """Yield the opening hours of a day, the earliest first."""
    if hours.public_holidays == "closed" and dates.is_public_holiday(day):
        return
    if any(_is_within(period, day) for period in hours.closed):
        return
    zone = zones.zone(hours.zone)
    holiday_is_uncertain = hours.public_holidays == "unknown" and dates.is_public_holiday(day)
    for weekly in sorted(hours.weekly, key=lambda weekly: weekly.opens):
        if weekly.days is None or dates.weekday(day) in weekly.days:
            yield _Shift(
                dates.opening(day, weekly.opens, zone),
                dates.opening(day, weekly.closes, zone),
                is_certain=weekly.days is not None and not holiday_is_uncertain,
            )


def _is_within(period: str, day: dt.date) -> bool:
    """Return whether the day is in a yearly period, `MM-DD/MM-DD`, which can span the new year."""
    begins, _, ends = period.partition("/")
    month_and_day = f"{day:%m-%d}"
    if begins <= ends:
        return begins <= month_and_day <= ends
    return month_and_day >= begins or month_and_day <= ends
