"""Response schemas of an edition as a whole: the index, the vocabulary and the advice."""

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
    """A code with its name and, if the name is not enough, a description."""

    code: str
    name: str = Field(description="Name in the response language.")
    description: str | None = Field(description="Null if the name is enough.")


class VocabularyOut(CatalogueResponse):
    """All codes of the API, with their names in the response language."""

    terms: dict[str, list[VocabularyTermOut]] = Field(
        description="Codes by list, such as `goals` or `channels`."
    )

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
    """The procedures that the advice is shown with: those that match every non-empty list."""

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
    """An item of advice, the procedures it is shown with, and its sources."""

    attaches_to: AttachesToOut
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")


class AdviceListOut(Page):
    """All advice of the edition."""

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
    """Addresses of the main resources."""

    guide: str = Field(description="Recommends a procedure, one question at a time.")
    identify: str = Field(description="Identifies a company by clues (POST).")
    fee_check: str = Field(description="Checks an early cancellation fee against the legal caps.")
    sessions: str = Field(description="Starts a checklist (POST).")
    carriers: str
    procedures: str
    vocabulary: str = Field(description="All codes with their names.")
    advice: str
    openapi: str = Field(description="The OpenAPI document.")
    documentation: str = Field(description="The API documentation for readers.")


class IndexOut(CatalogueResponse):
    """The index of the service: the served edition, the languages, and links to all resources."""

    name: str = Field(description="Name of the service.")
    description: str = Field(description="What the service does.")
    disclaimer: str = Field(description="The limits of its information.")
    published_at: dt.datetime = Field(description="When the served edition was published.")
    languages: list[Language] = Field(description="Languages that responses are available in.")
    links: IndexLinks
