"""Converts events and timelines into response schemas, in one language and time zone."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from app.catalogue.citations import cited_sources
from app.catalogue.codes import EventCode
from app.catalogue.documents import ProcedureContent, Source
from app.catalogue.evidence import grade_of
from app.catalogue.naming import name_of
from app.catalogue.records import ProcedureView
from app.catalogue.schemas import SourceOut
from app.catalogue.vocabulary import Term, VocabularyDocument
from app.facts.specs import SPECS, Fact
from app.i18n import Language
from app.messages.formatter import MessageFormatter
from app.messages.loader import get_text, translate
from app.messages.message import Message
from app.timeline.events import CostOfDelay, Event, Timeline
from app.timeline.schemas import CostOfDelayOut, EventOut, NeededFactOut, TimelineOut
from app.zones import JAPAN


class TimelinePresenter:
    """Converts events and timelines into response schemas."""

    def __init__(
        self,
        language: Language,
        vocabulary: VocabularyDocument,
        at: dt.datetime,
        zone: ZoneInfo = JAPAN,
    ) -> None:
        """Present in this language and zone; `at` is the instant of the timeline."""
        self.language: Language = language
        self.vocabulary = vocabulary
        self.at = at
        self.zone = zone
        self.formatter = MessageFormatter(language, at.astimezone(JAPAN).year, vocabulary)

    def timeline(self, view: ProcedureView, timeline: Timeline) -> TimelineOut:
        """Return the timeline of a procedure."""
        content = view.content
        events = self.events(timeline, content.sources)
        return TimelineOut(
            edition=view.edition.number,
            language=self.language,
            carrier=view.carrier.slug,
            procedure=content.slug,
            revision=content.number,
            at=self.at.astimezone(self.zone),
            zone=self.zone.key,
            events=events,
            needs_facts=self.needed_facts(timeline, content.procedure),
            sources=sources_of(events, content.sources),
        )

    def name(self, code: str, terms: Mapping[str, Term]) -> str:
        """Return the name of a code in the presenter's language."""
        return name_of(code, terms, self.language)

    def events(self, timeline: Timeline, sources: Sequence[Source]) -> list[EventOut]:
        """Return the events. `sources` are all sources of the procedure."""
        return [self.event(event, sources) for event in timeline.events]

    def event(self, event: Event, sources: Iterable[Source]) -> EventOut:
        """Return the event. `sources` are all sources of the procedure."""
        return EventOut(
            code=event.code,
            name=self.name(event.code, self.vocabulary.event_codes),
            certainty=event.certainty,
            at=event.at.astimezone(self.zone) if event.at else None,
            at_japan=event.at.astimezone(JAPAN) if event.at else None,
            latest_at=event.latest_at.astimezone(self.zone) if event.latest_at else None,
            on=event.on,
            begins=event.begins,
            ends=event.ends,
            passed=event.passed,
            why=self.formatter.sentence(event.why),
            cost_of_delay=self._cost_of_delay(event.cost_of_delay) if event.cost_of_delay else None,
            note=event.note[self.language] if event.note else None,
            needs=list(event.needs),
            rule=event.rule,
            sources=list(event.sources),
            evidence=grade_of(event.sources, sources),
        )

    def needed_facts(self, timeline: Timeline, procedure: ProcedureContent) -> list[NeededFactOut]:
        """Return the missing facts of the timeline, each with the events that it would date."""
        return [self._needed_fact(fact, timeline.events, procedure) for fact in timeline.needs]

    def _needed_fact(
        self, fact: Fact, events: Iterable[Event], procedure: ProcedureContent
    ) -> NeededFactOut:
        codes = dict.fromkeys(event.code for event in events if fact in event.needs)
        # A fact that no event needs gives the end of a fee, which has no event without the fact.
        named_codes = list(codes) or [EventCode.FEE_FREE]
        event_names = get_text("list.comma")[self.language].join(
            self.name(code, self.vocabulary.event_codes) for code in named_codes
        )
        return NeededFactOut(
            fact=fact,
            name=self.name(fact, self.vocabulary.facts),
            type=SPECS[fact].type,
            options=_options_of(fact, procedure),
            why=translate("needed_fact.why", self.language, events=event_names),
        )

    def _cost_of_delay(self, cost_of_delay: CostOfDelay) -> CostOfDelayOut:
        if cost_of_delay.amount_jpy is not None:
            message = Message("cost_of_delay.amount", {"amount": cost_of_delay.amount_jpy})
        elif cost_of_delay.percent is not None:
            message = Message("cost_of_delay.percent", {"percent": cost_of_delay.percent})
        else:
            message = Message("cost_of_delay.unknown")
        return CostOfDelayOut(
            amount_jpy=cost_of_delay.amount_jpy,
            percent=cost_of_delay.percent,
            text=self.formatter.sentence(message),
        )


def sources_of(events: Iterable[EventOut], sources: Iterable[Source]) -> list[SourceOut]:
    """Return the sources that the events cite."""
    return cited_sources(sources, {source for event in events for source in event.sources})


def _options_of(fact: Fact, procedure: ProcedureContent) -> list[str] | None:
    """Return the allowed values, or None if any value of the type is allowed."""
    closing_days = procedure.billing.closing_days
    if fact is Fact.CLOSING_DAY and closing_days:
        return [str(day) for day in closing_days]
    if SPECS[fact].type == "boolean":
        return ["true", "false"]
    return list(SPECS[fact].options) or None
