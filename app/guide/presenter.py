"""The guide's answers in one language: procedures, their next dates, and the question."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.catalogue.evidence import grade_of
from app.catalogue.presenter import procedure_brief
from app.catalogue.records import CarrierView, EditionView, ProcedureBrief, RevisionContent
from app.catalogue.schemas import CarrierRef
from app.facts.specs import SPECS, Fact
from app.guide.assess import Assessment
from app.guide.questions import Question
from app.guide.schemas import (
    GuideDatesOut,
    GuideEventOut,
    GuideOut,
    GuideProcedureOut,
    OptionOut,
    QuestionOut,
)
from app.guide.situation import CIRCUMSTANCES, Situation
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
from app.i18n import Language
from app.links import carrier_url, procedure_url
from app.timeline.build import build_timeline
from app.timeline.presenter import TimelinePresenter
from app.timeline.relevant_facts import relevant_facts
from app.zones import JAPAN

_MOST_EVENTS: Final = 3


class GuidePresenter:
    """Turns assessments and questions into output."""

    def __init__(
        self,
        edition: EditionView,
        situation: Situation,
        at: dt.datetime,
        zone: str,
        language: Language,
    ) -> None:
        """Serve one request: `zone` is the reader's, `at` the moment of the request."""
        self._edition = edition
        self._situation = situation
        self._at = at
        self._zone = zone
        self._language: Language = language
        self._presenter = TimelinePresenter(language, edition.vocabulary, at, ZoneInfo(zone))

    def guide(  # noqa: PLR0913 - the parts of the answer
        self,
        *,
        why: str,
        carrier: CarrierView | None,
        procedures: list[GuideProcedureOut],
        generic: list[GuideProcedureOut],
        has_contacts: bool,
        question: QuestionOut | None,
    ) -> GuideOut:
        """Return the whole answer; `why` is a key of `texts.WHY`."""
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=self._carrier(carrier) if carrier else None,
            at=self._at.astimezone(self._presenter.zone),
            zone=self._zone,
            why=WHY[why][self._language],
            procedures=procedures,
            generic=generic,
            contacts=f"{carrier_url(carrier.slug)}/contacts" if carrier and has_contacts else None,
            question=question,
        )

    def _carrier(self, carrier: CarrierView) -> CarrierRef:
        return CarrierRef(
            id=carrier.slug,
            name=carrier.document.name[self._language],
            url=carrier_url(carrier.slug),
        )

    def procedure(
        self, assessment: Assessment, carrier: CarrierView, content: RevisionContent
    ) -> GuideProcedureOut:
        """Return a procedure with its verdict and, where it applies, its next dates."""
        brief = ProcedureBrief(
            carrier, content.slug, content.number, content.evidence, content.procedure
        )
        formatter = self._presenter.formatter
        return GuideProcedureOut(
            procedure=procedure_brief(brief, self._language),
            verdict=assessment.verdict,
            verdict_name=self._presenter.name(
                assessment.verdict, self._edition.vocabulary.verdicts
            ),
            reasons=[formatter.sentence(message) for message in assessment.reasons],
            blockers=[formatter.sentence(message) for message in assessment.blockers],
            effort=assessment.candidate.effort.score,
            dates=self._dates(content) if assessment.is_applicable else None,
        )

    def _dates(self, content: RevisionContent) -> GuideDatesOut:
        """Return the next dates that follow from the facts given, and which facts are missing."""
        used = relevant_facts(content.procedure)
        facts = {fact: value for fact, value in self._situation.facts.items() if fact in used}
        dates_of_procedure = build_timeline(content.procedure, facts, self._at)
        query = {
            str(fact): str(value).lower() if isinstance(value, bool) else str(value)
            for fact, value in facts.items()
        }
        address = f"{procedure_url(content.carrier, content.slug)}/timeline"
        today = self._at.astimezone(JAPAN).date()
        coming = [
            event
            for event in dates_of_procedure.events
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
            needs_facts=list(dates_of_procedure.needs),
            url=f"{address}?{urlencode(query)}" if query else address,
        )

    def carrier_question(self, carriers: Sequence[tuple[str, Text]], generic: str) -> QuestionOut:
        """Return the question for the company; `carriers` are ids and names."""
        options = [
            OptionOut(parameter="carrier", value=slug, label=name[self._language])
            for slug, name in carriers
        ]
        unknown = OptionOut(parameter="carrier", value=generic, label=UNKNOWN[self._language])
        question, why = CARRIER_QUESTION[self._language]
        return QuestionOut(
            fact="carrier", question=question, type="choice", options=[*options, unknown], why=why
        )

    def question(self, question: Question, carrier: CarrierView) -> QuestionOut:
        """Return the question with its options; the last one says that it is not known."""
        text, why = self._text(question.name)
        unknown = OptionOut(parameter="unknown", value=question.name, label=UNKNOWN[self._language])
        kind = _type_of(question.name)
        options = [] if kind != "choice" else self._options(question, carrier)
        return QuestionOut(
            fact=question.name, question=text, type=kind, options=[*options, unknown], why=why
        )

    def _options(self, question: Question, carrier: CarrierView) -> list[OptionOut]:
        name, language = question.name, self._language
        if names := self._names_of_answers(name, carrier):
            return [
                OptionOut(parameter=name, value=code, label=names[code][language])
                if code in names
                else OptionOut(parameter=name, value=code, label=code)
                for code in map(str, question.answers)
            ]
        if name in set(Fact) or name in CIRCUMSTANCES:
            return [
                OptionOut(parameter=name, value=value, label=YES_NO[value][language])
                for value in ("true", "false")
            ]
        return [
            OptionOut(parameter="have", value=name, label=YES_NO["true"][language]),
            OptionOut(parameter="lack", value=name, label=YES_NO["false"][language]),
        ]

    def _names_of_answers(self, question: str, carrier: CarrierView) -> Mapping[str, Text]:
        """Return the names of the answers by code; empty where the answers are yes and no."""
        vocabulary = self._edition.vocabulary
        match question:
            case "product":
                return {code: term.name for code, term in vocabulary.products.items()}
            case "contract":
                return {code: term.name for code, term in vocabulary.contracts.items()}
            case "applicant":
                return {code: term.name for code, term in vocabulary.applicants.items()}
            case "plan":
                return carrier.document.plans
            case "location":
                return LOCATIONS
            case _:
                return {}

    def _text(self, question: str) -> "_QuestionText":
        vocabulary = self._edition.vocabulary
        if question in QUESTIONS:
            return _QuestionText(*QUESTIONS[question][self._language])
        if question in set(Fact):
            name = self._presenter.name(question, vocabulary.facts)
            return _QuestionText(name, TIME_LIMIT[self._language])
        need = self._presenter.name(question, vocabulary.needs)
        return _QuestionText(AT_HAND[self._language].format(need=need), NOT_ALWAYS[self._language])


class _QuestionText(NamedTuple):
    """The words of a question, and why it is asked."""

    text: str
    why: str


def _type_of(question: str) -> Literal["choice", "date", "integer"]:
    if question not in set(Fact):
        return "choice"
    match SPECS[Fact(question)].type:
        case "boolean":
            return "choice"
        case "date":
            return "date"
        case _:
            return "integer"
