"""The brands that each clue leaves possible, and those that all clues leave together."""

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
    confidence: Confidence
    because: Reason

    @property
    def key(self) -> str:
        """What distinguishes it: its id or, where the catalogue does not have it, its name."""
        return self.carrier or fold(self.name)


@dataclass(frozen=True)
class EvidenceSet:
    """The brands that one clue leaves possible; an open set names examples, a closed one all."""

    clue: Clue
    brands: tuple[Brand, ...]
    closed: bool

    @cached_property
    def keys(self) -> frozenset[str]:
        """What distinguishes its brands."""
        return frozenset(brand.key for brand in self.brands)


class Intersection(NamedTuple):
    """The brands that all clues leave possible, or all brands if the clues contradict."""

    brands: list[Brand]
    contradictory: bool


def intersect(evidence_sets: Sequence[EvidenceSet]) -> Intersection:
    """Return the brands that all closed sets have in common; open ones only narrow them."""
    closed = [evidence for evidence in evidence_sets if evidence.closed and evidence.brands]
    if not closed:
        opened = [evidence for evidence in evidence_sets if evidence.brands]
        possible = _common(opened) or _any(opened)
        return Intersection(_brands(opened, possible), contradictory=False)
    common = _common(closed)
    possible = common or _any(closed)
    for evidence in evidence_sets:
        # Examples narrow a list; that a brand is not among them says nothing.
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
    """Return one candidate a brand, with all its reasons, as confident as its best clue."""
    by_key: dict[str, list[Brand]] = {}
    for brand in brands:
        by_key.setdefault(brand.key, []).append(brand)
    for same in by_key.values():
        best = min(same, key=lambda brand: MOST_CONFIDENT_FIRST.index(brand.confidence))
        reasons = [brand.because for brand in same]
        because = tuple(
            reason for position, reason in enumerate(reasons) if reason not in reasons[:position]
        )
        yield Candidate(Role.BRAND, best.name, best.carrier, best.confidence, because)
