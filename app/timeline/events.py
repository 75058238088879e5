"""What a timeline consists of: events, each known, estimated or unknown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalogue.codes import Certainty, EventCode
from app.catalogue.timing_rules import Rule
from app.facts.specs import Fact
from app.i18n import LocalizedText
from app.messages.message import Deadline, Message


@dataclass(frozen=True)
class CostOfDelay:
    """What being late costs: an amount, a share of the price, or neither if no source says."""

    amount_jpy: int | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Event:
    """Something that happens or must be done: at an instant, on a day, over days, or undated."""

    code: EventCode
    certainty: Certainty
    why: Message
    rule: str
    sources: tuple[str, ...]
    at: dt.datetime | None = None
    on: dt.date | None = None
    begins: dt.date | None = None
    ends: dt.date | None = None
    latest_at: dt.datetime | None = None
    """Of a deadline: the last second by another way of counting, which is less careful."""
    passed: bool = False
    needs: tuple[Fact, ...] = ()
    note: LocalizedText | None = None
    cost_of_delay: CostOfDelay | None = None
    slot: str = ""
    """Which of several events with this code that one rule leads to."""
    key: str = ""
    """Names the event within its procedure, whatever its date: rule, code and slot."""

    @property
    def day(self) -> dt.date | None:
        """The day to sort by, and to show where there is no room for more."""
        return self.on or self.begins


@dataclass(frozen=True)
class Timeline:
    """The events in order, undated ones last, and the facts that would add to them."""

    events: Sequence[Event]
    needs: Sequence[Fact]


def new_event(rule: Rule, code: EventCode, why: Message) -> Event:
    """Return an undated event of the rule, as certain as the rule."""
    return Event(code, Certainty(rule.certainty), why, rule.kind, rule.sources, note=rule.note)


def new_unknown(code: EventCode, why: Message, kind: str) -> Event:
    """Return an event of which no date is known; `kind` is the rule's, or `none`."""
    return Event(code=code, certainty=Certainty.UNKNOWN, why=why, rule=kind, sources=())


def with_deadline(event: Event, deadline: Deadline, now: dt.datetime) -> Event:
    """Return the event with its deadline, or with the last instant that it lasts."""
    return replace(
        event, at=deadline.last, on=deadline.last.date(), passed=deadline.boundary <= now
    )


def without_date(event: Event, *needs: Fact) -> Event:
    """Return the event as unknown, with the facts that would give its date."""
    return replace(event, certainty=Certainty.UNKNOWN, needs=needs)


def drop_request_deadlines(timeline: Timeline, now: dt.datetime) -> Timeline:
    """Return the timeline of a request that has been made: there is no deadline to apply by."""
    remaining = [event for event in timeline.events if event.code is not EventCode.APPLY_BY]
    return Timeline(
        [replace(event, passed=event.passed or _is_over(event, now)) for event in remaining],
        timeline.needs,
    )


def _is_over(event: Event, now: dt.datetime) -> bool:
    last_day = event.ends or event.day
    instant = event.latest_at or event.at
    return instant < now if instant else last_day is not None and last_day < now.date()
