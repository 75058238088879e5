"""Calculation of fee periods: until when a fee is due, counted from the contract's start."""

import datetime as dt

from app import dates
from app.catalogue.parts import FeePeriod


def first_free_day(period: FeePeriod, started: dt.date) -> dt.date:
    """Return the first day on which the fee is no longer due; `date.max` if it stays due."""
    if period.until is None:
        return dt.date.max
    match period.counting:
        case "to_the_day":
            return dates.later(started, period.until)
        case "start_month_is_first":
            first_month = started.replace(day=1)
        case "next_month_is_first":
            first_month = dates.months_later(started.replace(day=1), 1)
    return dates.later(first_month, period.until)
