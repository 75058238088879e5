"""What guidance takes and gives. Output has no defaults: every field is always there."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from app import zones
from app.catalogue.codes import Certainty, EventCode, Evidence
from app.catalogue.documents import ProcedureContent, Source, Term, VocabularyDocument
from app.catalogue.evidence import grade_of
from app.catalogue.records import ProcedureView
from app.catalogue.schemas import CatalogueResponse, SourceOut
from app.facts.query import FactsQuery
from app.facts.specs import SPECS, Fact, FactType
from app.i18n import Language
from app.messages.formatter import MessageFormatter
from app.messages.message import Message
from app.moment import ReaderZone, RequestInstant
from app.timeline.events import CostOfDelay, Event, Timeline
from app.zones import JAPAN


class TimelineQuery(FactsQuery):
    """When the request is made, where the reader is, and what the person tells."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class CostOfDelayOut(BaseModel):
    """What it costs to be late."""

    amount_jpy: int | None = Field(description="In yen; null: not known, or a share of the price.")
    percent: int | None = Field(description="Of the price; null: not known, or an amount.")
    text: str


class EventOut(BaseModel):
    """Something that happens, or must be done."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    code: EventCode
    name: str
    certainty: Certainty
    at: dt.datetime | None = Field(
        description="The instant in the reader's zone; of a deadline the last second that is in time."
    )
    at_japan: dt.datetime | None = Field(description="The same instant in Japan.")
    on: dt.date | None = Field(
        description="The day on the calendar of the rule, which is Japan's unless the rule says otherwise."
    )
    begins: dt.date | None = Field(alias="from", description="First day, of what takes several.")
    ends: dt.date | None = Field(
        alias="to", description="Last day, of what takes several; null: open."
    )
    passed: bool = Field(description="Whether it is over already at the timeline's `at`.")
    why: str = Field(description="One sentence with the actual dates.")
    cost_of_delay: CostOfDelayOut | None = Field(
        description="With apply_by: what it costs to be late."
    )
    note: str | None = Field(description="What else the sources say about it.")
    needs: list[Fact] = Field(description="Facts without which it is not known, or less exact.")
    rule: str = Field(
        description="Kind of the rule it follows from; `none` where no source gives one."
    )
    sources: list[str] = Field(description="Ids in `sources` of the same answer.")
    evidence: Evidence | None = Field(
        description="How well the rule is backed; null where there is none."
    )


class NeededFactOut(BaseModel):
    """A fact that would tell more."""

    fact: Fact
    name: str
    type: FactType
    options: list[str] | None = Field(
        description="The values to choose from; null: any of the type."
    )
    why: str = Field(description="What it would tell.")


class TimelineOut(CatalogueResponse):
    """The dates that follow from a procedure's rules and a person's facts."""

    carrier: str
    procedure: str
    revision: int
    at: dt.datetime = Field(description="The instant at which the request is taken to be made.")
    zone: str = Field(description="The reader's zone.")
    events: list[EventOut] = Field(description="In order of time; what has no date comes last.")
    needs_facts: list[NeededFactOut] = Field(
        description="What is missing is asked for, never assumed."
    )
    sources: list[SourceOut]

    @classmethod
    def of(
        cls, view: ProcedureView, timeline: Timeline, at: dt.datetime, zone: str, language: Language
    ) -> "TimelineOut":
        """Return the timeline in the language and for the reader's zone."""
        presenter = Presenter(language, view.edition.vocabulary, at, ZoneInfo(zone))
        events = [presenter.event(event, view.content.sources) for event in timeline.events]
        return cls(
            edition=view.edition.number,
            language=language,
            carrier=view.carrier.slug,
            procedure=view.content.slug,
            revision=view.content.number,
            at=at.astimezone(presenter.zone),
            zone=zone,
            events=events,
            needs_facts=presenter.needed(timeline, view.content.procedure),
            sources=cited(events, view.content.sources),
        )


class Presenter:
    """Says events in one language and for one zone."""

    def __init__(
        self,
        language: Language,
        vocabulary: VocabularyDocument,
        at: dt.datetime,
        zone: ZoneInfo = zones.JAPAN,
    ) -> None:
        """Keep what all sentences of an answer share."""
        self.language: Language = language
        self.vocabulary = vocabulary
        self.at = at
        self.zone = zone
        self.formatter = MessageFormatter(language, at.astimezone(zones.JAPAN).year, vocabulary)

    def name(self, code: str, named: Mapping[str, Term]) -> str:
        """Return the name of a code."""
        return named[code].name[self.language] if code in named else code

    def event(self, event: Event, sources: Iterable[Source]) -> EventOut:
        """Return the event in words; `sources` are the procedure's."""
        return EventOut(
            code=event.code,
            name=self.name(event.code, self.vocabulary.event_codes),
            certainty=event.certainty,
            at=event.at.astimezone(self.zone) if event.at else None,
            at_japan=event.at.astimezone(zones.JAPAN) if event.at else None,
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

    def needed(self, timeline: Timeline, rules: ProcedureContent) -> list[NeededFactOut]:
        """Return the facts that would tell more, with what they would tell."""
        return [self._needed(fact, timeline.events, rules) for fact in timeline.needs]

    def _needed(
        self, fact: Fact, events: Iterable[Event], rules: ProcedureContent
    ) -> NeededFactOut:
        codes = dict.fromkeys(event.code for event in events if fact in event.needs) or {
            EventCode.FEE_FREE: None
        }
        told = (", " if self.language == "en" else "、").join(
            self.name(code, self.vocabulary.event_codes) for code in codes
        )
        kind, options = fact_form(fact, rules)
        return NeededFactOut(
            fact=fact,
            name=self.name(fact, self.vocabulary.facts),
            type=kind,
            options=options,
            why=_TELLS[self.language].format(told=told),
        )

    def _cost_of_delay(self, cost_of_delay: CostOfDelay) -> CostOfDelayOut:
        if cost_of_delay.amount_jpy is not None:
            message = Message("waiting.amount", {"amount": cost_of_delay.amount_jpy})
        elif cost_of_delay.percent is not None:
            message = Message("waiting.percent", {"percent": cost_of_delay.percent})
        else:
            message = Message("waiting.unknown")
        return CostOfDelayOut(
            amount_jpy=cost_of_delay.amount_jpy,
            percent=cost_of_delay.percent,
            text=self.formatter.sentence(message),
        )


_TELLS: Mapping[Language, str] = {
    "en": "It tells: {told}.",
    "ja": "これでわかること：{told}",
    "zh-Hans": "由此可知：{told}。",
}


def fact_form(fact: Fact, rules: ProcedureContent | None) -> tuple[FactType, list[str] | None]:
    """Return the type of a fact, and its options where there are only a few."""
    spec = SPECS[fact]
    if spec.type == "boolean":
        return spec.type, ["true", "false"]
    closing_days = rules.billing.closing_days if rules and fact is Fact.CLOSING_DAY else ()
    return spec.type, [str(day) for day in closing_days] or list(spec.options) or None


def cited(events: Iterable[EventOut], sources: Iterable[Source]) -> list[SourceOut]:
    """Return the sources that the events cite."""
    ids = {source for event in events for source in event.sources}
    return [SourceOut(**vars(source)) for source in sources if source.id in ids]
