"""Events of `renewal` rules: the next renewal, and the deadline to stop it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app import dates, zones
from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Renewal
from app.facts.specs import Fact
from app.messages.message import Deadline, Message
from app.timeline.context import RuleContext
from app.timeline.events import CostOfDelay, Event, new_event, with_deadline, without_date
from app.timeline.rules.handler import Computation, RuleHandler

_MONTHS_AHEAD: Final = 4
"""Months to search, because it can be too late to stop the next renewal."""


def _renews(rule: Renewal, context: RuleContext) -> Iterator[Event]:
    if rule.on == "data_used_up":
        yield without_date(new_event(rule, EventCode.RENEWS, Message("renews.data_used_up")))
        return
    renewal_days = _renewal_days(rule, context)
    for day in renewal_days:
        stop_by = _stop_by(rule, day, context)
        in_time = context.at < stop_by.boundary
        if in_time or day == renewal_days[-1]:
            message = Message("apply_by.stop_renewal", {"deadline": stop_by, "day": day})
            event = new_event(rule, EventCode.APPLY_BY, message)
            yield replace(
                with_deadline(event, stop_by, context.at), cost_of_delay=_cost_of_delay(context)
            )
        message = Message("renews.day" if in_time else "renews.too_late", {"day": day})
        event = new_event(rule, EventCode.RENEWS, message)
        # A renewal that can no longer be stopped gets its own key, apart from the next one.
        slot = "" if in_time else f"{day:missed-%Y-%m-%d}"
        yield replace(event, on=day, passed=day <= context.today(rule), slot=slot)
        if in_time:
            return


def _renewal_days(rule: Renewal, context: RuleContext) -> list[dt.date]:
    """Return the days of the next renewals. Only monthly rules give more than one."""
    match rule.on:
        case "renews_on":
            return [context.date_of(Fact.RENEWS_ON)]
        case "plan_end":
            return [context.plan_end + dt.timedelta(days=1)]
        case _:
            today = context.today(rule)
            days = [
                dates.day_of_month(today, rule.day or 1, months) for months in range(_MONTHS_AHEAD)
            ]
            return [day for day in days if day > today]


def _stop_by(rule: Renewal, day: dt.date, context: RuleContext) -> Deadline:
    if rule.notice.unit == "hours" and rule.notice_time is None:
        renews_at = dates.boundary(day, "00:00", zones.zone(rule.zone))
        return Deadline(renews_at - dt.timedelta(hours=rule.notice.value))
    if not rule.notice.value and rule.notice_time is None:
        return context.deadline(rule, day - dt.timedelta(days=1))
    return context.deadline(rule, dates.earlier(day, rule.notice), rule.notice_time or "24:00")


def _cost_of_delay(context: RuleContext) -> CostOfDelay:
    own_price = context.facts.get(Fact.MONTHLY_PRICE_JPY)
    return CostOfDelay(own_price if isinstance(own_price, int) else None)


def _facts(rule: Renewal, _procedure: ProcedureContent) -> Iterable[Fact]:
    match rule.on:
        case "renews_on":
            yield Fact.RENEWS_ON
        case "plan_end":
            yield from (Fact.RENTAL_ENDS_ON, Fact.ACTIVATED_ON, Fact.PLAN_DAYS)
    yield Fact.MONTHLY_PRICE_JPY


HANDLER: Final = RuleHandler(Renewal, (Computation(EventCode.RENEWS, _renews),), _facts)
