"""Events of `free_months` rules: the months in which ending the contract costs no early fee."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from app import dates
from app.catalogue.codes import Certainty, EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import FreeMonths
from app.facts.specs import Fact
from app.messages.message import Message, Period
from app.timeline.context import RuleContext
from app.timeline.contract_scope import is_for_contract, is_for_some_plans
from app.timeline.events import Event, new_event
from app.timeline.rules.handler import Computation, RuleHandler


def _fee_free(rule: FreeMonths, context: RuleContext) -> Iterator[Event]:
    if not is_for_contract(rule, context.facts):
        return
    start_month = context.date_of(rule.counted_from).replace(day=1)
    today = context.today(rule)
    months_later = rule.month if rule.first_month == "next_month" else rule.month - 1
    begins = dates.months_later(start_month, months_later)
    ends = dates.day_of_month(begins, "last", rule.months - 1)
    while ends < today and rule.every is not None:
        begins = dates.months_later(begins, rule.every)
        ends = dates.day_of_month(begins, "last", rule.months - 1)
    is_for_some = is_for_some_plans(rule, context.procedure)
    message = Message(
        "fee_free.months",
        {"period": Period(begins, ends)},
        (Message("fee_free.some_plans"),) if is_for_some else (),
    )
    event = new_event(rule, EventCode.FEE_FREE, message)
    if is_for_some:
        event = replace(event, certainty=Certainty.ESTIMATED)
    yield replace(event, begins=begins, ends=ends, passed=ends < today)


def _facts(rule: FreeMonths, _procedure: ProcedureContent) -> Iterable[Fact]:
    yield rule.counted_from
    if rule.contracted_from or rule.contracted_before:
        yield Fact.CONTRACT_STARTED_ON


HANDLER: Final = RuleHandler(FreeMonths, (Computation(EventCode.FEE_FREE, _fee_free),), _facts)
