"""The interface of a kind of timing rule: each module in `rules` declares a `RuleHandler`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, get_args

from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Rule
from app.facts.specs import Fact
from app.timeline.context import RuleContext
from app.timeline.events import Event

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Computation(Generic[R]):
    """A function that yields events of a rule, and the event to list if it fails."""

    default_event: EventCode | Callable[[R], EventCode]
    """The event to list as unknown when `events` raises `MissingFacts` or `NotStated`."""

    events: Callable[[R, RuleContext], Iterator[Event]]

    def default_for(self, rule: R) -> EventCode:
        """Return the event to list as unknown when this rule cannot be computed."""
        if isinstance(self.default_event, EventCode):
            return self.default_event
        return self.default_event(rule)


def uses_no_facts(_rule: Rule, _procedure: ProcedureContent) -> Iterable[Fact]:
    """Return no facts: for rules that depend only on the request or on other rules."""
    return ()


@dataclass(frozen=True)
class RuleHandler(Generic[R]):
    """The computations of one kind of timing rule. All handlers are in `registry`."""

    rule: type[R]

    computations: tuple[Computation[R], ...]
    """Run independently: if one lacks a fact, the events of the others are still listed."""

    facts: Callable[[R, ProcedureContent], Iterable[Fact]] = uses_no_facts
    """The facts that can change the events, without those of rules that the rule depends on."""

    @property
    def kind(self) -> str:
        """The value of `kind` in procedure files."""
        kind: str = get_args(self.rule.model_fields["kind"].annotation)[0]
        return kind
