"""Frozen records of published content that the queries in `store.py` return."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.catalogue.advice import AdviceDocument
from app.catalogue.codes import CarrierKind, Evidence, MatchKind
from app.catalogue.documents import CarrierDocument, ProcedureContent, Source, Step
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument
from app.catalogue.vocabulary import VocabularyDocument
from app.i18n import LocalizedText


@dataclass(frozen=True, eq=False)
class EditionView:
    """The served edition, with the documents that belong to no single carrier.

    A process has one object per edition, so caches can use it as a key.
    """

    number: int
    published_at: dt.datetime
    vocabulary: VocabularyDocument
    advice: AdviceDocument
    identification: IdentificationDocument
    regulation: RegulationDocument


@dataclass(frozen=True, eq=False)
class CarrierView:
    """A carrier with its document.

    Compared by identity: two objects can have the same content.
    """

    id: int
    slug: str
    kind: CarrierKind
    document: CarrierDocument


@dataclass(frozen=True, eq=False)
class RevisionContent:
    """The content of a revision, which never changes.

    A process has one object per revision, so caches can use it as a key.
    """

    id: int
    carrier: str
    slug: str
    procedure_id: int
    number: int
    evidence: Evidence
    procedure: ProcedureContent
    steps: Sequence[Step]
    sources: Sequence[Source]


@dataclass(frozen=True, eq=False)
class PublishedCarrier:
    """A carrier and the newest revision of each of its procedures, ordered by id.

    A process has one object per carrier and edition, so caches can use it as a key.
    """

    carrier: CarrierView
    contents: Sequence[RevisionContent]


@dataclass(frozen=True)
class ProcedureView:
    """One revision of a procedure, with its carrier and the served edition."""

    edition: EditionView
    carrier: CarrierView
    content: RevisionContent
    newest_revision: int


@dataclass(frozen=True)
class ProcedureBrief:
    """One revision of a procedure, without its steps and sources."""

    carrier: CarrierView
    slug: str
    number: int
    evidence: Evidence
    procedure: ProcedureContent


class Match(NamedTuple):
    """The name or word by which a search found a carrier."""

    kind: MatchKind
    text: str
    weak: bool
    """Whether another company can be meant."""

    note: LocalizedText | None


class RankedCarrier(NamedTuple):
    """A carrier in a list, with its match if there was a search."""

    rank: int
    """How well it matches (`Rank` in `search_index.py`); 0 is best. Without a search: 0."""

    carrier: CarrierView
    match: Match | None = None


class RevisionEntry(NamedTuple):
    """A revision in the history of a procedure."""

    number: int
    edition: int
    published_at: dt.datetime
