"""Names for events that stay the same whatever their dates (docs/decisions/0017)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.catalogue.timing_rules import Rule, Window
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
