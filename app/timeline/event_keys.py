"""Keys that identify events independently of their dates (docs/decisions/0017)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from app.catalogue.timing_rules import Rule, Window
from app.facts.specs import SPECS, Fact, FactValue, GivenFacts
from app.timeline.events import Event


def named_rules(rules: Iterable[Rule]) -> Iterator[tuple[str, Rule]]:
    """Yield each rule with its name in the procedure: its kind, numbered from the second on.

    The name of a window also says what closes (`Window.closes`).
    """
    counts: Counter[str] = Counter()
    for rule in rules:
        name = f"{rule.kind}-{rule.closes}" if isinstance(rule, Window) else rule.kind
        counts[name] += 1
        yield (name if counts[name] == 1 else f"{name}-{counts[name]}"), rule


def keyed(event: Event, rule: str) -> Event:
    """Return the event with its key: name of the rule, event code, and slot if it has one."""
    return replace(event, key="/".join(filter(None, (rule, event.code, event.slot))))


Basis: TypeAlias = tuple[tuple[Fact, FactValue], ...]
"""The facts that an event was computed from, with their values, in the order of `Fact`."""


class FactsRead(Mapping[Fact, FactValue]):
    """Given facts that record which of them a computation reads."""

    def __init__(self, facts: GivenFacts) -> None:
        """Wrap the given facts."""
        self._facts = facts
        self._read: set[Fact] = set()

    def __getitem__(self, fact: Fact) -> FactValue:
        """Return the value of a fact, and record it as read."""
        self._read.add(fact)
        return self._facts[fact]

    def __contains__(self, fact: object) -> bool:
        """Return whether the fact is given, and record it as read."""
        if isinstance(fact, Fact):
            self._read.add(fact)
        return fact in self._facts

    def __iter__(self) -> Iterator[Fact]:
        """Iterate over the given facts."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Return how many facts are given."""
        return len(self._facts)

    @property
    def basis(self) -> Basis:
        """The facts that were read, without those that change no date (`FactSpec.asked`)."""
        return tuple(
            (fact, self._facts[fact])
            for fact in Fact
            if fact in self._read and fact in self._facts and SPECS[fact].asked
        )
