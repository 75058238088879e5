"""The vocabulary and the glossary: `vocabulary.yaml` and `glossary.yaml`."""

from typing import Final

from pydantic import Field

from app.catalogue.documents import Code
from app.catalogue.parts import CatalogueModel
from app.i18n import LocalizedText

NEEDS_IN_JAPAN: Final = frozenset({"in_japan", "post_from_japan", "shop_visit"})
"""Needs that cannot be met from abroad."""

ADDED_LATER: Final = "Empty in editions that were published without it."


class Term(CatalogueModel):
    """A code with its name and, where a name is not enough, its meaning."""

    name: LocalizedText
    description: LocalizedText | None = None


class Need(Term):
    """Something that a step needs, and what it has to do with other needs."""

    includes: tuple[Code, ...] = Field(
        default=(),
        description="Needs that are part of it: whoever has it has them, and whoever lacks one "
        "of them lacks it.",
    )
    lost_with: tuple[Code, ...] = Field(
        default=(), description="Needs; whoever lacks one of them lacks this one too."
    )
    replaced_by: tuple[tuple[Code, ...], ...] = Field(
        default=(), description="Lists of needs; whoever has all of one list can do without it."
    )
    returned: bool = Field(
        default=False,
        description="It goes back to the company: lacking it, a return fails and no end does.",
    )
    asked: bool = Field(
        default=True,
        description="False for what everybody has or another question answers: the guide does not "
        "ask for it.",
    )


class VocabularyDocument(CatalogueModel):
    """Every code the API uses, named in every language."""

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
    match_kinds: dict[Code, Term] = Field(default_factory=dict)  # editions before it have none
    not_covered_kinds: dict[Code, Term] = Field(default_factory=dict)
    operators: dict[Code, Term]
    fee_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    effort_reasons: dict[Code, Term]
    contact_topics: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    phone_kinds: dict[Code, Term] = Field(default_factory=dict, description=ADDED_LATER)
    needs: dict[Code, Need]
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
