"""What ends, renews or comes back by itself: expiry, unpaid bills, renewals, account pages, free months, refunds."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from app import dates
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.timing_rules import (
    AccountPage,
    Expiry,
    Fact,
    FreeMonths,
    RefundPaid,
    Renewal,
    Unpaid,
)
from app.messages.message import Deadline, Period, Saying
from app.timeline.context import Ground, expiry_days
from app.timeline.contract_end import day_of
from app.timeline.events import Event, Waiting, due, event, undated


def expiry(rule: Expiry, ground: Ground) -> Iterator[Event]:
    """Say when the service is suspended and ends by itself."""
    suspended, ends = expiry_days(rule, ground.facts)
    if suspended is not None:
        yield _lasts(EventCode.SUSPENDED, rule, suspended, ground)
    expires = _lasts(EventCode.EXPIRES, rule, ends, ground)
    if rule.rolling:
        # The hour of activation is not known: on this day, at that hour.
        say = Saying("expires.rolling", {"day": ends})
        expires = replace(expires, at=None, why=say, certainty=Certainty.ESTIMATED)
    yield expires


def _lasts(code: EventCode, rule: Expiry, last: dt.date, ground: Ground) -> Event:
    deadline = ground.deadline(rule, last, rule.time)
    return due(
        event(rule, code, Saying(f"{code}.day", {"deadline": deadline})), deadline, ground.at
    )


def unpaid(rule: Unpaid, ground: Ground) -> Iterator[Event]:
    """Say what happens by itself when a bill stays unpaid."""
    owed = day_of(ground.facts, rule.after)
    if rule.length is not None:
        day = dates.later(owed, rule.length)
    else:
        assert rule.day_of_month is not None  # the rule's own check
        day = dates.day_of_month(owed, rule.day_of_month, rule.months_ahead)
    code = EventCode.SUSPENDED if rule.leads_to == "suspension" else EventCode.EXPIRES
    yield due(
        event(rule, code, Saying(f"unpaid.{rule.leads_to}", {"day": day})),
        ground.deadline(rule, day),
        ground.at,
    )


def renewal(rule: Renewal, ground: Ground) -> Iterator[Event]:
    """Say when it is paid for again, and until when that can be stopped."""
    match rule.on:
        case "data_used_up":
            yield undated(event(rule, EventCode.RENEWS, Saying("renews.data_used_up")))
            return
        case "renews_on":
            coming = [day_of(ground.facts, Fact.RENEWS_ON)]
        case "plan_end":
            coming = [ground.plan_end + dt.timedelta(days=1)]
        case _:
            today = ground.today(rule)
            coming = [dates.day_of_month(today, rule.day or 1, months) for months in range(4)]
            coming = [day for day in coming if day > today]
    for day in coming:
        stop = _stop_by(rule, day, ground)
        in_time = ground.at < stop.boundary
        if in_time or day == coming[-1]:
            say = Saying("apply_by.stop_renewal", {"deadline": stop, "day": day})
            yield replace(
                due(event(rule, EventCode.APPLY_BY, say), stop, ground.at), waiting=_price(ground)
            )
        say = Saying("renews.day" if in_time else "renews.too_late", {"day": day})
        yield replace(event(rule, EventCode.RENEWS, say), on=day, passed=day <= ground.today(rule))
        if in_time:
            return


def _stop_by(rule: Renewal, day: dt.date, ground: Ground) -> Deadline:
    where = dates.zone(rule.zone)
    if rule.notice.unit == "hours" and rule.notice_time is None:
        return Deadline(dates.boundary(day, "00:00", where) - dt.timedelta(hours=rule.notice.value))
    last = (
        dates.earlier(day, rule.notice)
        if rule.notice.value or rule.notice_time
        else day - dt.timedelta(days=1)
    )
    return ground.deadline(rule, last, rule.notice_time or "24:00")


def _price(ground: Ground) -> Waiting:
    price = ground.facts.get(Fact.MONTHLY_PRICE_JPY)
    return Waiting(price if isinstance(price, int) else None)


def account_page(rule: AccountPage, ground: Ground) -> Iterator[Event]:
    """Say how long the account stays open."""
    deadline = ground.deadline(rule, dates.later(ground.contract_end, rule.open_for))
    say = Saying("account_page_closes", {"deadline": deadline})
    yield due(event(rule, EventCode.ACCOUNT_PAGE_CLOSES, say), deadline, ground.at)


def free_months(rule: FreeMonths, ground: Ground) -> Iterator[Event]:
    """Say in which months ending costs no early fee."""
    first = day_of(ground.facts, rule.counted_from).replace(day=1)
    today = ground.today(rule)
    begins = dates.months_later(first, rule.month - 1 + (rule.first_month == "next_month"))
    while (
        ends := dates.day_of_month(begins, "last", rule.months - 1)
    ) < today and rule.every is not None:
        begins = dates.months_later(begins, rule.every)
    say = Saying("fee_free.months", {"period": Period(begins, ends)})
    yield replace(
        event(rule, EventCode.FEE_FREE, say), begins=begins, ends=ends, passed=ends < today
    )


def refund_paid(rule: RefundPaid, ground: Ground) -> Iterator[Event]:
    """Say when money that is paid back arrives."""
    match rule.after:
        case "request":
            start = ground.today(rule)
        case "contract_end":
            start = ground.contract_end
        case "rental_ends_on":
            start = day_of(ground.facts, Fact.RENTAL_ENDS_ON)
    if rule.latest is not None:
        latest = dates.later(start, rule.latest)
    else:
        assert rule.month_end_after is not None  # the rule's own check
        latest = dates.day_of_month(start, "last", rule.month_end_after)
    if rule.earliest is None:
        yield replace(
            event(
                rule, EventCode.REFUND_EXPECTED, Saying("refund_expected.latest", {"day": latest})
            ),
            on=latest,
        )
    else:
        begins = dates.later(start, rule.earliest)
        say = Saying("refund_expected.between", {"begins": begins, "day": latest})
        yield replace(event(rule, EventCode.REFUND_EXPECTED, say), begins=begins, ends=latest)
