"""Events of a timeline, each with an exact, estimated or unknown date."""

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
    """The cost of missing a deadline: an amount or a percentage; neither if no source states it."""

    amount_jpy: int | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Event:
    """A date of a timeline: an instant (`at`), a day (`on`), a period (`begins`), or no date."""

    code: EventCode
    certainty: Certainty
    why: Message
    rule: str
    """Kind of the timing rule; `billing` or `fee`; `none` if no source states a rule."""

    sources: tuple[str, ...]
    at: dt.datetime | None = None
    """For a deadline: the last second that is in time."""

    on: dt.date | None = None
    begins: dt.date | None = None
    ends: dt.date | None = None
    latest_at: dt.datetime | None = None
    """For a deadline: its last second if counted from the later date, which is less safe."""

    passed: bool = False
    needs: tuple[Fact, ...] = ()
    note: LocalizedText | None = None
    cost_of_delay: CostOfDelay | None = None
    slot: str = ""
    """Distinguishes events with the same code that follow from one rule."""

    key: str = ""
    """Identifies the event within its procedure, independently of its date (`keyed`)."""

    @property
    def day(self) -> dt.date | None:
        """The day to sort by, and to show as the date in a calendar."""
        return self.on or self.begins


@dataclass(frozen=True)
class Timeline:
    """Events ordered by time, undated ones last, and missing facts that would add to them."""

    events: Sequence[Event]
    needs: Sequence[Fact]


def new_event(rule: Rule, code: EventCode, why: Message) -> Event:
    """Return an event of the rule, with the certainty of the rule and no date yet."""
    return Event(code, Certainty(rule.certainty), why, rule.kind, rule.sources, note=rule.note)


def new_unknown(code: EventCode, why: Message, kind: str) -> Event:
    """Return an event whose date is unknown. `kind` is the kind of the rule, or `none`."""
    return Event(code=code, certainty=Certainty.UNKNOWN, why=why, rule=kind, sources=())


def with_deadline(event: Event, deadline: Deadline, now: dt.datetime) -> Event:
    """Return the event with the deadline as its date; `passed` if it is over at `now`."""
    return replace(
        event, at=deadline.last, on=deadline.last.date(), passed=deadline.boundary <= now
    )


def without_date(event: Event, *needs: Fact) -> Event:
    """Return the event as unknown, with the missing facts that would give its date."""
    return replace(event, certainty=Certainty.UNKNOWN, needs=needs)


def drop_request_deadlines(timeline: Timeline, now: dt.datetime) -> Timeline:
    """Return the timeline for a request that was already made: without deadlines to apply by."""
    remaining = [event for event in timeline.events if event.code is not EventCode.APPLY_BY]
    return Timeline(
        [replace(event, passed=event.passed or _is_over(event, now)) for event in remaining],
        timeline.needs,
    )


def _is_over(event: Event, now: dt.datetime) -> bool:
    last_day = event.ends or event.day
    instant = event.latest_at or event.at
    return instant < now if instant else last_day is not None and last_day < now.date()
