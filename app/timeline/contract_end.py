"""Calculations for the end of a contract: when it ends, and until when it is charged."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from app import dates, zones
from app.catalogue.codes import BillingCycle, LastMonth
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Acceptance, ContractEnd
from app.facts.specs import Fact, GivenFacts
from app.timeline.acceptance import processed_at
from app.timeline.fee_period import first_free_day
from app.timeline.missing import MissingFacts, NotStated, require_date

END_OF_PERIOD: Final = frozenset({"month_end", "day_of_month", "cycle_end"})
"""Values of `ContractEnd.ends` where a missed deadline costs another whole period."""

_SEARCH_SECONDS: Final = 400 * 86_400
"""How far ahead to search for the next charge boundary: more than a year."""

_FEBRUARY: Final = 2


@dataclass(frozen=True)
class ContractEndCalculation:
    """Computes the end of a contract and its charges by one `contract_end` rule.

    Methods raise `MissingFacts` or `NotStated` when a result cannot be computed.
    """

    procedure: ProcedureContent
    rule: ContractEnd
    facts: GivenFacts

    @property
    def acceptance_rules(self) -> tuple[Acceptance, ...]:
        """The acceptance rules that apply; none if the new carrier moves the number."""
        if self.rule.ends == "number_moved":
            return ()
        return tuple(rule for rule in self.procedure.timing if isinstance(rule, Acceptance))

    @property
    def same_day_is_certain(self) -> bool:
        """Whether every acceptance rule states for certain on which day a request is processed."""
        return all(rule.same_day_is_certain for rule in self.acceptance_rules)

    def processed_at(self, request: dt.datetime) -> dt.datetime:
        """Return when a request made at this instant is processed, in the rule's time zone."""
        for rule in self.acceptance_rules:
            request = processed_at(rule, request)
        return request.astimezone(self._zone)

    def ends_at(self, request: dt.datetime) -> dt.datetime:
        """Return the first instant after the end of the contract, in the rule's time zone."""
        processed = self.processed_at(request)
        match self.rule.ends:
            case "at_once" | "number_moved":
                ends = processed
            case "after":
                ends = self._after(processed)
            case "chosen_date":
                last_day = max(self.chosen_day(), self.earliest_choice(processed))
                ends = self._end_of(last_day)
            case "device_returned":
                raise NotStated("not_stated.device_returned")
            case _:
                ends = self._end_of(self._last_day_of_period(processed))
        return self._not_before(ends)

    def last_day(self, request: dt.datetime) -> dt.date:
        """Return the last day of the contract, even if the contract ends during that day."""
        ends = self.ends_at(request)
        # A request processed at midnight ends the contract on the new day, not on the day before.
        if ends == self.processed_at(request):
            return ends.date()
        return dates.last_day_before(ends)

    def chosen_day(self) -> dt.date:
        """Return the end date that the person has chosen, or raise `MissingFacts`."""
        return require_date(self.facts, Fact.CHOSEN_END_ON)

    def earliest_choice(self, processed: dt.datetime) -> dt.date:
        """Return the earliest end date for a request that is processed at this instant."""
        if self.rule.lead is None:
            return processed.date()
        return dates.later(processed.date(), self.rule.lead)

    def charged_until(self, request: dt.datetime) -> dt.date:
        """Return the last day that is charged if the request is made at this instant."""
        return self.charged_for(self.last_day(request))

    def charged_for(self, last_day: dt.date) -> dt.date:
        """Return the last day that is charged for a contract whose last day is `last_day`."""
        billing = self.procedure.billing
        match billing.last_month:
            case LastMonth.FULL:
                return self.period_end(last_day)
            case LastMonth.PRORATED:
                full_within = billing.full_within
                if full_within is not None:
                    started = require_date(self.facts, full_within.counted_from)
                    if last_day < first_free_day(full_within, started):
                        return self.period_end(last_day)
                return last_day
            case LastMonth.BY_USAGE:
                return last_day
            case _ if self.rule.ends in END_OF_PERIOD:
                return last_day
            case LastMonth.PREPAID:
                raise NotStated("not_stated.prepaid")
            case LastMonth.UNKNOWN:
                raise NotStated("not_stated.unknown")

    def period_end(self, day: dt.date) -> dt.date:
        """Return the last day of the billing period that contains the day."""
        match self.procedure.billing.cycle:
            case BillingCycle.CALENDAR_MONTH:
                return dates.last_of_month(day)
            case BillingCycle.CLOSING_DAY:
                closing_day = self._closing_day()
                closes = dates.day_of_month(day, closing_day)
                return closes if day <= closes else dates.day_of_month(day, closing_day, 1)
            case BillingCycle.CONTRACT_DAY:
                return _end_of_contract_month(self._cycle_start(), day)
            case BillingCycle.UNKNOWN:
                if self.rule.ends == "month_end":
                    return day
                raise NotStated("not_stated.cycle")

    def charge_boundary(self, request: dt.datetime) -> dt.datetime | None:
        """Return the first instant at which a request is charged for longer than `request` is.

        Returns None if there is no such instant within 400 days.
        """
        charged_now = self.charged_until(request)
        # In UTC, because adding seconds to local time is wrong across clock changes.
        start = request.replace(microsecond=0).astimezone(dt.UTC)

        def costs_more(seconds: int) -> bool:
            return self.charged_until(start + dt.timedelta(seconds=seconds)) > charged_now

        if not costs_more(_SEARCH_SECONDS):
            return None
        # A later request is never charged for less, so the boundary can be found by bisection.
        in_time, too_late = 0, _SEARCH_SECONDS
        while too_late - in_time > 1:
            middle = (in_time + too_late) // 2
            if costs_more(middle):
                too_late = middle
            else:
                in_time = middle
        return (start + dt.timedelta(seconds=too_late)).astimezone(self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return zones.zone(self.rule.zone)

    def _end_of(self, day: dt.date) -> dt.datetime:
        return dates.boundary(day, "24:00", self._zone)

    def _last_day_of_period(self, processed: dt.datetime) -> dt.date:
        today = processed.date()
        match self.rule.ends:
            case "same_day":
                return today
            case "cycle_end":
                return self.period_end(today)
            case "day_of_month":
                assert self.rule.day is not None  # checked by the model of the rule
                day: int | Literal["last"] = self.rule.day
            case _:
                day = "last"
        months = self.rule.months_ahead
        if self._misses_cutoff(processed):
            months += 1
        last_day = dates.day_of_month(today, day, months)
        return last_day if last_day >= today else dates.day_of_month(today, day, months + 1)

    def _misses_cutoff(self, processed: dt.datetime) -> bool:
        cutoff = self.rule.cutoff
        if cutoff is None:
            return False
        cutoff_day = cutoff.day
        if processed.month == _FEBRUARY and cutoff.february_day is not None:
            cutoff_day = cutoff.february_day
        day = dates.day_of_month(processed.date(), cutoff_day)
        day -= dt.timedelta(days=cutoff.days_before)
        return processed >= dates.boundary(day, cutoff.time, self._zone)

    def _after(self, processed: dt.datetime) -> dt.datetime:
        lead = self.rule.lead
        assert lead is not None  # checked by the model of the rule
        if lead.unit == "hours":
            return processed + dt.timedelta(hours=lead.value)
        return self._end_of(dates.later(processed.date(), lead))

    def _not_before(self, ends: dt.datetime) -> dt.datetime:
        started = self.facts.get(Fact.CONTRACT_STARTED_ON)
        if self.rule.not_before is None or not isinstance(started, dt.date):
            return ends
        # One month from 1 March ends on 31 March.
        earliest = dates.later(started, self.rule.not_before) - dt.timedelta(days=1)
        if self.rule.ends == "month_end":
            earliest = dates.last_of_month(earliest)
        return max(ends, self._end_of(earliest))

    def _closing_day(self) -> int | Literal["last"]:
        given_day = self.facts.get(Fact.CLOSING_DAY)
        closing_days = self.procedure.billing.closing_days
        if given_day is None and len(closing_days) == 1:
            return closing_days[0]
        if isinstance(given_day, int):
            return given_day
        if given_day == "last":
            return "last"
        raise MissingFacts(Fact.CLOSING_DAY)

    def _cycle_start(self) -> dt.date:
        started = self.facts.get(Fact.SERVICE_STARTED_ON)
        if isinstance(started, dt.date):
            return started
        return require_date(self.facts, Fact.CONTRACT_STARTED_ON)


def _end_of_contract_month(start: dt.date, day: dt.date) -> dt.date:
    """Return the last day of the contract month that contains the day.

    Contract months begin on the day of the month on which the contract started.
    """
    months = (day.year - start.year) * 12 + day.month - start.month
    while dates.months_later(start, months) > day:
        months -= 1
    while dates.months_later(start, months + 1) <= day:
        months += 1
    return dates.months_later(start, months + 1) - dt.timedelta(days=1)
