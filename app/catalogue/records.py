"""What the catalogue's queries return: frozen records of one published state."""

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
    """The served edition: its number, its instant, and the documents that belong to no carrier.

    A process holds one object per edition, so caches may use it as a key.
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

    Compared as an object: one of the same state may be another object.
    """

    id: int
    slug: str
    kind: CarrierKind
    document: CarrierDocument


@dataclass(frozen=True, eq=False)
class RevisionContent:
    """The content of a revision, which never changes.

    A process holds one object per revision, so caches may use it as a key.
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
    """A carrier and the newest revision of each of its procedures, by id.

    A process holds one object per edition, so caches may use it as a key.
    """

    carrier: CarrierView
    contents: Sequence[RevisionContent]


@dataclass(frozen=True)
class ProcedureView:
    """A procedure in one of its revisions, with its carrier and the served edition."""

    edition: EditionView
    carrier: CarrierView
    content: RevisionContent
    newest_revision: int


@dataclass(frozen=True)
class ProcedureBrief:
    """A procedure in one of its revisions, without its steps and sources."""

    carrier: CarrierView
    slug: str
    number: int
    evidence: Evidence
    procedure: ProcedureContent


class Match(NamedTuple):
    """What a search found a carrier by."""

    kind: MatchKind
    text: str
    weak: bool
    note: LocalizedText | None


class RankedCarrier(NamedTuple):
    """A carrier and how well it matches a search: 0 is best; without a search there is no match."""

    rank: int
    carrier: CarrierView
    match: Match | None = None


class RevisionEntry(NamedTuple):
    """A revision as the history of a procedure lists it."""

    number: int
    edition: int
    published_at: dt.datetime
