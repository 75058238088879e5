"""What a module for a kind of timing rule declares."""

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
    """A function that yields events of a rule."""

    default_event: EventCode | Callable[[R], EventCode]
    """The event that is unknown when the function raises `MissingFacts` or `NotStated`."""

    events: Callable[[R, RuleContext], Iterator[Event]]

    def default_for(self, rule: R) -> EventCode:
        """Return the event that is unknown when this rule cannot be computed."""
        if isinstance(self.default_event, EventCode):
            return self.default_event
        return self.default_event(rule)


def uses_no_facts(_rule: Rule, _procedure: ProcedureContent) -> Iterable[Fact]:
    """Return no facts: for rules that depend on the request, or on other rules, alone."""
    return ()


@dataclass(frozen=True)
class RuleHandler(Generic[R]):
    """How the timeline treats one kind of timing rule. The kinds are listed in `registry`."""

    rule: type[R]

    computations: tuple[Computation[R], ...]
    """Each is tried on its own: one that lacks a fact does not hide the events of the others."""

    facts: Callable[[R, ProcedureContent], Iterable[Fact]] = uses_no_facts
    """The facts that can change the events. Those of rules it depends on are theirs."""

    @property
    def kind(self) -> str:
        """The kind as a procedure file names it."""
        kind: str = get_args(self.rule.model_fields["kind"].annotation)[0]
        return kind
