"""Names of codes and words of texts: the file formats of vocabulary.yaml and glossary.yaml."""

from typing import Final

from pydantic import Field

from app.catalogue.documents import Code
from app.catalogue.parts import CatalogueModel
from app.i18n import LocalizedText

NEEDS_IN_JAPAN: Final = frozenset({"in_japan", "post_from_japan", "shop_visit"})
"""Needs that cannot be met outside Japan."""

ADDED_LATER: Final = "Empty in editions that were published without it."


class Term(CatalogueModel):
    """A code's name and, if the name is not enough, a description."""

    name: LocalizedText
    description: LocalizedText | None = None


class Need(Term):
    """A need of steps, and its relations to other needs."""

    includes: tuple[Code, ...] = Field(
        default=(),
        description="Needs that are part of it. A person who has it has them all; a person who "
        "lacks one of them lacks it.",
    )
    lost_with: tuple[Code, ...] = Field(
        default=(), description="Needs. A person who lacks one of them also lacks this one."
    )
    replaced_by: tuple[tuple[Code, ...], ...] = Field(
        default=(), description="Lists of needs. All needs of one list replace this need."
    )
    returned: bool = Field(
        default=False,
        description="Whether it is an item to return. Without it a return is impossible, but the "
        "contract can still end.",
    )
    asked: bool = Field(
        default=True,
        description="Whether the guide asks for it. False if everybody has it, or another question "
        "answers it.",
    )


class VocabularyDocument(CatalogueModel):
    """All codes of the API, by list, with their names in each language."""

    carrier_kinds: dict[Code, Term]
    audiences: dict[Code, Term]
    products: dict[Code, Term]
    contracts: dict[Code, Term]
    applicants: dict[Code, Term]
    lines: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    sales: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    devices: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
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
    match_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    not_covered_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    operators: dict[Code, Term]
    fee_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    effort_reasons: dict[Code, Term]
    contact_topics: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    phone_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    needs: dict[Code, Need]
    documents: dict[Code, Term]
    losses: dict[Code, Term]


class GlossaryTerm(CatalogueModel):
    """The word for a thing in each language, and the words not to use for it."""

    term: str = Field(min_length=1, description="Name of the thing, for editors.")
    words: LocalizedText
    avoid: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="For each language: words not to use."
    )


class GlossaryDocument(CatalogueModel):
    """The words that all texts must use."""

    terms: tuple[GlossaryTerm, ...]
