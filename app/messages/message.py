"""A text before its language is known: a key, and the values that fill its placeholders."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.facts.specs import Fact
from app.messages.keys import MessageKey

Value = object
"""The value of a placeholder: `MessageFormatter.format_value` lists the types."""


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
    """A range of days; the last one is included."""

    begins: dt.date
    ends: dt.date


@dataclass(frozen=True)
class Month:
    """The month that a day is in."""

    day: dt.date


@dataclass(frozen=True)
class ClosingEvents:
    """Events, any one of which closes a window."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Needs:
    """Things that a procedure requires, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sales:
    """Ways in which a product is sold, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Devices:
    """Kinds of device ownership, by their codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A sentence: its key, the values of its placeholders, and the sentences that follow it."""

    key: MessageKey
    values: Mapping[str, Value] = field(default_factory=dict)
    also: tuple["Message", ...] = ()
