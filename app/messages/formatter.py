"""Formats dates, instants and numbers for each language: CLDR's names in patterns of our own.

CLDR's date patterns are not used, because they omit the weekday or place it elsewhere. Ours are
messages (`date.…`), so that each language has its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, singledispatchmethod
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from app.catalogue.naming import name_of
from app.catalogue.vocabulary import Term, VocabularyDocument
from app.dates import last_of_month
from app.facts.specs import Fact
from app.i18n import Language, LocalizedText
from app.messages.keys import MessageKey
from app.messages.loader import get_text, translate
from app.messages.message import (
    ClosingEvents,
    Deadline,
    Devices,
    Message,
    Month,
    Needs,
    Period,
    Sales,
)

_ZONES: Final[Mapping[str, MessageKey]] = {
    "Asia/Tokyo": "zone.tokyo",
    "Asia/Shanghai": "zone.shanghai",
    "Asia/Hong_Kong": "zone.hong_kong",
    "Asia/Taipei": "zone.taipei",
    "UTC": "zone.utc",
}
"""The names of time zones in rules. CLDR's names, such as Japan Time, are not in common use."""

_CLOSING_EVENTS: Final[Mapping[Fact, MessageKey]] = {
    Fact.INSTALLED: "closing_event.installed",
    Fact.ACTIVATED: "closing_event.activated",
    Fact.QR_SENT: "closing_event.qr_sent",
    Fact.SHIPPED: "closing_event.shipped",
    Fact.USED: "closing_event.used",
}
"""Events that close a window, as a phrase after "as soon as"."""


@lru_cache(maxsize=64)
def _locale(language: Language) -> Locale:
    return Locale.parse(language, sep="-")


# Babel takes 8 µs for a date, a third of the time of a sentence, and responses repeat their dates.
@lru_cache(maxsize=4096)
def _format_date(day: dt.date, pattern: MessageKey, language: Language) -> str:
    return format_date(day, get_text(pattern)[language], locale=_locale(language))


def format_number(number: int, language: Language) -> str:
    """Return a whole number with the separators of the language."""
    return format_decimal(number, locale=_locale(language))


@dataclass(frozen=True)
class MessageFormatter:
    """Turns messages into sentences in one language.

    A date shows its year only if it differs from `year`, the reader's year.
    """

    language: Language
    year: int
    vocabulary: VocabularyDocument

    def sentence(self, message: Message) -> str:
        """Return the sentence of the message and the sentences of `also`."""
        values = {name: self.format_value(value) for name, value in message.values.items()}
        sentence = self._translate(message.key, **values)
        for following in message.also:
            sentence = self._translate(
                "sentence.followed", sentence=sentence, next=self.sentence(following)
            )
        return sentence

    def day(self, day: dt.date) -> str:
        """Return the day with its weekday."""
        return self._date(day, "date.day" if day.year == self.year else "date.day_and_year")

    def month(self, day: dt.date) -> str:
        """Return the month that the day is in."""
        return self._date(day, "date.month" if day.year == self.year else "date.month_and_year")

    def instant(self, instant: dt.datetime) -> str:
        """Return the instant on the clock of its zone."""
        return self._translate(
            "date.instant",
            time=f"{instant:%H:%M}",
            day=self.day(instant.date()),
            zone=self._zone(instant),
        )

    def deadline(self, deadline: Deadline) -> str:
        """Return the end of a deadline; a boundary at midnight is the end of the day before."""
        boundary = deadline.boundary
        if boundary.time() != dt.time():
            return self.instant(boundary)
        day = self.day(deadline.last.date())
        return self._translate("date.end_of_day", day=day, zone=self._zone(boundary))

    def period(self, period: Period) -> str:
        """Return the name of a whole month; the first and the last day of other periods."""
        if period.begins.day == 1 and period.ends == last_of_month(period.begins):
            return self.month(period.begins)
        return self._translate(
            "date.period", begins=self.day(period.begins), ends=self.day(period.ends)
        )

    def names(self, codes: Sequence[str], terms: Mapping[str, Term]) -> str:
        """Return the names of codes, joined by "and"; a code without a term is its own name."""
        names = (name_of(code, terms, self.language) for code in codes)
        return get_text("list.and")[self.language].join(names)

    def _alternatives(self, codes: Sequence[str], terms: Mapping[str, Term]) -> str:
        names = (name_of(code, terms, self.language) for code in codes)
        return get_text("list.or")[self.language].join(names)

    @singledispatchmethod
    def format_value(self, value: object) -> str:
        """Return the text of a value for a placeholder, by its type; other types use `str`."""
        return str(value)

    @format_value.register
    def _(self, value: Deadline) -> str:
        return self.deadline(value)

    @format_value.register
    def _(self, value: Period) -> str:
        return self.period(value)

    @format_value.register
    def _(self, value: Month) -> str:
        return self.month(value.day)

    @format_value.register
    def _(self, value: ClosingEvents) -> str:
        events = (get_text(_CLOSING_EVENTS[fact])[self.language] for fact in value.facts)
        return get_text("list.or")[self.language].join(events)

    @format_value.register
    def _(self, value: dt.datetime) -> str:
        return self.instant(value)

    @format_value.register
    def _(self, value: dt.date) -> str:
        return self.day(value)

    @format_value.register
    def _(self, value: tuple) -> str:  # type: ignore[type-arg] # dispatch needs a plain class
        return self.names(value, self.vocabulary.facts)

    @format_value.register
    def _(self, value: Sales) -> str:
        return self._alternatives(value.codes, self.vocabulary.sales)

    @format_value.register
    def _(self, value: Devices) -> str:
        return self._alternatives(value.codes, self.vocabulary.devices)

    @format_value.register
    def _(self, value: Needs) -> str:
        return self.names(value.codes, self.vocabulary.needs)

    @format_value.register
    def _(self, value: LocalizedText) -> str:
        return value[self.language]

    @format_value.register
    def _(self, value: int) -> str:
        return format_number(value, self.language)

    def _date(self, day: dt.date, pattern: MessageKey) -> str:
        return _format_date(day, pattern, self.language)

    def _zone(self, instant: dt.datetime) -> str:
        name = str(instant.tzinfo)
        return self._translate(_ZONES[name]) if name in _ZONES else name

    def _translate(self, key: MessageKey, **values: object) -> str:
        return translate(key, self.language, **values)
