"""Arithmetic with days, months and deadlines.

A deadline is represented by its boundary, the first instant that is too late. If a month has no
day with the requested number, its last day is used. Business days and public holidays are those
of Japan.
"""

import datetime as dt
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final, get_args
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from app.catalogue.parts import DayOfMonth, Span, Weekday

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
_LAST_MINUTE: Final = ":59"
_LAST_OF_MONTH: Final = 31  # relativedelta takes the last day of a shorter month
_HOURS_OF_DAY: Final = 24


def last_of_month(day: dt.date) -> dt.date:
    """Return the last day of the month that contains the day."""
    return day + relativedelta(day=_LAST_OF_MONTH)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last day if it has no such day."""
    return day + relativedelta(months=months)


def day_of_month(day: dt.date, number: DayOfMonth, months: int = 0) -> dt.date:
    """Return day `number` of the month that is `months` after the month of `day`."""
    return day + relativedelta(months=months, day=_LAST_OF_MONTH if number == "last" else number)


def later(day: dt.date, span: Span) -> dt.date:
    """Return the day that is `span` after the day. Hours are rounded down to whole days."""
    match span.unit:
        case "hours":
            return day + dt.timedelta(days=span.value // _HOURS_OF_DAY)
        case "days":
            return day + dt.timedelta(days=span.value)
        case "business_days":
            return business_days_later(day, span.value)
        case "months":
            return months_later(day, span.value)
        case "years":
            return months_later(day, 12 * span.value)


def earlier(day: dt.date, span: Span) -> dt.date:
    """Return the day that is `span` before the day. Hours are rounded up to whole days."""
    match span.unit:
        case "hours":
            return day - dt.timedelta(days=math.ceil(span.value / _HOURS_OF_DAY))
        case "days":
            return day - dt.timedelta(days=span.value)
        case "business_days":
            return business_days_later(day, -span.value)
        case "months":
            return months_later(day, -span.value)
        case "years":
            return months_later(day, -12 * span.value)


def boundary(day: dt.date, time: str, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant that is too late for a deadline at `time` (HH:MM) on the day.

    24:00 is the end of the day. Carriers write 17:59 and 23:59 for the last minute that is in
    time, so those deadlines end one minute later.
    """
    instant = opening(day, time, zone)
    return instant + dt.timedelta(minutes=1) if time.endswith(_LAST_MINUTE) else instant


def opening(day: dt.date, time: str, zone: ZoneInfo) -> dt.datetime:
    """Return the instant at `time` (HH:MM) on the day."""
    hour, minute = map(int, time.split(":"))
    # Added without a zone, where every day has 24 hours, so 24:00 is the next midnight even on
    # days when the clocks change.
    instant = dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hour, minutes=minute)
    return instant.replace(tzinfo=zone)


def last_day_before(instant: dt.datetime) -> dt.date:
    """Return the last day that begins before the instant, in the time zone of the instant."""
    if instant.time() == dt.time():
        return instant.date() - dt.timedelta(days=1)
    return instant.date()


def weekday(day: dt.date) -> Weekday:
    """Return the day of the week."""
    return _WEEKDAYS[day.weekday()]


def is_business_day(day: dt.date) -> bool:
    """Return whether the day is neither a weekend day nor a public holiday in Japan."""
    return _japan().is_working_day(day)


def is_public_holiday(day: dt.date) -> bool:
    """Return whether the day is a public holiday in Japan."""
    return day in _japan()


def business_days_later(day: dt.date, count: int) -> dt.date:
    """Return the day that is `count` business days after the day (before it if negative).

    With a count of 0, the day itself is returned, even if it is not a business day.
    """
    # For 0, the library would return the next business day.
    return _japan().get_nth_working_day(day, count) if count else day


@lru_cache(maxsize=1)
def _japan() -> "HolidayBase":
    """Return the holiday calendar of Japan for every year that the library covers.

    All years are loaded at once. A calendar that adds years on demand marks a year as loaded
    before it has filled it, so another thread could read its holidays as business days.
    """
    # Imported here because the package is large and most processes never need it.
    from holidays.countries.japan import Japan  # noqa: PLC0415

    return Japan(years=range(Japan.start_year, Japan.end_year + 1), expand=False)
