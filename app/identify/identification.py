"""The clues of a person, and what they say about the company behind a SIM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.i18n import LocalizedText


@dataclass(frozen=True)
class Clues:
    """What a person has found; empty where nothing was."""

    iccid_prefix: str | None = None
    sim_network: str | None = None
    visited_network: str | None = None
    apn: str | None = None
    apn_username: str | None = None
    smdp_host: str | None = None
    words: tuple[str, ...] = ()

    def given(self) -> frozenset[Clue]:
        """Return which kinds of clues there are."""
        return frozenset(clue for clue in Clue if getattr(self, clue.value))


@dataclass(frozen=True)
class Reason:
    """Why a company is a candidate: the key of a sentence, and its values."""

    clue: Clue
    key: str
    values: Mapping[str, str]
    sources: tuple[str, ...]
    note: LocalizedText | None = None


@dataclass(frozen=True)
class Candidate:
    """A company and its role; `carrier` is its id, None if the catalogue does not have it."""

    role: Role
    name: str
    carrier: str | None
    confidence: Confidence
    because: tuple[Reason, ...]


@dataclass(frozen=True)
class Identification:
    """What the clues say: a state, candidates, and the clue to look for next."""

    state: Identity
    candidates: Sequence[Candidate]
    next_clue: Clue | None
    contradictory: bool = False
