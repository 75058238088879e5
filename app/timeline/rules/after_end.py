"""Events of `after_end` rules: charges and last bills of a contract that has ended."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app.catalogue.codes import EventCode, LastMonth
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import AfterEnd, ContractEnd
from app.facts.specs import Fact
from app.timeline.context import RuleContext
from app.timeline.contract_end import ContractEndCalculation
from app.timeline.events import Event
from app.timeline.missing import NotStated
from app.timeline.rules.contract_end import (
    billing_facts,
    charged_until_event,
    last_bill_events,
)
from app.timeline.rules.handler import Computation, RuleHandler


def _charged_until(rule: AfterEnd, context: RuleContext) -> Iterator[Event]:
    """Yield the last day that is charged for the contract."""
    billing = context.procedure.billing
    if billing.last_month is LastMonth.UNKNOWN:
        raise NotStated("not_stated.charged_until")
    ended_on = context.date_of(Fact.ENDED_ON)
    # The last day is given, so only the billing matters. `same_day` is not the end of a period.
    end_rule = ContractEnd(kind="contract_end", ends="same_day", sources=rule.sources)
    calculation = ContractEndCalculation(context.procedure, end_rule, context.facts)
    yield _with_passed(
        charged_until_event(billing, calculation.charged_for(ended_on)), rule, context
    )


def _last_bills(rule: AfterEnd, context: RuleContext) -> Iterator[Event]:
    """Yield when the last bill comes, and until when late charges can follow."""
    billing = context.procedure.billing
    if billing.final_bill_months is None and billing.late_charges_months is None:
        raise NotStated("not_stated.last_bill")
    for event in last_bill_events(billing, context.date_of(Fact.ENDED_ON)):
        yield _with_passed(event, rule, context)


def _with_passed(event: Event, rule: AfterEnd, context: RuleContext) -> Event:
    """Return the event with `passed` set if its last day is before today."""
    last_day = event.ends or event.on
    return replace(event, passed=last_day is not None and last_day < context.today(rule))


def _facts(_rule: AfterEnd, procedure: ProcedureContent) -> Iterable[Fact]:
    yield Fact.ENDED_ON
    yield from billing_facts(procedure.billing)


HANDLER: Final = RuleHandler(
    AfterEnd,
    (
        Computation(EventCode.CHARGED_UNTIL, _charged_until),
        Computation(EventCode.FINAL_BILL, _last_bills),
    ),
    _facts,
)
