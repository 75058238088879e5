"""The vocabulary and the glossary: `vocabulary.yaml` and `glossary.yaml`."""

from pydantic import Field

from app.catalogue.documents import Code
from app.catalogue.parts import CatalogueModel
from app.i18n import LocalizedText


class Term(CatalogueModel):
    """A code with its name and, where a name is not enough, its meaning."""

    name: LocalizedText
    description: LocalizedText | None = None


class VocabularyDocument(CatalogueModel):
    """Every code the API uses, named in every language."""

    carrier_kinds: dict[Code, Term]
    audiences: dict[Code, Term]
    products: dict[Code, Term]
    contracts: dict[Code, Term]
    applicants: dict[Code, Term]
    goals: dict[Code, Term]
    outcomes: dict[Code, Term]
    channels: dict[Code, Term]
    possibilities: dict[Code, Term]
    phases: dict[Code, Term]
    actors: dict[Code, Term]
    last_months: dict[Code, Term]
    billing_cycles: dict[Code, Term]
    requirements: dict[Code, Term]
    source_kinds: dict[Code, Term]
    evidence: dict[Code, Term]
    event_codes: dict[Code, Term]
    certainties: dict[Code, Term]
    facts: dict[Code, Term]
    verdicts: dict[Code, Term]
    roles: dict[Code, Term]
    confidences: dict[Code, Term]
    identities: dict[Code, Term]
    clues: dict[Code, Term]
    operators: dict[Code, Term]
    # Editions from before the list was added do not have it.
    fee_kinds: dict[Code, Term] = Field(default_factory=dict)
    effort_reasons: dict[Code, Term]
    needs: dict[Code, Term]
    documents: dict[Code, Term]
    losses: dict[Code, Term]


class GlossaryTerm(CatalogueModel):
    """How a thing is called in each language, and which words for it are not used."""

    term: str = Field(min_length=1, description="The thing, for editors.")
    words: LocalizedText
    avoid: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="By language: words that break the glossary."
    )


class GlossaryDocument(CatalogueModel):
    """The terms that all texts keep to."""

    terms: tuple[GlossaryTerm, ...]
