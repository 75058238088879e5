"""What the rules about deadlines share: what they count from, and how lengths of time are counted."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app import dates, zones
from app.catalogue.parts import Span
from app.catalogue.timing_rules import Expiry, Rule
from app.facts.specs import Fact, GivenFacts
from app.messages.message import Deadline
from app.timeline.contract_end import ContractEndCalculation, day_of
from app.timeline.events import MissingFacts, NotStated

_PLAN: Final = Expiry(
    kind="expiry",
    after=Fact.ACTIVATED_ON,
    length="plan_days",
    first_day_counts=True,
    sources=("NONE",),
)
"""How a plan that is sold by the day is counted: the day of activation is its first."""


@dataclass(frozen=True)
class RuleContext:
    """What deadlines are counted from: what is told, now, and what the other rules lead to."""

    facts: GivenFacts
    at: dt.datetime
    calculation: ContractEndCalculation | None
    expiry: Expiry | None
    rented: bool

    @cached_property
    def contract_end(self) -> dt.date:
        """The day the contract ends if the request is made now."""
        if self.calculation is None:
            raise NotStated("contract_end")
        return self.calculation.last_day(self.at)

    @cached_property
    def expired_on(self) -> dt.date:
        """The day on which the service ends by itself."""
        if self.expiry is None:
            raise NotStated("expiry")
        return expiry_days(self.expiry, self.facts)[1]

    @cached_property
    def plan_end(self) -> dt.date:
        """The last day of what was paid for in advance: of a rental, or of a plan counted from its activation."""
        facts = self.facts
        if Fact.RENTAL_ENDS_ON in facts or (self.rented and Fact.ACTIVATED_ON not in facts):
            return day_of(facts, Fact.RENTAL_ENDS_ON)
        return expiry_days(_PLAN, facts)[1]

    def today(self, rule: Rule) -> dt.date:
        """Return today on the calendar of the rule."""
        return self.at.astimezone(zones.zone(rule.zone)).date()

    def deadline(self, rule: Rule, day: dt.date, time: str = "24:00") -> Deadline:
        """Return the deadline at this time of the day, in the zone of the rule."""
        return Deadline(dates.boundary(day, time, zones.zone(rule.zone)))


def expiry_days(rule: Expiry, facts: GivenFacts) -> tuple[dt.date | None, dt.date]:
    """Return the last day before the suspension, if there is one, and the last day of all."""
    length = rule.length
    missing = [
        fact
        for fact in (rule.after, *([Fact.PLAN_DAYS] if length == "plan_days" else []))
        if fact not in facts
    ]
    if missing:
        raise MissingFacts(*missing)
    if not isinstance(length, Span):
        count = facts[Fact.PLAN_DAYS]
        assert isinstance(count, int)  # what the fact's form allows
        length = Span(value=count)
    last = nth(day_of(facts, rule.after), length, first_day_counts=rule.first_day_counts)
    return (last, dates.later(last, rule.suspended_first)) if rule.suspended_first else (None, last)


def nth(start: dt.date, length: Span, *, first_day_counts: bool) -> dt.date:
    """Return the last day of a length that begins with the start, or on the day after it."""
    if first_day_counts and length.unit == "business_days":
        return dates.business_days_later(start - dt.timedelta(days=1), length.value)
    return dates.later(start, length) - dt.timedelta(
        days=1 if first_day_counts and length.value else 0
    )
