"""The inputs of rule computations: the procedure, the facts, and dates of other rules."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from app import dates, zones
from app.catalogue.codes import Product
from app.catalogue.documents import ProcedureContent
from app.catalogue.parts import DayOfMonth, Span
from app.catalogue.timing_rules import ContractEnd, Expiry, Rule
from app.facts.specs import Fact, GivenFacts
from app.messages.message import Deadline
from app.timeline.contract_end import ContractEndCalculation
from app.timeline.missing import MissingFacts, NotStated, require_date

_RENTED: Final = frozenset({Product.POCKET_WIFI, Product.HOME_ROUTER})

_PLAN: Final = Expiry(
    kind="expiry",
    after=Fact.ACTIVATED_ON,
    length="plan_days",
    first_day_counts=True,
    sources=("NONE",),
)
"""The rule for plans sold by the day: the day of activation is day 1."""


@dataclass(frozen=True)
class RuleContext:
    """The inputs of a rule, for a request made at `at`, and dates that other rules give.

    A date that cannot be computed raises `MissingFacts` or `NotStated`.
    """

    procedure: ProcedureContent
    facts: GivenFacts
    at: dt.datetime

    @cached_property
    def contract_end(self) -> dt.date:
        """The last day of the contract, by the first `contract_end` rule of the procedure."""
        for rule in self.procedure.timing:
            if isinstance(rule, ContractEnd):
                return self.calculation_of(rule).last_day(self.at)
        raise NotStated("not_stated.contract_end")

    @cached_property
    def expiry(self) -> dt.date:
        """The last day of a service that expires, by the first `expiry` rule of the procedure."""
        for rule in self.procedure.timing:
            if isinstance(rule, Expiry):
                return expiry_days(rule, self.facts).last_day
        raise NotStated("not_stated.expiry")

    @cached_property
    def plan_end(self) -> dt.date:
        """The last prepaid day: of the rental, or of the plan counted from its activation."""
        is_rental = not _RENTED.isdisjoint(self.procedure.applies_to.products)
        if Fact.RENTAL_ENDS_ON in self.facts or (is_rental and Fact.ACTIVATED_ON not in self.facts):
            return require_date(self.facts, Fact.RENTAL_ENDS_ON)
        return expiry_days(_PLAN, self.facts).last_day

    def calculation_of(self, rule: ContractEnd) -> ContractEndCalculation:
        """Return the calculation for a `contract_end` rule of the procedure."""
        return ContractEndCalculation(self.procedure, rule, self.facts)

    def today(self, rule: Rule) -> dt.date:
        """Return the date of `at` in the time zone of the rule."""
        return self.at.astimezone(zones.zone(rule.zone)).date()

    def date_of(self, fact: Fact) -> dt.date:
        """Return the date of a fact, or raise `MissingFacts`."""
        return require_date(self.facts, fact)

    def deadline(self, rule: Rule, day: dt.date, time: str = "24:00") -> Deadline:
        """Return the deadline at `time` (HH:MM) on the day, in the time zone of the rule."""
        return Deadline(dates.boundary(day, time, zones.zone(rule.zone)))


class ExpiryDays(NamedTuple):
    """The days on which a service is suspended and expires."""

    suspended_after: dt.date | None
    """The last day before the suspension. None if it is not suspended first."""

    last_day: dt.date


def expiry_days(rule: Expiry, facts: GivenFacts) -> ExpiryDays:
    """Return the days of an `expiry` rule, or raise `MissingFacts`."""
    length = rule.length
    required_facts = [rule.after, *([Fact.PLAN_DAYS] if length == "plan_days" else [])]
    missing = [fact for fact in required_facts if fact not in facts]
    if missing:
        raise MissingFacts(*missing)
    if not isinstance(length, Span):
        plan_days = facts[Fact.PLAN_DAYS]
        assert isinstance(plan_days, int)  # the type of this fact
        length = Span(value=plan_days)
    started = require_date(facts, rule.after)
    day = last_day_of(started, length, first_day_counts=rule.first_day_counts)
    if rule.suspended_first is None:
        return ExpiryDays(None, day)
    return ExpiryDays(day, dates.later(day, rule.suspended_first))


def last_day_of(start: dt.date, length: Span, *, first_day_counts: bool) -> dt.date:
    """Return the last day of a period of this length.

    Day 1 is `start` itself if `first_day_counts`, otherwise the day after it.
    """
    one_day = dt.timedelta(days=1)
    if first_day_counts and length.unit == "business_days":
        return dates.business_days_later(start - one_day, length.value)
    last_day = dates.later(start, length)
    return last_day - one_day if first_day_counts and length.value else last_day


def day_after(
    start: dt.date, length: Span | None, day_of_month: DayOfMonth | None, months_ahead: int
) -> dt.date:
    """Return the day `length` after the start, or the given day of the month `months_ahead` later.

    Rules with these fields have exactly one of `length` and `day_of_month`.
    """
    if length is not None:
        return dates.later(start, length)
    assert day_of_month is not None  # checked by the model of the rule
    return dates.day_of_month(start, day_of_month, months_ahead)
