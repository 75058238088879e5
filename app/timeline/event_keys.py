"""Names for events that stay the same whatever their dates (docs/decisions/0017)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from app.catalogue.timing_rules import Rule, Window
from app.facts.specs import SPECS, Fact, FactValue, GivenFacts
from app.timeline.events import Event


def named_rules(rules: Iterable[Rule]) -> Iterator[tuple[str, Rule]]:
    """Return each rule with its name in the procedure: its kind, counted where it has several."""
    counts: Counter[str] = Counter()
    for rule in rules:
        name = f"{rule.kind}-{rule.closes}" if isinstance(rule, Window) else rule.kind
        counts[name] += 1
        yield (name if counts[name] == 1 else f"{name}-{counts[name]}"), rule


def keyed(event: Event, rule: str) -> Event:
    """Return the event with the key of what it is: rule, code, and which of several."""
    return replace(event, key="/".join(filter(None, (rule, event.code, event.slot))))


Basis: TypeAlias = tuple[tuple[Fact, FactValue], ...]
"""The facts that an event rests on, with their values, in the order of `Fact`."""


class FactsRead(Mapping[Fact, FactValue]):
    """Given facts that remember which of them a rule has read."""

    def __init__(self, facts: GivenFacts) -> None:
        """Read from the facts."""
        self._facts = facts
        self._read: set[Fact] = set()

    def __getitem__(self, fact: Fact) -> FactValue:
        """Return the value of a fact, and remember that it was read."""
        self._read.add(fact)
        return self._facts[fact]

    def __contains__(self, fact: object) -> bool:
        """Return whether the fact is given, and remember that it was asked for."""
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
        """What was read, without facts that are never asked for: a price changes no date."""
        return tuple(
            (fact, self._facts[fact])
            for fact in Fact
            if fact in self._read and fact in self._facts and SPECS[fact].asked
        )
