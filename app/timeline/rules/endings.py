"""What ends, renews or comes back by itself: expiry, unpaid bills, renewals, account pages, free months, refunds."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from app import dates, zones
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.timing_rules import (
    AccountPage,
    Expiry,
    FreeMonths,
    RefundPaid,
    Renewal,
    Unpaid,
)
from app.facts.specs import Fact
from app.messages.message import Deadline, Message, Period
from app.timeline.context import RuleContext, expiry_days
from app.timeline.contract_end import day_of
from app.timeline.events import CostOfDelay, Event, due, event, undated


def expiry(rule: Expiry, context: RuleContext) -> Iterator[Event]:
    """Say when the service is suspended and ends by itself."""
    suspended, ends = expiry_days(rule, context.facts)
    if suspended is not None:
        yield _lasts(EventCode.SUSPENDED, rule, suspended, context)
    expires = _lasts(EventCode.EXPIRES, rule, ends, context)
    if rule.rolling:
        # The hour of activation is not known: on this day, at that hour.
        message = Message("expires.rolling", {"day": ends})
        expires = replace(expires, at=None, why=message, certainty=Certainty.ESTIMATED)
    yield expires


def _lasts(code: EventCode, rule: Expiry, last: dt.date, context: RuleContext) -> Event:
    deadline = context.deadline(rule, last, rule.time)
    return due(
        event(rule, code, Message(f"{code}.day", {"deadline": deadline})), deadline, context.at
    )


def unpaid(rule: Unpaid, context: RuleContext) -> Iterator[Event]:
    """Say what happens by itself when a bill stays unpaid."""
    owed = day_of(context.facts, rule.after)
    if rule.length is not None:
        day = dates.later(owed, rule.length)
    else:
        assert rule.day_of_month is not None  # the rule's own check
        day = dates.day_of_month(owed, rule.day_of_month, rule.months_ahead)
    code = EventCode.SUSPENDED if rule.leads_to == "suspension" else EventCode.EXPIRES
    yield due(
        event(rule, code, Message(f"unpaid.{rule.leads_to}", {"day": day})),
        context.deadline(rule, day),
        context.at,
    )


def renewal(rule: Renewal, context: RuleContext) -> Iterator[Event]:
    """Say when it is paid for again, and until when that can be stopped."""
    match rule.on:
        case "data_used_up":
            yield undated(event(rule, EventCode.RENEWS, Message("renews.data_used_up")))
            return
        case "renews_on":
            coming = [day_of(context.facts, Fact.RENEWS_ON)]
        case "plan_end":
            coming = [context.plan_end + dt.timedelta(days=1)]
        case _:
            today = context.today(rule)
            coming = [dates.day_of_month(today, rule.day or 1, months) for months in range(4)]
            coming = [day for day in coming if day > today]
    for day in coming:
        stop = _stop_by(rule, day, context)
        in_time = context.at < stop.boundary
        if in_time or day == coming[-1]:
            message = Message("apply_by.stop_renewal", {"deadline": stop, "day": day})
            yield replace(
                due(event(rule, EventCode.APPLY_BY, message), stop, context.at),
                cost_of_delay=_price(context),
            )
        message = Message("renews.day" if in_time else "renews.too_late", {"day": day})
        yield replace(
            event(rule, EventCode.RENEWS, message), on=day, passed=day <= context.today(rule)
        )
        if in_time:
            return


def _stop_by(rule: Renewal, day: dt.date, context: RuleContext) -> Deadline:
    where = zones.zone(rule.zone)
    if rule.notice.unit == "hours" and rule.notice_time is None:
        return Deadline(dates.boundary(day, "00:00", where) - dt.timedelta(hours=rule.notice.value))
    last = (
        dates.earlier(day, rule.notice)
        if rule.notice.value or rule.notice_time
        else day - dt.timedelta(days=1)
    )
    return context.deadline(rule, last, rule.notice_time or "24:00")


def _price(context: RuleContext) -> CostOfDelay:
    price = context.facts.get(Fact.MONTHLY_PRICE_JPY)
    return CostOfDelay(price if isinstance(price, int) else None)


def account_page(rule: AccountPage, context: RuleContext) -> Iterator[Event]:
    """Say how long the account stays open."""
    deadline = context.deadline(rule, dates.later(context.contract_end, rule.open_for))
    message = Message("account_page_closes", {"deadline": deadline})
    yield due(event(rule, EventCode.ACCOUNT_PAGE_CLOSES, message), deadline, context.at)


def free_months(rule: FreeMonths, context: RuleContext) -> Iterator[Event]:
    """Say in which months ending costs no early fee."""
    first = day_of(context.facts, rule.counted_from).replace(day=1)
    today = context.today(rule)
    begins = dates.months_later(first, rule.month - 1 + (rule.first_month == "next_month"))
    while (
        ends := dates.day_of_month(begins, "last", rule.months - 1)
    ) < today and rule.every is not None:
        begins = dates.months_later(begins, rule.every)
    message = Message("fee_free.months", {"period": Period(begins, ends)})
    yield replace(
        event(rule, EventCode.FEE_FREE, message), begins=begins, ends=ends, passed=ends < today
    )


def refund_paid(rule: RefundPaid, context: RuleContext) -> Iterator[Event]:
    """Say when money that is paid back arrives."""
    match rule.after:
        case "request":
            start = context.today(rule)
        case "contract_end":
            start = context.contract_end
        case "rental_ends_on":
            start = day_of(context.facts, Fact.RENTAL_ENDS_ON)
    if rule.latest is not None:
        latest = dates.later(start, rule.latest)
    else:
        assert rule.month_end_after is not None  # the rule's own check
        latest = dates.day_of_month(start, "last", rule.month_end_after)
    if rule.earliest is None:
        yield replace(
            event(
                rule, EventCode.REFUND_EXPECTED, Message("refund_expected.latest", {"day": latest})
            ),
            on=latest,
        )
    else:
        begins = dates.later(start, rule.earliest)
        message = Message("refund_expected.between", {"begins": begins, "day": latest})
        yield replace(event(rule, EventCode.REFUND_EXPECTED, message), begins=begins, ends=latest)
