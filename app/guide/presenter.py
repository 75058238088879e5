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
from app.guide.situation import CIRCUMSTANCES, Location, Situation
from app.i18n import Language, LocalizedText
from app.links import carrier_url, procedure_url
from app.messages.keys import MessageKey
from app.messages.loader import get_text, translate
from app.timeline.build import build_timeline
from app.timeline.presenter import TimelinePresenter
from app.timeline.relevant_facts import relevant_facts
from app.zones import JAPAN

_MOST_EVENTS: Final = 3


class _QuestionKeys(NamedTuple):
    """The texts of a question."""

    text: MessageKey
    why: MessageKey


_QUESTIONS: Final[Mapping[str, _QuestionKeys]] = {
    "product": _QuestionKeys("question.product.text", "question.product.why"),
    "contract": _QuestionKeys("question.contract.text", "question.contract.why"),
    "plan": _QuestionKeys("question.plan.text", "question.plan.why"),
    "applicant": _QuestionKeys("question.applicant.text", "question.applicant.why"),
    "location": _QuestionKeys("question.location.text", "question.location.why"),
    "keep_number": _QuestionKeys("question.keep_number.text", "question.keep_number.why"),
}
"""The questions for circumstances; a fact or a need is asked for by its name in the vocabulary."""

_LOCATIONS: Final[Mapping[Location, MessageKey]] = {
    "japan": "location.japan",
    "abroad": "location.abroad",
}


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
        why: MessageKey,
        carrier: CarrierView | None,
        procedures: list[GuideProcedureOut],
        generic: list[GuideProcedureOut],
        has_contacts: bool,
        question: QuestionOut | None,
    ) -> GuideOut:
        """Return the whole answer; `why` says what the procedures are worth."""
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=self._carrier(carrier) if carrier else None,
            at=self._at.astimezone(self._presenter.zone),
            zone=self._zone,
            why=translate(why, self._language),
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

    def carrier_question(
        self, carriers: Sequence[tuple[str, LocalizedText]], generic: str
    ) -> QuestionOut:
        """Return the question for the company; `carriers` are ids and names."""
        options = [
            OptionOut(parameter="carrier", value=slug, label=name[self._language])
            for slug, name in carriers
        ]
        unknown = OptionOut(parameter="carrier", value=generic, label=self._unknown())
        return QuestionOut(
            fact="carrier",
            question=translate("question.carrier.text", self._language),
            type="choice",
            options=[*options, unknown],
            why=translate("question.carrier.why", self._language),
        )

    def question(self, question: Question, carrier: CarrierView) -> QuestionOut:
        """Return the question with its options; the last one says that it is not known."""
        words = self._words(question.name)
        unknown = OptionOut(parameter="unknown", value=question.name, label=self._unknown())
        kind = _type_of(question.name)
        options = [] if kind != "choice" else self._options(question, carrier)
        return QuestionOut(
            fact=question.name,
            question=words.text,
            type=kind,
            options=[*options, unknown],
            why=words.why,
        )

    def _unknown(self) -> str:
        return translate("option.unknown", self._language)

    def _options(self, question: Question, carrier: CarrierView) -> list[OptionOut]:
        name, language = question.name, self._language
        if names := self._names_of_answers(name, carrier):
            return [
                OptionOut(parameter=name, value=code, label=names[code][language])
                if code in names
                else OptionOut(parameter=name, value=code, label=code)
                for code in map(str, question.answers)
            ]
        yes, no = translate("option.yes", language), translate("option.no", language)
        if name in set(Fact) or name in CIRCUMSTANCES:
            return [
                OptionOut(parameter=name, value="true", label=yes),
                OptionOut(parameter=name, value="false", label=no),
            ]
        return [
            OptionOut(parameter="have", value=name, label=yes),
            OptionOut(parameter="lack", value=name, label=no),
        ]

    def _names_of_answers(self, question: str, carrier: CarrierView) -> Mapping[str, LocalizedText]:
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
                return {location: get_text(key) for location, key in _LOCATIONS.items()}
            case _:
                return {}

    def _words(self, question: str) -> "_QuestionWords":
        vocabulary, language = self._edition.vocabulary, self._language
        if keys := _QUESTIONS.get(question):
            return _QuestionWords(translate(keys.text, language), translate(keys.why, language))
        if question in set(Fact):
            name = self._presenter.name(question, vocabulary.facts)
            return _QuestionWords(name, translate("question.time_limit.why", language))
        need = self._presenter.name(question, vocabulary.needs)
        return _QuestionWords(
            translate("question.need.text", language, need=need),
            translate("question.need.why", language),
        )


class _QuestionWords(NamedTuple):
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
