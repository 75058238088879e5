"""What a person has and lacks, and whether that is enough for a step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from app.catalogue.vocabulary import Need

Replacements = Sequence[tuple[str, ...]]
"""Lists of needs; whoever has all of one list can do without the need that they replace."""


class Supply(Enum):
    """Whether the person can meet a need."""

    MET = auto()
    LACKING = auto()
    OPEN = auto()
    """Not said, or not known."""


@dataclass(frozen=True)
class Requirement:
    """A need of a procedure, and what replaces it."""

    need: str
    replacements: Replacements = ()

    @property
    def needs(self) -> Iterable[str]:
        """The need and everything that can replace it."""
        return dict.fromkeys((self.need, *(each for one in self.replacements for each in one)))


@dataclass(frozen=True, eq=False)
class NeedRelations:
    """What needs have to do with each other, by the vocabulary."""

    needs: Mapping[str, Need] = field(default_factory=dict)

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one object per edition
    def having(self, have: frozenset[str]) -> frozenset[str]:
        """Return everything that a person has who has these: a sign-in includes its password."""
        found: set[str] = set()
        queue = list(have)
        while queue:
            code = queue.pop()
            if code not in found:
                found.add(code)
                queue += self.needs[code].includes if code in self.needs else ()
        return frozenset(found)

    @lru_cache(maxsize=4096)  # noqa: B019 - the same
    def lacking(self, lack: frozenset[str]) -> frozenset[str]:
        """Return everything that a person lacks who lacks these."""
        found = set(lack)
        while more := {
            code
            for code, need in self.needs.items()
            if code not in found and not found.isdisjoint((*need.includes, *need.lost_with))
        }:
            found |= more
        return frozenset(found)

    @lru_cache(maxsize=4096)  # noqa: B019 - the same
    def related(self, codes: frozenset[str]) -> frozenset[str]:
        """Return the needs of which having or lacking one says something about one of these."""
        return frozenset(
            code
            for code in self.needs
            if not self.having(frozenset({code})).isdisjoint(codes)
            or not self.lacking(frozenset({code})).isdisjoint(codes)
        )

    def is_asked(self, code: str) -> bool:
        """Return whether the guide asks for the need."""
        return code not in self.needs or self.needs[code].asked

    def is_part(self, code: str, others: Iterable[str]) -> bool:
        """Return whether one of the others includes the need: asking for that one is enough."""
        return any(code in self.needs[other].includes for other in others if other in self.needs)

    def is_returned(self, code: str) -> bool:
        """Return whether it is something that goes back to the company."""
        return code in self.needs and self.needs[code].returned

    def requirement(self, code: str, replaced_by: Replacements) -> Requirement:
        """Return the need with what replaces it in this step, and anywhere."""
        anywhere = self.needs[code].replaced_by if code in self.needs else ()
        return Requirement(code, (*replaced_by, *anywhere))


NO_RELATIONS: Final = NeedRelations()
"""Needs that have nothing to do with each other."""


@dataclass(frozen=True)
class Possessions:
    """What a person has and lacks, with what follows from it."""

    have: frozenset[str]
    lack: frozenset[str]

    def supply(self, requirement: Requirement) -> Supply:
        """Return whether the person can meet the need, or what replaces it."""
        if requirement.need in self.have or any(
            self.have.issuperset(one) for one in requirement.replacements
        ):
            return Supply.MET
        if requirement.need not in self.lack:
            return Supply.OPEN
        if all(not self.lack.isdisjoint(one) for one in requirement.replacements):
            return Supply.LACKING
        return Supply.OPEN
