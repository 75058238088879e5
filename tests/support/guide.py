"""The guide without HTTP and without a database: over any carriers, and over a catalogue."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from app.catalogue import evidence
from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.codes import GENERIC_CARRIER, Verdict
from app.catalogue.documents import CarrierDocument, ProcedureDocument
from app.catalogue.records import CarrierView, EditionView, RevisionContent
from app.guide.assess import Assessment
from app.guide.candidates import Candidate
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.needs import NeedRelations
from app.guide.presenter import GuidePresenter
from app.guide.questions import Question
from app.guide.recommend import Recommendation, recommend
from app.guide.schemas import GuideOut
from app.guide.service import GuideService
from app.guide.situation import Situation
from app.i18n import DEFAULT_LANGUAGE
from app.messages.keys import MessageKey
from app.settings import ROOT
from app.zones import JAPAN

AT: Final = dt.datetime.fromisoformat("2026-11-30T10:00:00+09:00")

UNKNOWN: Final = Situation()
"""A person who has said nothing."""


def procedures_of(
    slug: str,
    carrier: CarrierDocument,
    documents: Mapping[str, ProcedureDocument],
    relations: NeedRelations,
) -> CarrierProcedures:
    """Return a carrier's procedures as the guide gets them from the database."""
    contents = [
        RevisionContent(
            id=number,
            carrier=slug,
            slug=name,
            procedure_id=number,
            number=1,
            evidence=evidence.grade(evidence.cited_by(document, document.steps, carrier.sources)),
            procedure=document,
            steps=document.steps,
            sources=carrier.sources,
        )
        for number, (name, document) in enumerate(sorted(documents.items()), 1)
    ]
    return CarrierProcedures(CarrierView(1, slug, carrier.kind, carrier), contents, relations)


def candidates_of(
    own: CarrierProcedures, generic: CarrierProcedures | None = None
) -> list[Candidate]:
    """Return the candidates that the guide compares for the carrier."""
    return [*own.candidates, *(own.usable(generic) if generic else ())]


def recommend_for(
    own: CarrierProcedures,
    situation: Situation = UNKNOWN,
    generic: CarrierProcedures | None = None,
    at: dt.datetime = AT,
) -> Recommendation:
    """Return the guide's recommendation among the carrier's procedures."""
    stated = replace(situation, relations=own.relations)
    return recommend(candidates_of(own, generic), stated, at)


def answered(situation: Situation, question: Question) -> Iterator[Situation]:
    """Yield the situation with each answer to the question, and with none known."""
    for answer in question.answers:
        yield situation.with_answer(question.name, answer)
    yield replace(situation, unknown=situation.unknown | {question.name})


def name_of(candidate: Candidate) -> str:
    """Return the slug of a carrier's own procedure; of a generic one, `generic/slug`."""
    return f"{GENERIC_CARRIER}/{candidate.slug}" if candidate.is_generic else candidate.slug


def names(assessments: Sequence[Assessment]) -> list[str]:
    """Return the names of the assessed procedures, in their order."""
    return [name_of(each.candidate) for each in assessments]


def verdicts(recommendation: Recommendation) -> dict[str, Verdict]:
    """Return the verdict on each procedure, by its name."""
    return {name_of(each.candidate): each.verdict for each in recommendation.assessments}


def recommended(recommendation: Recommendation) -> set[str]:
    """Return the names of the recommended procedures."""
    found = verdicts(recommendation).items()
    return {name for name, verdict in found if verdict is Verdict.RECOMMENDED}


def find(recommendation: Recommendation, name: str) -> Assessment:
    """Return the assessment of the procedure with the name."""
    return next(each for each in recommendation.assessments if name_of(each.candidate) == name)


def reasons(recommendation: Recommendation, name: str) -> list[MessageKey]:
    """Return the keys of what is said about the procedure with the name."""
    return [message.key for message in find(recommendation, name).reasons]


def blockers(recommendation: Recommendation, name: str) -> list[MessageKey]:
    """Return the keys of what prevents the procedure with the name."""
    return [message.key for message in find(recommendation, name).blockers]


def conditions(recommendation: Recommendation, name: str) -> set[str]:
    """Return the questions that the recommended procedure with the name depends on."""
    found = recommendation.conditions[find(recommendation, name).candidate.id]
    return {condition.question for condition in found}


class Guide:
    """The guide over the carriers of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.relations = NeedRelations(catalogue.vocabulary.document.needs)
        self.edition = EditionView(
            1,
            AT,
            catalogue.vocabulary.document,
            catalogue.advice.document,
            catalogue.identification.document,
            catalogue.regulation.document,
        )
        self.carriers = {
            slug: procedures_of(
                slug,
                files.carrier.document,
                {name: file.document for name, file in files.procedures.items()},
                self.relations,
            )
            for slug, files in catalogue.carriers.items()
        }
        self.generic = self.carriers[GENERIC_CARRIER]
        self._candidates: dict[str, list[Candidate]] = {}

    def candidates(self, carrier: str) -> list[Candidate]:
        """Return the candidates that the guide compares for the carrier."""
        if carrier not in self._candidates:
            self._candidates[carrier] = candidates_of(self.carriers[carrier], self.generic)
        return self._candidates[carrier]

    def recommend(
        self, carrier: str, situation: Situation = UNKNOWN, at: dt.datetime = AT
    ) -> Recommendation:
        """Return the guide's recommendation."""
        stated = replace(situation, relations=self.relations)
        return recommend(self.candidates(carrier), stated, at)

    def answer(
        self, carrier: str, situation: Situation = UNKNOWN, at: dt.datetime = AT
    ) -> GuideOut:
        """Return the guide's whole answer, in English."""
        stated = replace(situation, relations=self.relations)
        presenter = GuidePresenter(self.edition, stated, at, JAPAN.key, DEFAULT_LANGUAGE)
        return GuideService(presenter, self.generic).of_carrier(self.carriers[carrier])


# The project's own catalogue, for tests with the mark `own_catalogue`.


@cache
def own_guide() -> Guide:
    """Return the guide over the project's own catalogue."""
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    return Guide(catalogue)


def relations() -> NeedRelations:
    """Return how the needs of the project's vocabulary relate to each other."""
    return own_guide().relations


def procedures() -> Mapping[str, CarrierProcedures]:
    """Return the procedures of every carrier of the project's catalogue."""
    return own_guide().carriers


def candidates(carrier: str) -> list[Candidate]:
    """Return the candidates that the guide compares for one of these carriers."""
    return own_guide().candidates(carrier)


def advise(carrier: str, situation: Situation, at: dt.datetime = AT) -> Recommendation:
    """Return the guide's recommendation for one of these carriers."""
    return own_guide().recommend(carrier, situation, at)


def answer(carrier: str, situation: Situation, at: dt.datetime = AT) -> GuideOut:
    """Return the guide's whole answer for one of these carriers, in English."""
    return own_guide().answer(carrier, situation, at)
