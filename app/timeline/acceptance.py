"""Calculations for acceptance hours: when a request can be made, and when it is processed."""

import datetime as dt
from typing import NamedTuple

from app import dates, zones
from app.catalogue.parts import MonthlyClosure
from app.catalogue.timing_rules import Acceptance


def first_accepted(rule: Acceptance, request: dt.datetime) -> dt.datetime:
    """Return the first instant at or after `request` at which requests are accepted."""
    instant = request.astimezone(zones.zone(rule.zone))
    while (reopens := _end_of_closed_hours(rule, instant)) > instant:
        instant = reopens
    return instant


def processed_at(rule: Acceptance, request: dt.datetime) -> dt.datetime:
    """Return when a request is processed: when it is accepted, or later if it misses a cut-off."""
    zone = zones.zone(rule.zone)
    instant = first_accepted(rule, request)
    same_day_until = rule.same_day_until if rule.same_day_is_certain else "00:00"
    if same_day_until:
        is_late = instant >= dates.boundary(instant.date(), same_day_until, zone)
        day = instant.date() + dt.timedelta(days=1 if is_late else 0)
        # Carriers that move late requests to a business day process no request on other days.
        while rule.later == "next_business_day" and not dates.is_business_day(day):
            day += dt.timedelta(days=1)
        if day > instant.date():
            return dates.opening(day, rule.resumes_at or "00:00", zone)
    if rule.resumes_at:
        return max(instant, dates.opening(instant.date(), rule.resumes_at, zone))
    return instant


def _end_of_closed_hours(rule: Acceptance, instant: dt.datetime) -> dt.datetime:
    """Return the end of the closed hours that contain the instant, or the instant if it is open."""
    zone = zones.zone(rule.zone)
    today = instant.date()
    if rule.closed_from_day and today.day >= rule.closed_from_day:
        return dates.boundary(dates.last_of_month(today), "24:00", zone)
    for closure in rule.closures:
        closed_hours = _closed_hours(closure, today, rule.zone)
        if today == dates.day_of_month(today, closure.day) and (
            closed_hours.begins <= instant < closed_hours.ends
        ):
            return closed_hours.ends
    if rule.weekdays and dates.weekday(today) not in rule.weekdays:
        return dates.boundary(today, "24:00", zone)
    if rule.accepted:
        opens_on = today
        if instant >= dates.boundary(today, rule.accepted.closes, zone):
            opens_on += dt.timedelta(days=1)
        return max(instant, dates.opening(opens_on, rule.accepted.opens, zone))
    return instant


class _ClosedHours(NamedTuple):
    begins: dt.datetime
    ends: dt.datetime


def _closed_hours(closure: MonthlyClosure, day: dt.date, zone_name: str) -> _ClosedHours:
    zone = zones.zone(zone_name)
    return _ClosedHours(
        dates.opening(day, closure.hours.opens, zone),
        dates.boundary(day, closure.hours.closes, zone),
    )
