"""Needs: what a person has and lacks, and whether it meets the requirement of a step.

The vocabulary relates needs to each other. One need can include others, be lost with others, or be
replaced by others. `NeedRelations` answers from it what else a person has or lacks. `Possessions`
decides whether a requirement is met. Examples: docs/guide.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from app.catalogue.vocabulary import Need

Replacements = Sequence[tuple[str, ...]]
"""Lists of needs. All needs of one list together replace another need."""


class Supply(Enum):
    """Whether the person can meet a need."""

    MET = auto()
    LACKING = auto()
    OPEN = auto()
    """Not stated, or not known."""


@dataclass(frozen=True)
class Requirement:
    """A need of a procedure, and its replacements."""

    need: str
    replacements: Replacements = ()

    @property
    def needs(self) -> Iterable[str]:
        """The need and every need in its replacements, each once."""
        replacing = (need for needs in self.replacements for need in needs)
        return dict.fromkeys((self.need, *replacing))


@dataclass(frozen=True, eq=False)
class NeedRelations:
    """How the needs of a vocabulary relate to each other."""

    needs: Mapping[str, Need] = field(default_factory=dict)

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one object per edition
    def having(self, have: frozenset[str]) -> frozenset[str]:
        """Return the needs and everything that they include: a sign-in includes its password."""
        implied: set[str] = set()
        queue = list(have)
        while queue:
            code = queue.pop()
            if code not in implied:
                implied.add(code)
                queue += self.needs[code].includes if code in self.needs else ()
        return frozenset(implied)

    @lru_cache(maxsize=4096)  # noqa: B019 - the same
    def lacking(self, lack: frozenset[str]) -> frozenset[str]:
        """Return the needs and everything that is lost with them, or includes one of them."""
        implied = set(lack)
        while more := {
            code
            for code, need in self.needs.items()
            if code not in implied and not implied.isdisjoint((*need.includes, *need.lost_with))
        }:
            implied |= more
        return frozenset(implied)

    @lru_cache(maxsize=4096)  # noqa: B019 - the same
    def related(self, codes: frozenset[str]) -> frozenset[str]:
        """Return every need whose answer (had or lacked) implies an answer for one of these."""
        return frozenset(
            code
            for code in self.needs
            if not self.having(frozenset({code})).isdisjoint(codes)
            or not self.lacking(frozenset({code})).isdisjoint(codes)
        )

    def is_asked(self, code: str) -> bool:
        """Return whether the guide asks about the need."""
        return code not in self.needs or self.needs[code].asked

    def is_part(self, code: str, others: Iterable[str]) -> bool:
        """Return whether one of the others includes the need: asking about that one is enough."""
        return any(code in self.needs[other].includes for other in others if other in self.needs)

    def is_returned(self, code: str) -> bool:
        """Return whether the need matters only for a return, such as a SIM card or postage."""
        return code in self.needs and self.needs[code].returned

    def requirement(self, code: str, replaced_by: Replacements) -> Requirement:
        """Return the need with its replacements: those in this step, and those in any step."""
        in_any_step = self.needs[code].replaced_by if code in self.needs else ()
        return Requirement(code, (*replaced_by, *in_any_step))


NO_RELATIONS: Final = NeedRelations()
"""The relations of an empty vocabulary: no need implies another."""


@dataclass(frozen=True)
class Possessions:
    """The needs that a person has and lacks, stated or implied."""

    have: frozenset[str]
    lack: frozenset[str]

    def supply(self, requirement: Requirement) -> Supply:
        """Return whether the person can meet the requirement, by the need or a replacement.

        It is `LACKING` only if the need and all its replacements are lacking.
        """
        if requirement.need in self.have or any(
            self.have.issuperset(needs) for needs in requirement.replacements
        ):
            return Supply.MET
        if requirement.need not in self.lack:
            return Supply.OPEN
        if all(not self.lack.isdisjoint(needs) for needs in requirement.replacements):
            return Supply.LACKING
        return Supply.OPEN
