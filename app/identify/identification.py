"""The input and the result of an identification: clues, and candidates with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.i18n import LocalizedText


@dataclass(frozen=True)
class Clues:
    """The clues that a person has; None or empty for each kind that they do not have."""

    iccid_prefix: str | None = None
    sim_network: str | None = None
    visited_network: str | None = None
    apn: str | None = None
    apn_username: str | None = None
    smdp_host: str | None = None
    words: tuple[str, ...] = ()

    def given(self) -> frozenset[Clue]:
        """Return the kinds of clues that the person has."""
        return frozenset(clue for clue in Clue if getattr(self, clue.value))


@dataclass(frozen=True)
class Reason:
    """Why a company is a candidate: the key of a sentence, its values and its sources."""

    clue: Clue
    key: str
    values: Mapping[str, str]
    sources: tuple[str, ...]
    note: LocalizedText | None = None


@dataclass(frozen=True)
class Candidate:
    """A company, its role, and how likely it is."""

    role: Role
    name: str
    carrier: str | None
    """Id of the carrier; None if the company is not in the catalogue."""
    confidence: Confidence
    because: tuple[Reason, ...]


@dataclass(frozen=True)
class Identification:
    """The result of an identification: a state, candidates, and the clue to look for next."""

    state: Identity
    candidates: Sequence[Candidate]
    """The most likely first."""
    next_clue: Clue | None
    """None if the company is identified, or the person has all clues that can help."""
    contradictory: bool = False
    """Whether no brand fits all clues."""
