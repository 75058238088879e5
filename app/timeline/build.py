"""The dates that follow from a procedure's rules and a person's facts. Nothing here reads a clock or a database."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from app.catalogue.codes import Certainty, EventCode, Goal, Product
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import (
    Acceptance,
    AccountPage,
    ChargeTiers,
    ContractEnd,
    Expiry,
    FreeMonths,
    PortingNumber,
    RefundPaid,
    Renewal,
    ReturnBy,
    Rule,
    Unpaid,
    Window,
)
from app.facts.specs import GivenFacts
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.contract_end import ContractEndCalculation
from app.timeline.events import Event, MissingFacts, NotStated, Timeline
from app.timeline.relevant_facts import of_fees
from app.timeline.rules import charges, deadlines, endings

_MAIN: Final[Mapping[Goal, tuple[EventCode, ...]]] = {
    Goal.CANCEL_CONTRACT: (EventCode.APPLY_BY, EventCode.TAKES_EFFECT),
    Goal.PORT_OUT: (EventCode.APPLY_BY, EventCode.PORTING_NUMBER_EXPIRES),
    Goal.INITIAL_CONTRACT_CANCELLATION: (EventCode.WINDOW_CLOSES,),
    Goal.LET_EXPIRE: (EventCode.EXPIRES,),
    Goal.STOP_RENEWAL: (EventCode.RENEWS,),
    Goal.REQUEST_REFUND: (EventCode.REFUND_CLOSES,),
    Goal.RETURN_RENTAL: (EventCode.RETURN_BY,),
    Goal.CANCEL_BOOKING: (EventCode.APPLY_BY,),
}
"""The events people come for: where no rule leads to them, the timeline says that they are not known."""

_STANDS_FOR: Final[Mapping[EventCode, frozenset[EventCode]]] = {
    EventCode.APPLY_BY: frozenset({EventCode.WINDOW_CLOSES, EventCode.REFUND_CLOSES}),
    EventCode.WINDOW_CLOSES: frozenset({EventCode.REFUND_CLOSES}),
    EventCode.REFUND_CLOSES: frozenset({EventCode.WINDOW_CLOSES}),
    EventCode.RENEWS: frozenset({EventCode.APPLY_BY, EventCode.TAKES_EFFECT}),
    EventCode.EXPIRES: frozenset({EventCode.SUSPENDED, EventCode.START_BY}),
}
"""Events that answer the same question as another."""


def timeline(rules: ProcedureContent, facts: GivenFacts, at: dt.datetime) -> Timeline:
    """Return what follows if the request is made at `at`, what can be done until when, and which facts would tell more."""
    return _Evaluation(rules, facts, at).timeline()


def of_rule(rules: ProcedureContent, rule: Rule, facts: GivenFacts, at: dt.datetime) -> list[Event]:
    """Return what follows from one of the rules alone, known or not."""
    return list(_Evaluation(rules, facts, at).of_rule(rule))


_EVENTS: Final[Mapping[type[Rule], Callable[[Any, RuleContext], Iterator[Event]]]] = {
    AccountPage: endings.account_page,
    ChargeTiers: deadlines.charge_tiers,
    Expiry: endings.expiry,
    FreeMonths: endings.free_months,
    PortingNumber: deadlines.porting_number,
    RefundPaid: endings.refund_paid,
    Renewal: endings.renewal,
    ReturnBy: deadlines.return_by,
    Unpaid: endings.unpaid,
    Window: deadlines.window,
}
"""What makes the events of each kind of rule, but for those about the end of the contract."""

_CODES: Final[Mapping[type[Rule], EventCode]] = {
    AccountPage: EventCode.ACCOUNT_PAGE_CLOSES,
    ChargeTiers: EventCode.APPLY_BY,
    Expiry: EventCode.EXPIRES,
    FreeMonths: EventCode.FEE_FREE,
    PortingNumber: EventCode.PORTING_NUMBER_EXPIRES,
    RefundPaid: EventCode.REFUND_EXPECTED,
    Renewal: EventCode.RENEWS,
    ReturnBy: EventCode.RETURN_BY,
    Unpaid: EventCode.EXPIRES,
}


def _code_of(rule: Rule) -> EventCode:
    """Return the event that is unknown when a rule's date cannot be computed."""
    return deadlines.WINDOWS[rule.closes] if isinstance(rule, Window) else _CODES[type(rule)]


@dataclass(frozen=True)
class _Evaluation:
    """One timeline in the making."""

    rules: ProcedureContent
    facts: GivenFacts
    at: dt.datetime

    def timeline(self) -> Timeline:
        events = list(self._events())
        known = {event.code for event in events}
        silent = [
            code
            for code in _MAIN.get(self.rules.goal, ())
            if not known & {code, *_STANDS_FOR.get(code, ())}
        ]
        events += [unknown(code, Message(f"not_stated.{code}"), "none") for code in silent]
        needs = dict.fromkeys(fact for event in events for fact in event.needs)
        needs |= dict.fromkeys(fact for fact in of_fees(self.rules) if fact not in self.facts)
        return Timeline(sorted(events, key=_order), list(needs))

    def _events(self) -> Iterator[Event]:
        for rule in self.rules.timing:
            yield from self.of_rule(rule)
        yield from charges.free_of_fees(self.rules, self.facts, self.at)

    def of_rule(self, rule: Rule) -> Iterator[Event]:
        for code, produce in self._producers(rule):
            yield from self._safely(code, produce, rule)

    def _producers(self, rule: Rule) -> Iterator[tuple[EventCode, Callable[[], Iterable[Event]]]]:
        """Return what makes the events of a rule, each with the event that is unknown when it cannot be made."""
        if isinstance(rule, Acceptance):
            yield EventCode.PROCESSED, lambda: charges.processed(rule, self.at)
        elif isinstance(rule, ContractEnd):
            calculation = ContractEndCalculation(self.rules, rule, self.facts)
            yield EventCode.APPLY_BY, lambda: charges.apply_by(calculation, self.at)
            yield EventCode.TAKES_EFFECT, lambda: charges.takes_effect(calculation, self.at)
            yield EventCode.CHARGED_UNTIL, lambda: charges.charged_until(calculation, self.at)
            yield EventCode.FINAL_BILL, lambda: charges.bills(calculation, self.at)
        else:
            yield _code_of(rule), lambda: _EVENTS[type(rule)](rule, self._context)

    def _worth_saying(self, code: EventCode, reason: str) -> bool:
        """Return whether a reader misses the date: of a charge, it is `apply_by` that says what is not known."""
        if code is EventCode.APPLY_BY:
            return reason != "prepaid" and self.rules.goal in {Goal.CANCEL_CONTRACT, Goal.PORT_OUT}
        return code not in {EventCode.CHARGED_UNTIL, EventCode.FINAL_BILL}

    @cached_property
    def _context(self) -> RuleContext:
        """What the rules about deadlines count from: what is told, now, and what the other rules lead to."""
        ends = [
            ContractEndCalculation(self.rules, rule, self.facts)
            for rule in self.rules.timing
            if isinstance(rule, ContractEnd)
        ]
        expiries = [rule for rule in self.rules.timing if isinstance(rule, Expiry)]
        return RuleContext(
            facts=self.facts,
            at=self.at,
            calculation=ends[0] if ends else None,
            expiry=expiries[0] if expiries else None,
            rented=bool(
                {Product.POCKET_WIFI, Product.HOME_ROUTER}.intersection(
                    self.rules.applies_to.products
                )
            ),
        )

    def _safely(
        self, code: EventCode, produce: Callable[[], Iterable[Event]], rule: Rule
    ) -> Iterator[Event]:
        try:
            yield from produce()
        except MissingFacts as missing:
            message = Message("facts_missing", {"facts": missing.facts})
            yield replace(
                unknown(code, message, rule.kind),
                needs=missing.facts,
                sources=rule.sources,
                note=rule.note,
            )
        except NotStated as silent:
            if self._worth_saying(code, silent.reason):
                message = Message(f"not_stated.{silent.reason}")
                yield replace(
                    unknown(code, message, rule.kind), sources=rule.sources, note=rule.note
                )


def unknown(code: EventCode, why: Message, rule: str) -> Event:
    """Return an event of which no date is known."""
    return Event(code=code, certainty=Certainty.UNKNOWN, why=why, rule=rule, sources=())


def _order(event: Event) -> tuple[bool, dt.date, dt.datetime, int]:
    day = event.day
    instant = event.at or dt.datetime.combine(day or dt.date.max, dt.time.max, tzinfo=dt.UTC)
    return day is None, day or dt.date.max, instant, list(EventCode).index(event.code)
