"""The calculation of a request: when it is handled, when the contract then ends, and until when it is paid for."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from app import dates, zones
from app.catalogue.codes import BillingCycle, LastMonth
from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import FeePeriod, Span
from app.catalogue.timing_rules import Acceptance, ContractEnd
from app.facts.specs import Fact, GivenFacts
from app.timeline.events import MissingFacts, NotStated

RUNS_ON: Final = frozenset({"month_end", "day_of_month", "cycle_end"})
"""Ends that lie at the end of something: to miss one is to stay for another round."""

_HORIZON: Final = 400 * 86_400
"""Seconds to look ahead for the next charge boundary: more than a year, for rules that skip months."""


@dataclass(frozen=True)
class ContractEndCalculation:
    """What follows from a request, by one rule about the end of the contract."""

    rules: ProcedureContent
    end: ContractEnd
    facts: GivenFacts

    @property
    def acceptance(self) -> tuple[Acceptance, ...]:
        """The rules about when requests are taken; a number that moves is not asked for here."""
        if self.end.ends == "number_moved":
            return ()
        return tuple(rule for rule in self.rules.timing if isinstance(rule, Acceptance))

    def handled(self, request: dt.datetime) -> dt.datetime:
        """Return when a request that somebody wants to make at this instant counts as made."""
        for rule in self.acceptance:
            request = handled(rule, request)
        return request.astimezone(zones.zone(self.end.zone))

    def ends(self, request: dt.datetime) -> dt.datetime:
        """Return the first instant at which the contract has ended, in the rule's zone."""
        where = zones.zone(self.end.zone)
        instant = self.handled(request)
        match self.end.ends:
            case "at_once" | "number_moved":
                ends = instant
            case "after":
                ends = self._after(instant)
            case "chosen_date":
                ends = dates.boundary(
                    max(self.chosen(), self.earliest_choice(instant)), "24:00", where
                )
            case "device_returned":
                raise NotStated("device_returned")
            case _:
                ends = dates.boundary(self._last_day(instant), "24:00", where)
        return self._not_before(ends)

    def last_day(self, request: dt.datetime) -> dt.date:
        """Return the day on which the contract ends: its last, whole or begun."""
        ends = self.ends(request)
        # A request handled at midnight ends the contract on the day that begins, not on the one before.
        return ends.date() if ends == self.handled(request) else dates.last_day_before(ends)

    def chosen(self) -> dt.date:
        """Return the day the person wants it to end."""
        return day_of(self.facts, Fact.CHOSEN_END_ON)

    def earliest_choice(self, instant: dt.datetime) -> dt.date:
        """Return the first day that can be chosen by a request that counts from this instant."""
        return dates.later(instant.date(), self.end.lead) if self.end.lead else instant.date()

    def charged_until(self, request: dt.datetime) -> dt.date:
        """Return the last day that is paid for."""
        last_day = self.last_day(request)
        billing = self.rules.billing
        match billing.last_month:
            case LastMonth.FULL:
                return self.period_end(last_day)
            case LastMonth.PRORATED:
                within = billing.full_within
                if within is not None and last_day < free_from(
                    within, day_of(self.facts, within.counted_from)
                ):
                    return self.period_end(last_day)
                return last_day
            case LastMonth.BY_USAGE:
                return last_day
            case _ if self.end.ends in RUNS_ON:
                return last_day
            case _:
                raise NotStated(billing.last_month.value)

    def period_end(self, day: dt.date) -> dt.date:
        """Return the last day of the billing period that the day is in."""
        billing = self.rules.billing
        match billing.cycle:
            case BillingCycle.CALENDAR_MONTH:
                return dates.last_of_month(day)
            case BillingCycle.CLOSING_DAY:
                closing = self._closing_day()
                in_month = dates.day_of_month(day, closing)
                return in_month if day <= in_month else dates.day_of_month(day, closing, 1)
            case BillingCycle.CONTRACT_DAY:
                return _cycle_end(self._cycle_start(), day)
            case BillingCycle.UNKNOWN:
                if self.end.ends == "month_end":
                    return day
                raise NotStated("cycle")

    def boundary(self, request: dt.datetime) -> dt.datetime | None:
        """Return the first instant from which a request is paid for longer than one made now; None: none is near."""
        paid = self.charged_until(request)
        begin = request.replace(microsecond=0)

        def grown(seconds: int) -> bool:
            # In UTC: a sum on a wall clock would go wrong where clocks change.
            return (
                self.charged_until(begin.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)) > paid
            )

        # What is paid for never shrinks with time, so the first second at which it has grown can be closed in on.
        same, more = 0, _HORIZON
        if not grown(more):
            return None
        while more - same > 1:
            middle = (same + more) // 2
            same, more = (same, middle) if grown(middle) else (middle, more)
        return (begin.astimezone(dt.UTC) + dt.timedelta(seconds=more)).astimezone(
            zones.zone(self.end.zone)
        )

    def _last_day(self, instant: dt.datetime) -> dt.date:
        match self.end.ends:
            case "same_day":
                return instant.date()
            case "cycle_end":
                return self.period_end(instant.date())
            case "day_of_month":
                assert self.end.day is not None  # the rule's own check
                day: int | Literal["last"] = self.end.day
            case _:
                day = "last"
        months = self.end.months_ahead + self._missed_cutoff(instant)
        last_day = dates.day_of_month(instant.date(), day, months)
        return (
            last_day
            if last_day >= instant.date()
            else dates.day_of_month(instant.date(), day, months + 1)
        )

    def _missed_cutoff(self, instant: dt.datetime) -> bool:
        cutoff = self.end.cutoff
        if cutoff is None:
            return False
        in_february = instant.month == 2 and cutoff.february_day is not None  # noqa: PLR2004 - February
        day = dates.day_of_month(
            instant.date(), cutoff.february_day or 1 if in_february else cutoff.day
        )
        return instant >= dates.boundary(
            day - dt.timedelta(days=cutoff.days_before), cutoff.time, zones.zone(self.end.zone)
        )

    def _after(self, instant: dt.datetime) -> dt.datetime:
        lead = self.end.lead
        assert lead is not None  # the rule's own check
        if lead.unit == "hours":
            return instant + dt.timedelta(hours=lead.value)
        return dates.boundary(dates.later(instant.date(), lead), "24:00", zones.zone(self.end.zone))

    def _not_before(self, ends: dt.datetime) -> dt.datetime:
        started = self.facts.get(Fact.CONTRACT_STARTED_ON)
        if self.end.not_before is None or not isinstance(started, dt.date):
            return ends
        # "One month from the 1st of March" is over on the 31st.
        earliest = dates.later(started, self.end.not_before) - dt.timedelta(days=1)
        earliest = dates.last_of_month(earliest) if self.end.ends == "month_end" else earliest
        return max(ends, dates.boundary(earliest, "24:00", zones.zone(self.end.zone)))

    def _closing_day(self) -> int | Literal["last"]:
        closing = self.facts.get(Fact.CLOSING_DAY)
        if closing is None and len(self.rules.billing.closing_days) == 1:
            return self.rules.billing.closing_days[0]
        if isinstance(closing, int):
            return closing
        if closing == "last":
            return "last"
        raise MissingFacts(Fact.CLOSING_DAY)

    def _cycle_start(self) -> dt.date:
        started = self.facts.get(Fact.SERVICE_STARTED_ON)
        return (
            started
            if isinstance(started, dt.date)
            else day_of(self.facts, Fact.CONTRACT_STARTED_ON)
        )


def handled(rule: Acceptance, request: dt.datetime) -> dt.datetime:
    """Return when a request counts as made by the rule: when it is taken and, after the daily turning point, later."""
    where = zones.zone(rule.zone)
    instant = taken(rule, request)
    if rule.same_day_until:
        late = instant >= dates.boundary(instant.date(), rule.same_day_until, where)
        day = instant.date() + dt.timedelta(days=1 if late else 0)
        # Who puts what is late off to a business day does not handle anything on other days.
        while rule.later == "next_business_day" and not dates.is_business_day(day):
            day += dt.timedelta(days=1)
        if day > instant.date():
            return dates.opening(day, rule.resumes_at or "00:00", where)
    if rule.resumes_at:
        return max(instant, dates.opening(instant.date(), rule.resumes_at, where))
    return instant


def taken(rule: Acceptance, request: dt.datetime) -> dt.datetime:
    """Return the first instant from the request on at which a request can be made at all."""
    where = zones.zone(rule.zone)
    instant = request.astimezone(where)
    while (waited := _wait(rule, instant)) > instant:
        instant = waited
    return instant


def _wait(rule: Acceptance, instant: dt.datetime) -> dt.datetime:
    """Return the end of a time in which nothing is taken and that the instant is in, or the instant itself."""
    where = zones.zone(rule.zone)
    today = instant.date()
    if rule.closed_from_day and today.day >= rule.closed_from_day:
        return dates.boundary(dates.last_of_month(today), "24:00", where)
    for closure in rule.closures:
        closed = (
            dates.opening(today, closure.hours.opens, where),
            dates.boundary(today, closure.hours.closes, where),
        )
        if today == dates.day_of_month(today, closure.day) and closed[0] <= instant < closed[1]:
            return closed[1]
    if rule.weekdays and dates.weekday(today) not in rule.weekdays:
        return dates.boundary(today, "24:00", where)
    if rule.accepted:
        if instant >= dates.boundary(today, rule.accepted.closes, where):
            today += dt.timedelta(days=1)
        return max(instant, dates.opening(today, rule.accepted.opens, where))
    return instant


def free_from(period: FeePeriod, started: dt.date) -> dt.date:
    """Return the first day on which a fee is no longer due, or `date.max` when it stays due."""
    if period.until is None:
        return dt.date.max
    return _counted(period, started, period.until)


def _counted(period: FeePeriod, started: dt.date, span: Span) -> dt.date:
    if period.counting == "to_the_day":
        return dates.later(started, span)
    first = dates.months_later(started.replace(day=1), period.counting == "next_month_is_first")
    return dates.later(first, span)


def day_of(facts: GivenFacts, fact: Fact) -> dt.date:
    """Return the date of a fact, or raise `MissingFacts`."""
    value = facts.get(fact)
    if not isinstance(value, dt.date):
        raise MissingFacts(fact)
    return value


def _cycle_end(start: dt.date, day: dt.date) -> dt.date:
    """Return the last day of the month, counted from the start's day, that the day is in."""
    months = (day.year - start.year) * 12 + day.month - start.month
    while dates.months_later(start, months) > day:
        months -= 1
    while dates.months_later(start, months + 1) <= day:
        months += 1
    return dates.months_later(start, months + 1) - dt.timedelta(days=1)
