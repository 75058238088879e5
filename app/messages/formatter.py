"""Dates, instants and amounts as people say them in each language."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.catalogue.documents import Term, VocabularyDocument
from app.catalogue.naming import name_of
from app.dates import last_of_month
from app.i18n import Language
from app.messages.message import ClosingEvents, Deadline, Message, Month, Needs, Period
from app.messages.sentences import CLOSING_EVENTS, SENTENCES

_WEEKDAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ZONES: Final[Mapping[str, Mapping[Language, str]]] = {
    "Asia/Tokyo": {"en": "Japan time", "ja": "日本時間", "zh-Hans": "日本时间"},
    "Asia/Shanghai": {"en": "Beijing time", "ja": "中国時間", "zh-Hans": "北京时间"},
    "Asia/Hong_Kong": {"en": "Hong Kong time", "ja": "香港時間", "zh-Hans": "香港时间"},
    "Asia/Taipei": {"en": "Taiwan time", "ja": "台湾時間", "zh-Hans": "台湾时间"},
    "UTC": {"en": "UTC", "ja": "協定世界時", "zh-Hans": "协调世界时"},
}
_OR: Final[Mapping[Language, str]] = {"en": " or ", "ja": "か、", "zh-Hans": "或"}
_AND: Final[Mapping[Language, str]] = {"en": "; ", "ja": "、", "zh-Hans": "、"}


@dataclass(frozen=True)
class MessageFormatter:
    """Turns messages into sentences of one language; a year is said only where it is not the reader's own."""

    language: Language
    year: int
    vocabulary: VocabularyDocument

    def sentence(self, message: Message) -> str:
        """Return the sentence, and what is to be said with it."""
        filled = {name: self._say(value) for name, value in message.values.items()}
        words = SENTENCES[message.key][self.language].format(**filled)
        return (" " if self.language == "en" else "").join(
            [words, *map(self.sentence, message.also)]
        )

    def day(self, day: dt.date) -> str:
        """Return the day with its weekday."""
        weekday = _WEEKDAYS[self.language][day.weekday()]
        match self.language:
            case "en":
                year = f" {day.year}" if day.year != self.year else ""
                return f"{weekday} {day.day} {_MONTHS[day.month - 1][:3]}{year}"
            case "ja":
                return f"{self._year(day)}{day.month}月{day.day}日（{weekday}）"
            case "zh-Hans":
                return f"{self._year(day)}{day.month}月{day.day}日（{weekday}）"

    def _year(self, day: dt.date) -> str:
        return f"{day.year}年" if day.year != self.year else ""

    def instant(self, instant: dt.datetime) -> str:
        """Return the instant on the clock of its zone."""
        return self._at(instant.date(), f"{instant:%H:%M}", instant)

    def deadline(self, deadline: Deadline) -> str:
        """Return the instant that ends a deadline; midnight is the end of the day before it."""
        boundary = deadline.boundary
        if boundary.time() != dt.time():
            return self.instant(boundary)
        day = deadline.last.date()
        if self.language == "en":
            return f"the end of {self.day(day)} ({self._zone(boundary)})"
        return self._at(day, "24:00", boundary)

    def _at(self, day: dt.date, time: str, instant: dt.datetime) -> str:
        if self.language == "en":
            return f"{time} on {self.day(day)} ({self._zone(instant)})"
        return f"{self.day(day)}{time}（{self._zone(instant)}）"

    def _zone(self, instant: dt.datetime) -> str:
        name = str(instant.tzinfo)
        return _ZONES[name][self.language] if name in _ZONES else name

    def month(self, day: dt.date) -> str:
        """Return the month the day is in."""
        if self.language == "en":
            return _MONTHS[day.month - 1] + (f" {day.year}" if day.year != self.year else "")
        return f"{self._year(day)}{day.month}月"

    def period(self, period: Period) -> str:
        """Return a whole month by its name, anything else by its days."""
        if period.begins.day == 1 and period.ends == last_of_month(period.begins):
            return self.month(period.begins)
        begins, ends = self.day(period.begins), self.day(period.ends)
        return {
            "en": f"{begins} to {ends}",
            "ja": f"{begins}から{ends}まで",
            "zh-Hans": f"{begins}至{ends}",
        }[self.language]

    def named(self, codes: Sequence[str], named: Mapping[str, Term]) -> str:
        """Return the names of codes; one that has left the vocabulary since is its own name."""
        return _AND[self.language].join(name_of(code, named, self.language) for code in codes)

    def _say(self, value: Any) -> str:  # noqa: ANN401 - whatever a message holds
        for kind, say in self._forms():
            if isinstance(value, kind):
                return say(value)
        return str(value)

    def _forms(self) -> tuple[tuple[type, Callable[[Any], str]], ...]:
        return (
            (Deadline, self.deadline),
            (Period, self.period),
            (Month, lambda month: self.month(month.day)),
            (
                ClosingEvents,
                lambda closing_events: _OR[self.language].join(
                    CLOSING_EVENTS[fact][self.language] for fact in closing_events.facts
                ),
            ),
            (dt.datetime, self.instant),  # before date: every datetime is one
            (dt.date, self.day),
            (tuple, lambda facts: self.named(facts, self.vocabulary.facts)),
            (Needs, lambda needs: self.named(needs.codes, self.vocabulary.needs)),
            (Mapping, lambda text: text[self.language]),
            (int, lambda number: f"{number:,}"),
        )
