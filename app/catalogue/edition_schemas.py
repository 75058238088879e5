"""Responses about an edition as a whole: the index, the vocabulary and the advice."""

import datetime as dt

from pydantic import BaseModel, Field

from app.catalogue.citations import all_sources
from app.catalogue.codes import (
    Applicant,
    CarrierKind,
    Channel,
    Contract,
    Device,
    Outcome,
    Product,
    Sale,
)
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.goals import Goal
from app.catalogue.records import EditionView
from app.catalogue.schemas import AdviceOut, CatalogueResponse, Page, SourceOut
from app.catalogue.vocabulary import VocabularyDocument
from app.i18n import Language


class VocabularyTermOut(BaseModel):
    """A code with its name and, where a name is not enough, its meaning."""

    code: str
    name: str
    description: str | None


class VocabularyOut(CatalogueResponse):
    """Every code the API uses, by list, with its name in the chosen language."""

    terms: dict[str, list[VocabularyTermOut]]

    @classmethod
    def of(cls, edition: EditionView, language: Language) -> "VocabularyOut":
        """Return the vocabulary in the language."""
        return cls(
            edition=edition.number,
            language=language,
            terms={
                name: [
                    VocabularyTermOut(
                        code=code,
                        name=term.name[language],
                        description=term.description[language] if term.description else None,
                    )
                    for code, term in getattr(edition.vocabulary, name).items()
                ]
                for name in VocabularyDocument.model_fields
            },
        )


class AttachesToOut(BaseModel):
    """Which procedures an advice belongs to: those that match every list that is not empty."""

    goals: list[Goal]
    outcomes: list[Outcome]
    products: list[Product]
    contracts: list[Contract]
    channels: list[Channel]
    kinds: list[CarrierKind]
    applicants: list[Applicant]
    devices: list[Device]
    sales: list[Sale]


class AdviceItemOut(AdviceOut):
    """An advice with what it attaches to and its sources."""

    attaches_to: AttachesToOut
    sources: list[str]


class AdviceListOut(Page):
    """Precautions and misconceptions, and what they attach to."""

    items: list[AdviceItemOut]
    sources: list[SourceOut]

    @classmethod
    def of(cls, edition: EditionView, language: Language) -> "AdviceListOut":
        """Return all advice in the language."""
        presenter = ContentPresenter(language, edition.advice.sources, edition.vocabulary)
        return cls(
            edition=edition.number,
            language=language,
            next=None,
            items=[
                AdviceItemOut(
                    **vars(presenter.advice(advice)),
                    attaches_to=AttachesToOut(**vars(advice.attaches_to)),
                    sources=advice.sources,
                )
                for advice in edition.advice.advice
            ],
            sources=all_sources(edition.advice.sources),
        )


class IndexLinks(BaseModel):
    """Where everything begins."""

    guide: str = Field(description="What to do, one question at a time.")
    identify: str = Field(description="Which company it is; takes clues by POST.")
    fee_check: str = Field(description="Whether a fee for leaving early is within the law.")
    sessions: str = Field(description="Checklists; begun by POST.")
    carriers: str
    procedures: str
    vocabulary: str
    advice: str
    openapi: str
    documentation: str


class IndexOut(CatalogueResponse):
    """The service in one look."""

    name: str
    description: str
    disclaimer: str
    published_at: dt.datetime
    languages: list[Language]
    links: IndexLinks
