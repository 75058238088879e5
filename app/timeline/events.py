"""What a timeline is made of."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.catalogue.codes import Certainty, EventCode
from app.catalogue.timing_rules import Rule
from app.facts.specs import Fact
from app.messages.message import Deadline, Message


@dataclass(frozen=True)
class CostOfDelay:
    """What it costs to be late: an amount, a share of the price, or neither when no source tells."""

    amount_jpy: int | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Event:
    """Something that happens, or must be done: at an instant, on a day, from a day to a day, or at no known time."""

    code: EventCode
    certainty: Certainty
    why: Message
    rule: str
    sources: tuple[str, ...]
    at: dt.datetime | None = None
    on: dt.date | None = None
    begins: dt.date | None = None
    ends: dt.date | None = None
    passed: bool = False
    needs: tuple[Fact, ...] = ()
    note: Mapping[str, str] | None = None
    cost_of_delay: CostOfDelay | None = None

    @property
    def day(self) -> dt.date | None:
        """The day to sort by, and to show where there is no room for more."""
        return self.on or self.begins


@dataclass(frozen=True)
class Timeline:
    """The events in order, those without a date last, and the facts that would tell more."""

    events: Sequence[Event]
    needs: Sequence[Fact]


class MissingFacts(Exception):  # noqa: N818 - not an error: what has to be asked
    """A date cannot be computed before the person has told these facts."""

    def __init__(self, *facts: Fact) -> None:
        """Name the facts."""
        super().__init__(*facts)
        self.facts = facts


class NotStated(Exception):  # noqa: N818 - not an error: what no source says
    """A date cannot be computed because no source says what it follows from."""

    def __init__(self, reason: str) -> None:
        """Name the reason by the key of its sentence."""
        super().__init__(reason)
        self.reason = reason


def event(rule: Rule, code: EventCode, why: Message) -> Event:
    """Return an event of the rule, as certain as the rule, without a date."""
    return Event(code, Certainty(rule.certainty), why, rule.kind, rule.sources, note=rule.note)


def due(event: Event, deadline: Deadline, now: dt.datetime) -> Event:
    """Return the event with its deadline; what lasts until an instant has one too."""
    return replace(
        event, at=deadline.last, on=deadline.last.date(), passed=deadline.boundary <= now
    )


def since_asked(timeline: Timeline, now: dt.datetime) -> Timeline:
    """Return what is left of the timeline of a request that has been made: nothing has to be applied for any more."""
    left = [event for event in timeline.events if event.code is not EventCode.APPLY_BY]
    return Timeline(
        [replace(event, passed=event.passed or _is_over(event, now)) for event in left],
        timeline.needs,
    )


def _is_over(event: Event, now: dt.datetime) -> bool:
    last = event.ends or event.day
    return event.at < now if event.at else last is not None and last < now.date()


def undated(event: Event, *needs: Fact) -> Event:
    """Return the event as one that has no known date, and what would have to be told."""
    return replace(event, certainty=Certainty.UNKNOWN, needs=needs)
