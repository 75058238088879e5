"""A text before its language is known: a key, and the values that fill its placeholders."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.facts.specs import Fact
from app.messages.keys import MessageKey

Value = object
"""What fills a placeholder: any type that `app.messages.formatter` knows."""


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
    """Things that a procedure requires, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sales:
    """Ways in which something is sold, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Devices:
    """Whose a device can be, by the codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A sentence by its key, the values for it, and the sentences that follow it."""

    key: MessageKey
    values: Mapping[str, Value] = field(default_factory=dict)
    also: tuple["Message", ...] = ()
