"""Days, months and deadlines on the calendar of a rule's zone.

A deadline is kept as its boundary, the first instant that is too late. Months have their own lengths, a day
that a month does not have is its last day, and business days are those of Japan.
"""

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, get_args
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from app.catalogue.parts import Span, Weekday

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
_LAST_MINUTE: Final = ":59"
_LAST_OF_MONTH: Final = 31  # relativedelta takes the last day of a shorter month


def last_of_month(day: dt.date) -> dt.date:
    """Return the last day of the day's month."""
    return day + relativedelta(day=_LAST_OF_MONTH)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last day of that month when it has no such day."""
    return day + relativedelta(months=months)


def day_of_month(day: dt.date, wanted: int | Literal["last"], months: int = 0) -> dt.date:
    """Return the wanted day of the month so many months after the day's."""
    return day + relativedelta(months=months, day=_LAST_OF_MONTH if wanted == "last" else wanted)


def later(day: dt.date, span: Span) -> dt.date:
    """Return the day that is so long after the day; hours are rounded down to days."""
    match span.unit:
        case "hours":
            return day + dt.timedelta(days=span.value // 24)
        case "days":
            return day + dt.timedelta(days=span.value)
        case "business_days":
            return business_days_later(day, span.value)
        case "months":
            return months_later(day, span.value)
        case "years":
            return months_later(day, 12 * span.value)


def earlier(day: dt.date, span: Span) -> dt.date:
    """Return the day that is so long before the day; hours are rounded up to days."""
    match span.unit:
        case "hours":
            return day - dt.timedelta(days=-(-span.value // 24))
        case "days":
            return day - dt.timedelta(days=span.value)
        case "business_days":
            return business_days_later(day, -span.value)
        case "months":
            return months_later(day, -span.value)
        case "years":
            return months_later(day, -12 * span.value)


def boundary(day: dt.date, time: str, where: ZoneInfo) -> dt.datetime:
    """Return the first instant that is too late for a deadline at this time of the day.

    24:00 is the end of the day. 17:59 and 23:59 name the last minute that counts, as carriers write it.
    """
    return opening(day, time, where) + dt.timedelta(minutes=int(time.endswith(_LAST_MINUTE)))


def opening(day: dt.date, time: str, where: ZoneInfo) -> dt.datetime:
    """Return the instant that begins at this time of the day."""
    hour, minute = map(int, time.split(":"))
    # By the wall clock, in which days have no odd lengths; the zone is put on last.
    return (dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=hour, minutes=minute)).replace(
        tzinfo=where
    )


def last_day_before(instant: dt.datetime) -> dt.date:
    """Return the last day of which any part lies before the instant, on the instant's own calendar."""
    return instant.date() - dt.timedelta(days=1) if instant.time() == dt.time() else instant.date()


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
    """Return the business day so many business days after the day, or before it when the count is negative."""
    # The library answers 0 with the next business day; here 0 keeps the day.
    return _japan().get_nth_working_day(day, count) if count else day


@lru_cache(maxsize=1)
def _japan() -> "HolidayBase":
    """Return the calendar of Japan with every year that the library knows.

    A calendar that adds years when asked marks a year as known before it has filled it in:
    another thread would take its holidays for business days.
    """
    from holidays.countries.japan import Japan  # noqa: PLC0415 - loads a large package: only when a rule needs it

    return Japan(years=range(Japan.start_year, Japan.end_year + 1), expand=False)
