"""The guide itself: rank the procedures of a company, ask the next question, fall back to what holds for any company."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.catalogue.codes import Contract, Goal, Verdict
from app.catalogue.evidence import grade_of
from app.catalogue.schemas import CarrierRef, ProcedureBriefOut
from app.catalogue.store import CarrierView, EditionView, ProcedureBrief, RevisionContent
from app.catalogue.timing_rules import Fact
from app.guide.query import Allowed
from app.guide.questions import Question, next_question
from app.guide.schemas import (
    GuideDatesOut,
    GuideEventOut,
    GuideOut,
    GuideProcedureOut,
    OptionOut,
    QuestionOut,
)
from app.guide.situation import CIRCUMSTANCES, Candidate, Situation
from app.guide.texts import (
    AT_HAND,
    CARRIER_QUESTION,
    LOCATIONS,
    NOT_ALWAYS,
    QUESTIONS,
    TIME_LIMIT,
    UNKNOWN,
    WHY,
    YES_NO,
    Text,
)
from app.guide.verdicts import Assessment, assess, effective_goal
from app.i18n import Language
from app.links import carrier_url, procedure_url
from app.timeline.build import timeline
from app.timeline.relevant_facts import relevant_facts
from app.timeline.schemas import Presenter, fact_form
from app.zones import JAPAN

GENERIC: Final = "generic"
"""Id of the carrier whose procedures hold for any."""


_MOST_EVENTS: Final = 3


_USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})


@dataclass(frozen=True)
class CarrierProcedures:
    """A carrier and the newest state of its procedures."""

    carrier: CarrierView
    contents: Sequence[RevisionContent]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The procedures that are ways out."""
        return [
            _candidate(content) for content in self.contents if not content.procedure.supporting
        ]

    def can_have(self, candidate: Candidate) -> bool:
        """Return whether a way that holds for any company can hold for this one, by what it sells and how it is paid."""
        own = [content.procedure for content in self.contents]
        products = {
            product for procedure in own for product in procedure.applies_to.products
        } or set(self.carrier.document.products)
        contracts = {
            contract for procedure in own for contract in procedure.applies_to.contracts
        } or set(Contract)
        to = candidate.procedure.applies_to
        its_own = candidate.procedure.goal is Goal.INITIAL_CONTRACT_CANCELLATION and any(
            procedure.goal is candidate.procedure.goal for procedure in own
        )
        return not its_own and bool(
            products.intersection(to.products) and contracts.intersection(to.contracts)
        )

    def allowed(self, edition: EditionView) -> Allowed:
        """Return what a situation can name with this carrier."""
        return Allowed(
            self.contents, list(self.carrier.document.plans), list(edition.vocabulary.needs)
        )


def _candidate(content: RevisionContent) -> Candidate:
    of_steps = (
        grade_of((source for step in content.steps for source in step.sources), content.sources)
        or content.evidence
    )
    return Candidate(content.slug, content.evidence, of_steps, content.procedure, content.steps)


class GuideService:
    """Answers what to do in a situation, in one language and for one zone."""

    def __init__(
        self,
        edition: EditionView,
        situation: Situation,
        at: dt.datetime,
        zone: str,
        language: Language,
    ) -> None:
        """Keep what all answers share."""
        self._edition = edition
        self._situation = situation
        self._at = at
        self._zone = zone
        self._language: Language = language
        self._presenter = Presenter(language, edition.vocabulary, at, ZoneInfo(zone))

    def of_carrier(
        self, own: CarrierProcedures, generic: Callable[[], CarrierProcedures]
    ) -> GuideOut:
        """Return the ways out of the carrier; those that hold for any, which are looked up then, where none of them fits."""
        found = assess(own.candidates, self._situation, self._at)
        verdicts = {assessment.verdict for assessment in found}
        question = next_question(found, self._situation, self._at)
        of_any = own.carrier.slug == GENERIC
        others = [] if verdicts & _USABLE or of_any else self._of_any(generic(), own)
        if not verdicts & _USABLE:
            dead_end = "blocked" if Verdict.BLOCKED in verdicts else "nothing"
            key = "unheard_of" if of_any else dead_end if others else f"{dead_end}_at_all"
        elif self._situation.goal and not effective_goal(found, self._situation):
            key = "no_such_goal"
        elif Verdict.RECOMMENDED in verdicts:
            key = "found"
        else:
            key = "open" if question else "choose"
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=self._named(own.carrier),
            at=self._at.astimezone(self._presenter.zone),
            zone=self._zone,
            why=WHY[key][self._language],
            procedures=[self._procedure(assessment, own) for assessment in found]
            if verdicts - {Verdict.NOT_APPLICABLE}
            else [],
            generic=others,
            contacts=None if of_any else f"{carrier_url(own.carrier.slug)}/contacts",
            question=self._question(question, own.carrier) if question else None,
        )

    def of_unknown(
        self, generic: CarrierProcedures, carriers: Sequence[tuple[str, Text]]
    ) -> GuideOut:
        """Return what holds for any company, and the question which it is; `carriers` are ids and names."""
        options = [
            OptionOut(parameter="carrier", value=slug, label=name[self._language])
            for slug, name in carriers
        ]
        unknown = OptionOut(parameter="carrier", value=GENERIC, label=UNKNOWN[self._language])
        question, why = CARRIER_QUESTION[self._language]
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=None,
            at=self._at.astimezone(self._presenter.zone),
            zone=self._zone,
            why=WHY["which"][self._language],
            procedures=[],
            generic=self._of_any(generic),
            contacts=None,
            question=QuestionOut(
                fact="carrier",
                question=question,
                type="choice",
                options=[*options, unknown],
                why=why,
            ),
        )

    def _of_any(
        self, generic: CarrierProcedures, company: CarrierProcedures | None = None
    ) -> list[GuideProcedureOut]:
        """Return what holds for any company, as far as it fits and the company, once known, can have it."""
        candidates = [
            candidate
            for candidate in generic.candidates
            if company is None or company.can_have(candidate)
        ]
        found = assess(candidates, self._situation, self._at)
        return [
            self._procedure(assessment, generic)
            for assessment in found
            if assessment.verdict is not Verdict.NOT_APPLICABLE
        ]

    def _named(self, carrier: CarrierView) -> CarrierRef:
        return CarrierRef(
            id=carrier.slug,
            name=carrier.document.name[self._language],
            url=carrier_url(carrier.slug),
        )

    def _procedure(self, assessment: Assessment, own: CarrierProcedures) -> GuideProcedureOut:
        content = next(
            content for content in own.contents if content.slug == assessment.candidate.slug
        )
        brief = ProcedureBrief(
            own.carrier, content.slug, content.number, content.evidence, content.procedure
        )
        fits = assessment.verdict is not Verdict.NOT_APPLICABLE
        return GuideProcedureOut(
            procedure=ProcedureBriefOut.of(brief, self._language),
            verdict=assessment.verdict,
            verdict_name=self._presenter.name(
                assessment.verdict, self._edition.vocabulary.verdicts
            ),
            reasons=[self._presenter.formatter.sentence(message) for message in assessment.reasons],
            blockers=[
                self._presenter.formatter.sentence(message) for message in assessment.blockers
            ],
            effort=assessment.candidate.effort.score,
            dates=self._dates(content) if fits else None,
        )

    def _dates(self, content: RevisionContent) -> GuideDatesOut:
        used = relevant_facts(content.procedure)
        facts = {fact: value for fact, value in self._situation.facts.items() if fact in used}
        found = timeline(content.procedure, facts, self._at)
        query = {
            str(fact): str(value).lower() if isinstance(value, bool) else str(value)
            for fact, value in facts.items()
        }
        address = f"{procedure_url(content.carrier, content.slug)}/timeline"
        today = self._at.astimezone(JAPAN).date()
        coming = [
            event
            for event in found.events
            if event.day is not None and not event.passed and (event.ends or event.day) >= today
        ]
        return GuideDatesOut(
            next=[
                GuideEventOut(
                    code=event.code,
                    name=self._presenter.name(event.code, self._edition.vocabulary.event_codes),
                    certainty=event.certainty,
                    at=event.at.astimezone(self._presenter.zone) if event.at else None,
                    on=event.day,
                    why=self._presenter.formatter.sentence(event.why),
                    note=event.note[self._language] if event.note else None,
                    evidence=grade_of(event.sources, content.sources),
                )
                for event in coming[:_MOST_EVENTS]
                if event.day is not None
            ],
            needs_facts=list(found.needs),
            url=f"{address}?{urlencode(query)}" if query else address,
        )

    def _question(self, question: Question, carrier: CarrierView) -> QuestionOut:
        kind, options = self._form(question, carrier)
        unknown = OptionOut(parameter="unknown", value=question.name, label=UNKNOWN[self._language])
        words, why = self._words(question.name)
        return QuestionOut(
            fact=question.name, question=words, type=kind, options=[*options, unknown], why=why
        )

    def _form(
        self, question: Question, carrier: CarrierView
    ) -> tuple[Literal["choice", "date", "integer"], list[OptionOut]]:
        name, language, vocabulary = question.name, self._language, self._edition.vocabulary
        named: Mapping[str, Text] = {
            "product": {code: term.name for code, term in vocabulary.products.items()},
            "contract": {code: term.name for code, term in vocabulary.contracts.items()},
            "applicant": {code: term.name for code, term in vocabulary.applicants.items()},
            "plan": carrier.document.plans,
            "location": LOCATIONS,
        }.get(name, {})
        if named:
            labels = [(str(answer), named.get(str(answer))) for answer in question.answers]
            return "choice", [
                OptionOut(parameter=name, value=value, label=label[language] if label else value)
                for value, label in labels
            ]
        if name in set(Fact):
            kind, _ = fact_form(Fact(name), None)
            if kind != "boolean":
                return ("date" if kind == "date" else "integer"), []
        if name in set(Fact) or name in CIRCUMSTANCES:
            return "choice", [
                OptionOut(parameter=name, value=value, label=YES_NO[value][language])
                for value in ("true", "false")
            ]
        return "choice", [
            OptionOut(parameter="have", value=name, label=YES_NO["true"][language]),
            OptionOut(parameter="lack", value=name, label=YES_NO["false"][language]),
        ]

    def _words(self, name: str) -> tuple[str, str]:
        if name in QUESTIONS:
            return QUESTIONS[name][self._language]
        vocabulary = self._edition.vocabulary
        if name in set(Fact):
            return self._presenter.name(name, vocabulary.facts), TIME_LIMIT[self._language]
        return AT_HAND[self._language].format(
            need=self._presenter.name(name, vocabulary.needs)
        ), NOT_ALWAYS[self._language]
