"""Builds the timeline of a procedure from its rules, the given facts and an instant.

The functions are pure. Each rule's events come from the handler of its kind (`rules/registry.py`).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.goals import GOALS
from app.catalogue.timing_rules import Rule
from app.facts.specs import SPECS, GivenFacts
from app.messages.keys import MessageKey
from app.messages.message import Message
from app.timeline.context import RuleContext
from app.timeline.event_keys import Basis, FactsRead, keyed, named_rules
from app.timeline.events import Event, Timeline, new_unknown
from app.timeline.missing import MissingFacts, NotStated
from app.timeline.rules.fees import compute_fee_events, fee_facts
from app.timeline.rules.handler import Computation
from app.timeline.rules.registry import handler_of

_ANSWERED_BY: Final[Mapping[EventCode, frozenset[EventCode]]] = {
    EventCode.APPLY_BY: frozenset({EventCode.WINDOW_CLOSES, EventCode.REFUND_CLOSES}),
    EventCode.WINDOW_CLOSES: frozenset({EventCode.REFUND_CLOSES}),
    EventCode.REFUND_CLOSES: frozenset({EventCode.WINDOW_CLOSES}),
    EventCode.RENEWS: frozenset({EventCode.APPLY_BY, EventCode.TAKES_EFFECT}),
    EventCode.EXPIRES: frozenset({EventCode.SUSPENDED, EventCode.START_BY}),
}
"""By event: other events that answer the same question, so the event is not listed as unknown."""

_NOT_STATED: Final[Mapping[EventCode, MessageKey]] = {
    EventCode.CHARGED_UNTIL: "not_stated.charged_until",
    EventCode.FINAL_BILL: "not_stated.last_bill",
    EventCode.APPLY_BY: "not_stated.apply_by",
    EventCode.TAKES_EFFECT: "not_stated.takes_effect",
    EventCode.PORTING_NUMBER_EXPIRES: "not_stated.porting_number_expires",
    EventCode.WINDOW_CLOSES: "not_stated.window_closes",
    EventCode.REFUND_CLOSES: "not_stated.refund_closes",
    EventCode.EXPIRES: "not_stated.expires",
    EventCode.RENEWS: "not_stated.renews",
    EventCode.RETURN_BY: "not_stated.return_by",
}
"""By event: its text if readers look for it (`GoalPolicy.events`) and no rule gives it."""

_POSITIONS: Final[Mapping[EventCode, int]] = {
    code: position for position, code in enumerate(EventCode)
}


def build_timeline(procedure: ProcedureContent, facts: GivenFacts, at: dt.datetime) -> Timeline:
    """Return the timeline of a request made at `at`: its events, and the facts that are missing."""
    context = RuleContext(procedure, facts, at)
    events = [
        keyed(event, name)
        for name, rule in named_rules(procedure.timing)
        for event in compute_events(rule, context)
    ]
    events += [keyed(event, event.rule) for event in compute_fee_events(context)]
    events += _events_not_stated(procedure, {event.code for event in events})
    needs = dict.fromkeys(fact for event in events for fact in event.needs)
    needs |= dict.fromkeys(fact for fact in fee_facts(procedure) if fact not in facts)
    return Timeline(sorted(events, key=_sort_key), [fact for fact in needs if SPECS[fact].asked])


def basis_of_events(
    procedure: ProcedureContent, facts: GivenFacts, at: dt.datetime
) -> Mapping[str, Basis]:
    """Return the basis of each event by its key: the given facts that its computation read."""
    basis: dict[str, Basis] = {}
    for name, rule in named_rules(procedure.timing):
        for computation in handler_of(rule).computations:
            facts_read = FactsRead(facts)
            context = RuleContext(procedure, facts_read, at)
            events = [keyed(event, name) for event in _compute(computation, rule, context)]
            basis |= {event.key: facts_read.basis for event in events}
    facts_read = FactsRead(facts)
    fee_events = list(compute_fee_events(RuleContext(procedure, facts_read, at)))
    return basis | {keyed(event, event.rule).key: facts_read.basis for event in fee_events}


def compute_events(rule: Rule, context: RuleContext) -> Iterator[Event]:
    """Yield the events of one rule; those that cannot be computed are unknown."""
    for computation in handler_of(rule).computations:
        yield from _compute(computation, rule, context)


def _compute(computation: Computation[Any], rule: Rule, context: RuleContext) -> Iterator[Event]:
    code = computation.default_for(rule)
    try:
        yield from computation.events(rule, context)
    except MissingFacts as missing:
        message = Message("not_stated.facts_missing", {"facts": missing.facts})
        event = new_unknown(code, message, rule.kind)
        yield replace(event, needs=missing.facts, sources=rule.sources, note=rule.note)
    except NotStated as not_stated:
        if _is_listed(code, not_stated.reason, context.procedure):
            event = new_unknown(code, Message(not_stated.reason), rule.kind)
            yield replace(event, sources=rule.sources, note=rule.note)


def _is_listed(code: EventCode, reason: MessageKey, procedure: ProcedureContent) -> bool:
    """Return whether to list an event, as unknown, that no source states.

    `apply_by` is listed for goals whose request has a deadline, except for prepaid products.
    Charges are not listed: the text of `apply_by` already says why they are unknown.
    """
    if code is EventCode.APPLY_BY:
        return reason != "not_stated.prepaid" and GOALS[procedure.goal].names_missing_deadline
    return code not in {EventCode.CHARGED_UNTIL, EventCode.FINAL_BILL}


def _events_not_stated(
    procedure: ProcedureContent, known_codes: Collection[EventCode]
) -> Iterator[Event]:
    """Yield, as unknown, the events that readers look for and that no rule gives."""
    for code in GOALS[procedure.goal].events:
        if not {code, *_ANSWERED_BY.get(code, ())}.intersection(known_codes):
            yield new_unknown(code, Message(_NOT_STATED[code]), "none")


class _SortKey(NamedTuple):
    is_undated: bool
    day: dt.date
    instant: dt.datetime
    position: int


def _sort_key(event: Event) -> _SortKey:
    day = event.day or dt.date.max
    instant = event.at or dt.datetime.combine(day, dt.time.max, tzinfo=dt.UTC)
    return _SortKey(event.day is None, day, instant, _POSITIONS[event.code])
