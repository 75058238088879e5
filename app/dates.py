"""Days, months and deadlines on the calendar of a zone.

A deadline is kept as its boundary, the first instant that is too late. A day that a month does not
have is its last day. Business days and public holidays are those of Japan.
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
    """Return the last day of the day's month."""
    return day + relativedelta(day=_LAST_OF_MONTH)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last day if it has no such day."""
    return day + relativedelta(months=months)


def day_of_month(day: dt.date, number: DayOfMonth, months: int = 0) -> dt.date:
    """Return the day with this number in the month that is `months` after the day's."""
    return day + relativedelta(months=months, day=_LAST_OF_MONTH if number == "last" else number)


def later(day: dt.date, span: Span) -> dt.date:
    """Return the day that is a length of time after the day. Hours are rounded down to days."""
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
    """Return the day that is a length of time before the day. Hours are rounded up to days."""
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
    """Return the first instant that is too late for a deadline at this time (HH:MM) of the day.

    24:00 is the end of the day. 17:59 and 23:59 name the last minute that counts, as carriers
    write it.
    """
    instant = opening(day, time, zone)
    return instant + dt.timedelta(minutes=1) if time.endswith(_LAST_MINUTE) else instant


def opening(day: dt.date, time: str, zone: ZoneInfo) -> dt.datetime:
    """Return the instant that begins at this time (HH:MM) of the day."""
    hour, minute = map(int, time.split(":"))
    # By the wall clock, on which every day has 24 hours; the zone is set last.
    instant = dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hour, minutes=minute)
    return instant.replace(tzinfo=zone)


def last_day_before(instant: dt.datetime) -> dt.date:
    """Return the last day with any part before the instant, on the instant's own calendar."""
    if instant.time() == dt.time():
        return instant.date() - dt.timedelta(days=1)
    return instant.date()


def weekday(day: dt.date) -> Weekday:
    """Return which day of the week it is."""
    return _WEEKDAYS[day.weekday()]


def is_business_day(day: dt.date) -> bool:
    """Return whether the day is neither on a weekend nor a public holiday in Japan."""
    return _japan().is_working_day(day)


def is_public_holiday(day: dt.date) -> bool:
    """Return whether the day is a public holiday in Japan."""
    return day in _japan()


def business_days_later(day: dt.date, count: int) -> dt.date:
    """Return the business day this many business days after the day; before it if negative."""
    # The library answers 0 with the next business day; here 0 keeps the day.
    return _japan().get_nth_working_day(day, count) if count else day


@lru_cache(maxsize=1)
def _japan() -> "HolidayBase":
    """Return the calendar of Japan with every year that the library knows.

    A calendar that adds years on demand marks a year as known before it has filled it in:
    another thread would take its holidays for business days.
    """
    # It loads a large package: only when a rule needs it.
    from holidays.countries.japan import Japan  # noqa: PLC0415

    return Japan(years=range(Japan.start_year, Japan.end_year + 1), expand=False)
