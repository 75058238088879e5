"""Presents the results of the guide in one language: procedures, next dates, help, unused facts.

It decides nothing about the procedures, except which of their dates are shown: three at most.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.catalogue.advice import Advice
from app.catalogue.codes import CarrierKind, EventCode
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.evidence import grade_of
from app.catalogue.goals import Goal
from app.catalogue.naming import name_of
from app.catalogue.presenter import advice_for, procedure_brief
from app.catalogue.records import CarrierView, EditionView, ProcedureBrief, RevisionContent
from app.catalogue.schemas import ProcedureBriefOut
from app.guide.assess import Assessment
from app.guide.recommend import Condition
from app.guide.schemas import (
    ConditionOut,
    GuideDatesOut,
    GuideEventOut,
    GuideProcedureOut,
    HelpOut,
    NotUsedOut,
)
from app.guide.situation import Situation
from app.i18n import Language
from app.links import procedure_url
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.messages.message import Message, Needs
from app.timeline.build import build_timeline
from app.timeline.events import Event
from app.timeline.presenter import TimelinePresenter
from app.timeline.relevant_facts import relevant_facts
from app.zones import JAPAN

_MOST_EVENTS: Final = 3

_CIRCUMSTANCES: Final[Mapping[str, MessageKey]] = {
    "product": "circumstance.product",
    "contract": "circumstance.contract",
    "plan": "circumstance.plan",
    "applicant": "circumstance.applicant",
    "location": "circumstance.location",
    "keep_number": "circumstance.keep_number",
    "sale": "circumstance.sale",
    "device": "circumstance.device",
}


class GuidePresenter:
    """Turns the results of one request into response schemas."""

    def __init__(
        self,
        edition: EditionView,
        situation: Situation,
        at: dt.datetime,
        zone: str,
        language: Language,
    ) -> None:
        """Serve one request: `at` is its instant, and `zone` the IANA name of the reader's zone."""
        self.edition = edition
        self.situation = situation
        self.at = at
        self.zone = ZoneInfo(zone)
        self.language: Language = language
        self._timeline = TimelinePresenter(language, edition.vocabulary, at, self.zone)
        self._formatter = self._timeline.formatter
        self._content = ContentPresenter(language, (), edition.vocabulary)

    def procedure(
        self,
        assessment: Assessment,
        conditions: Sequence[Condition] | None,
        carrier: CarrierView,
        content: RevisionContent,
        dated: RevisionContent,
    ) -> GuideProcedureOut:
        """Return a procedure with its verdict and, if it applies, its next dates.

        `conditions` are those of a recommended procedure; None if it is not recommended. `dated` is
        the revision from which the dates are computed: a generic procedure has the carrier's
        billing there.
        """
        vocabulary = self.edition.vocabulary
        recommended = conditions is not None
        return GuideProcedureOut(
            procedure=_brief(carrier, content, self.language),
            verdict=assessment.verdict,
            verdict_name=name_of(assessment.verdict, vocabulary.verdicts, self.language),
            reasons=self._sentences(assessment.reasons),
            blockers=self._sentences(assessment.blockers),
            lacking=self._content.terms(assessment.lacking, vocabulary.needs),
            conditions=self._conditions(conditions or ()),
            loses=self._content.terms(assessment.candidate.loses, vocabulary.losses)
            if assessment.is_applicable
            else [],
            still_charged=self._still_charged(carrier, content) if recommended else [],
            effort=assessment.candidate.effort.score,
            dates=self._dates(content, dated) if assessment.is_applicable else None,
        )

    def _conditions(self, conditions: Iterable[Condition]) -> list[ConditionOut]:
        """Return the conditions. Questions with the same text share one condition."""
        questions: dict[str, list[str]] = {}
        for condition in conditions:
            text = self._formatter.sentence(condition.message)
            questions.setdefault(text, []).append(condition.question)
        return [ConditionOut(questions=names, text=text) for text, names in questions.items()]

    def help(
        self, carrier: CarrierView, content: RevisionContent, missing: Sequence[str]
    ) -> HelpOut:
        """Return a supporting procedure with the missing needs that it restores."""
        message = (
            Message("guide.help.restores", {"needs": Needs(tuple(missing))})
            if missing
            else Message("guide.help.bill")
        )
        return HelpOut(
            procedure=_brief(carrier, content, self.language),
            why=self._formatter.sentence(message),
            restores=self._content.terms(content.procedure.restores, self.edition.vocabulary.needs),
        )

    def not_used(self, names: Iterable[str]) -> list[NotUsedOut]:
        """Return the unused statements with their names."""
        return [
            NotUsedOut(
                parameter=name,
                text=translate("guide.not_used", self.language, name=self._name(name)),
            )
            for name in names
        ]

    def _name(self, parameter: str) -> str:
        """Return the name of a circumstance, a fact or a need."""
        if parameter in _CIRCUMSTANCES:
            return translate(_CIRCUMSTANCES[parameter], self.language)
        vocabulary = self.edition.vocabulary
        names = vocabulary.facts if parameter in vocabulary.facts else vocabulary.needs
        return name_of(parameter, names, self.language)

    def _sentences(self, messages: Iterable[Message]) -> list[str]:
        return [self._formatter.sentence(message) for message in messages]

    def _still_charged(self, carrier: CarrierView, content: RevisionContent) -> list[str]:
        """Return the claims of the carrier's sources, then the general advice that fits."""
        own = [claim.text[self.language] for claim in content.procedure.still_charged]
        return own + [
            advice.text[self.language]
            for advice in _still_charged(content, carrier.kind, self.edition)
            if self._fits(advice)
        ]

    def _fits(self, advice: Advice) -> bool:
        """Return whether the advice is for the person's device and kind of sale."""
        situation, attaches_to = self.situation, advice.attaches_to
        return (
            not attaches_to.devices
            or situation.device is None
            or situation.device in attaches_to.devices
        ) and (
            not attaches_to.sales or situation.sale is None or situation.sale in attaches_to.sales
        )

    def _dates(self, content: RevisionContent, dated: RevisionContent) -> GuideDatesOut:
        """Return the next dates from the given facts, and the facts that are missing.

        `still_charged` shows past dates too: they answer until when a contract is charged.
        """
        used = relevant_facts(dated.procedure)
        facts = {fact: value for fact, value in self.situation.facts.items() if fact in used}
        timeline = build_timeline(dated.procedure, facts, self.at)
        query = {
            str(fact): str(value).lower() if isinstance(value, bool) else str(value)
            for fact, value in facts.items()
        }
        address = f"{procedure_url(content.carrier, content.slug)}/timeline"
        today = self.at.astimezone(JAPAN).date()
        shows_past = content.procedure.goal is Goal.STILL_CHARGED
        dated_events = [event for event in timeline.events if event.day is not None]
        if not shows_past:
            dated_events = _to_come(dated_events, today)
        return GuideDatesOut(
            next=[
                GuideEventOut(
                    code=event.code,
                    name=self._timeline.name(event.code, self.edition.vocabulary.event_codes),
                    certainty=event.certainty,
                    at=event.at.astimezone(self._timeline.zone) if event.at else None,
                    on=event.day,
                    why=self._formatter.sentence(event.why),
                    note=event.note[self.language] if event.note else None,
                    passed=event.passed,
                    evidence=grade_of(event.sources, dated.sources),
                )
                for event in dated_events[:_MOST_EVENTS]
                if event.day is not None
            ],
            needs_facts=list(timeline.needs),
            url=f"{address}?{urlencode(query)}" if query else address,
        )


def _to_come(events: Sequence[Event], today: dt.date) -> list[Event]:
    """Return the events to come.

    If a renewal is among them, the last deadline that has passed comes first: it was the deadline
    for that renewal.
    """
    coming = [
        event
        for event in events
        if event.day is not None and not event.passed and (event.ends or event.day) >= today
    ]
    if any(event.code is EventCode.RENEWS for event in coming):
        missed = [event for event in events if event.code is EventCode.APPLY_BY and event.passed]
        return [*missed[-1:], *coming]
    return coming


@lru_cache(maxsize=8192)  # a process holds one object per carrier and revision
def _brief(carrier: CarrierView, content: RevisionContent, language: Language) -> ProcedureBriefOut:
    brief = ProcedureBrief(
        carrier, content.slug, content.number, content.evidence, content.procedure
    )
    return procedure_brief(brief, language)


@lru_cache(maxsize=4096)
def _still_charged(
    content: RevisionContent, kind: CarrierKind, edition: EditionView
) -> list[Advice]:
    advice = advice_for(content.procedure, kind, edition)
    return [each for each in advice if each.kind == "still_charged"]
