"""What a text is filled with: the key of a message and its values, without words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.facts.specs import Fact

Value = object
"""What a sentence can be filled with: see `app.messages.sentences`."""


@dataclass(frozen=True)
class Deadline:
    """The first instant that is too late."""

    boundary: dt.datetime

    @property
    def last(self) -> dt.datetime:
        """The last second that is in time."""
        return self.boundary - dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    begins: dt.date
    ends: dt.date


@dataclass(frozen=True)
class Month:
    """The month that a day is in."""

    day: dt.date


@dataclass(frozen=True)
class ClosingEvents:
    """Events of which any one closes a window."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Needs:
    """Things that must be at hand, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A sentence by its key, and what it is filled with; words come when the language is known."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    also: tuple["Message", ...] = ()
