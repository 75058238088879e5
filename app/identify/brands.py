"""Brands: which ones each clue leaves possible, and which ones all clues together do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from app.catalogue.codes import Clue, Confidence, Role
from app.catalogue.search import fold
from app.identify.identification import Candidate, Reason

MOST_CONFIDENT_FIRST: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)


@dataclass(frozen=True)
class Brand:
    """A brand that a clue points to."""

    name: str
    carrier: str | None
    """Id of the carrier; None if the brand is not in the catalogue."""
    confidence: Confidence
    because: Reason

    @property
    def key(self) -> str:
        """Identifies the brand: the carrier's id or, without one, the folded name."""
        return self.carrier or fold(self.name)


@dataclass(frozen=True)
class EvidenceSet:
    """The brands that one clue leaves possible."""

    clue: Clue
    brands: tuple[Brand, ...]
    closed: bool
    """Whether these are all possible brands. Otherwise they are examples."""

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of its brands."""
        return frozenset(brand.key for brand in self.brands)


class Intersection(NamedTuple):
    """The brands that all clues leave possible; if none, those of any closed set."""

    brands: list[Brand]
    contradictory: bool


def intersect(evidence_sets: Sequence[EvidenceSet]) -> Intersection:
    """Return the brands that are in all closed sets, narrowed by the open ones.

    Without a closed set, return the brands that are in all open ones or, if there is none, in any.
    """
    closed = [evidence for evidence in evidence_sets if evidence.closed and evidence.brands]
    if not closed:
        with_brands = [evidence for evidence in evidence_sets if evidence.brands]
        possible = _common(with_brands) or _any(with_brands)
        return Intersection(_brands(with_brands, possible), contradictory=False)
    common = _common(closed)
    possible = common or _any(closed)
    for evidence in evidence_sets:
        # Open sets are examples: a set without a possible brand rules nothing out.
        if not evidence.closed and possible & evidence.keys:
            possible &= evidence.keys
    return Intersection(_brands(evidence_sets, possible), contradictory=not common)


def _common(evidence_sets: Sequence[EvidenceSet]) -> frozenset[str]:
    keys = [evidence.keys for evidence in evidence_sets]
    return frozenset.intersection(*keys) if keys else frozenset()


def _any(evidence_sets: Sequence[EvidenceSet]) -> frozenset[str]:
    return frozenset(key for evidence in evidence_sets for key in evidence.keys)


def _brands(evidence_sets: Sequence[EvidenceSet], keys: frozenset[str]) -> list[Brand]:
    return [brand for evidence in evidence_sets for brand in evidence.brands if brand.key in keys]


def merge(brands: Iterable[Brand]) -> Iterator[Candidate]:
    """Yield one candidate per brand, with all its reasons and the highest confidence."""
    by_key: dict[str, list[Brand]] = {}
    for brand in brands:
        by_key.setdefault(brand.key, []).append(brand)
    for mentions in by_key.values():
        best = min(mentions, key=lambda brand: MOST_CONFIDENT_FIRST.index(brand.confidence))
        reasons = [brand.because for brand in mentions]
        because = tuple(
            reason for position, reason in enumerate(reasons) if reason not in reasons[:position]
        )
        yield Candidate(Role.BRAND, best.name, best.carrier, best.confidence, because)
