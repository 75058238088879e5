"""Opening hours of a contact: whether it is open, and the next opening, with public holidays."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app import dates, zones
from app.catalogue.documents import OpeningHours

_DAYS_SEARCHED: Final = 40
"""Longer than any row of holidays and yearly closed days."""


@dataclass(frozen=True)
class Opening:
    """Whether a contact is open at an instant (None: not known), until when, and when next."""

    open_now: bool | None
    closes_at: dt.datetime | None = None
    next_opening: dt.datetime | None = None


@dataclass(frozen=True)
class _Shift:
    """Hours of one day. They are uncertain if their days, or those of a holiday, are not known."""

    begins: dt.datetime
    ends: dt.datetime
    is_certain: bool


def find_opening(hours: OpeningHours | None, at: dt.datetime) -> Opening:
    """Return whether the contact is open at the instant, and when it closes or opens next.

    During uncertain hours `open_now` is None. The next opening is the next certain one.
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
    """Return when it closes, following hours that continue at midnight.

    None: it does not close within the days that are searched.
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
    """Yield the hours of a day, the earliest first."""
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
    """Return whether the day is in a yearly period, MM-DD/MM-DD, which can span the new year."""
    begins, _, ends = period.partition("/")
    month_and_day = f"{day:%m-%d}"
    if begins <= ends:
        return begins <= month_and_day <= ends
    return month_and_day >= begins or month_and_day <= ends
