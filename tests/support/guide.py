"""The guide's engine over the project's own catalogue, without HTTP."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from app.catalogue import evidence
from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.codes import GENERIC_CARRIER
from app.catalogue.records import CarrierView, EditionView, RevisionContent
from app.guide.candidates import Candidate
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.needs import NeedRelations
from app.guide.presenter import GuidePresenter
from app.guide.questions import Question
from app.guide.recommend import Recommendation, recommend
from app.guide.schemas import GuideOut
from app.guide.service import GuideService
from app.guide.situation import Situation
from app.i18n import LANGUAGES
from app.settings import ROOT

AT: Final = dt.datetime.fromisoformat("2026-11-30T10:00:00+09:00")


@cache
def own_catalogue() -> Catalogue:
    """Return the project's catalogue."""
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    return catalogue


@cache
def relations() -> NeedRelations:
    """Return what its needs have to do with each other."""
    return NeedRelations(own_catalogue().vocabulary.document.needs)


@cache
def procedures() -> Mapping[str, CarrierProcedures]:
    """Return the procedures of every carrier, as the guide gets them."""
    found = {}
    for position, (slug, files) in enumerate(sorted(own_catalogue().carriers.items()), 1):
        document = files.carrier.document
        contents = [
            RevisionContent(
                id=position * 1000 + number,
                carrier=slug,
                slug=name,
                procedure_id=position * 1000 + number,
                number=1,
                evidence=evidence.grade(
                    evidence.cited_by(one.document, one.document.steps, document.sources)
                ),
                procedure=one.document,
                steps=one.document.steps,
                sources=document.sources,
            )
            for number, (name, one) in enumerate(sorted(files.procedures.items()))
        ]
        view = CarrierView(position, slug, document.kind, document)
        found[slug] = CarrierProcedures(view, contents, relations())
    return found


@cache
def candidates(carrier: str) -> list[Candidate]:
    """Return what the guide compares for the carrier."""
    own = procedures()[carrier]
    return [*own.candidates, *own.usable(procedures()[GENERIC_CARRIER])]


def advise(carrier: str, situation: Situation, at: dt.datetime = AT) -> Recommendation:
    """Return the guide's recommendation."""
    return recommend(candidates(carrier), replace(situation, relations=relations()), at)


def answered(situation: Situation, question: Question) -> Iterator[Situation]:
    """Yield the situation with each answer to the question, and with none known."""
    for answer in question.answers:
        yield situation.with_answer(question.name, answer)
    yield replace(situation, unknown=situation.unknown | {question.name})


@cache
def edition() -> EditionView:
    """Return the catalogue as a published edition."""
    catalogue = own_catalogue()
    return EditionView(
        1,
        AT,
        catalogue.vocabulary.document,
        catalogue.advice.document,
        catalogue.identification.document,
        catalogue.regulation.document,
    )


def answer(carrier: str, situation: Situation, at: dt.datetime = AT) -> GuideOut:
    """Return the guide's whole answer, in English."""
    stated = replace(situation, relations=relations())
    presenter = GuidePresenter(edition(), stated, at, "Asia/Tokyo", LANGUAGES[0])
    return GuideService(presenter, procedures()[GENERIC_CARRIER]).of_carrier(procedures()[carrier])
