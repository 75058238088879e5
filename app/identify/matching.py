"""Finds the company behind a SIM: candidates from clues, each with reasons.

Stores no clue.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.catalogue.identification import (
    AccessPoint,
    IdentificationDocument,
    IssuerPrefix,
    SimNetwork,
)
from app.catalogue.search import fold
from app.identify.identification import Candidate, Clues, Identification, Reason

JAPAN: Final = "JP"
_JAPANESE_PREFIX: Final = "8981"
_ORDER: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
_ASKED: Final = (Clue.WORDS, Clue.APN, Clue.SIM_NETWORK, Clue.ICCID_PREFIX, Clue.SMDP_HOST)
"""Clues to look for next, best first: an order names the company, a network only carries it."""


_SHORTEST_PART: Final = 5
_SHORTEST_PART_CJK: Final = 3


@dataclass(frozen=True)
class _Brand:
    """A brand that a clue points to."""

    name: str
    carrier: str | None
    confidence: Confidence
    because: Reason


@dataclass(frozen=True)
class _EvidenceSet:
    """The brands that one clue leaves possible; an open set names examples, a closed one all."""

    clue: Clue
    brands: tuple[_Brand, ...]
    closed: bool

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(_key(brand) for brand in self.brands)


@dataclass
class _Gathered:
    """The evidence gathered from the clues so far."""

    evidence_sets: list[_EvidenceSet] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    issued_in: set[str] = field(default_factory=set)
    username_decides: bool = False
    """Whether user names, each shared by a brand's customers, distinguish the brands."""


def identify(
    document: IdentificationDocument, clues: Clues, slugs_by_name: Mapping[str, Collection[str]]
) -> Identification:
    """Return the candidates for the company, by intersecting what each clue leaves possible.

    `slugs_by_name` maps the folded names of carriers to their ids.
    """
    gathered = _Gathered()
    _from_words(document, clues, slugs_by_name, gathered)
    _from_access_point(document, clues, gathered)
    _from_sim_network(document, clues, gathered)
    _from_prefix(document, clues, gathered)
    _from_server(document, clues, gathered)
    _from_visited(document, clues, gathered)
    brands, contradictory = _intersected(gathered.evidence_sets)
    candidates = sorted(
        [*_merged(brands), *gathered.others],
        key=lambda candidate: _ORDER.index(candidate.confidence),
    )
    state = _state(brands, gathered, contradictory=contradictory)
    return Identification(
        state, candidates, _next(state, clues, gathered, contradictory=contradictory), contradictory
    )


def _from_words(
    document: IdentificationDocument,
    clues: Clues,
    slugs_by_name: Mapping[str, Collection[str]],
    gathered: _Gathered,
) -> None:
    rows = {fold(word): (word, row) for row in document.product_words for word in row.words}
    networks = {fold(name) for name in document.network_names}
    for words in clues.words:
        folded = fold(words)
        # The longest name decides: "Prepaid SIM for JAPAN" says more than "SIM", "Rakuten Mobile"
        # more than "mobile".
        product = max((name for name in rows if name in folded), key=len, default="")
        company = max(
            (name for name in slugs_by_name if _is_named(name, folded)),
            key=lambda name: (name not in networks, len(name)),
            default="",
        )
        if len(company) > len(product):
            # "SoftBank, 7 days" on a marketplace says whose network is used, not who sold it.
            only_network = company in networks and company != folded
            confidence = Confidence.HIGH if company == folded else Confidence.MEDIUM
            if only_network:
                confidence = Confidence.LOW
            because = Reason(
                Clue.WORDS,
                "name_or_network" if only_network else "name",
                {"words": words.strip()},
                (),
            )
            companies = tuple(
                _Brand(slug, slug, confidence, because) for slug in slugs_by_name[company]
            )
            gathered.evidence_sets.append(
                _EvidenceSet(Clue.WORDS, companies, closed=not only_network)
            )
        elif product:
            word, row = rows[product]
            if row.company is None or row.confidence is None:
                continue
            because = Reason(
                Clue.WORDS, "words", {"words": word, "company": row.company}, row.sources
            )
            brands = [
                _Brand(row.company, slug, row.confidence, because)
                for slug in row.carriers or (None,)
            ]
            gathered.evidence_sets.append(
                _EvidenceSet(Clue.WORDS, tuple(brands), closed=row.confidence is Confidence.HIGH)
            )


def _is_named(name: str, folded: str) -> bool:
    """Return whether the text is the name, or holds it and the name is no accident."""
    return name == folded or (
        len(name) >= (_SHORTEST_PART if name.isascii() else _SHORTEST_PART_CJK) and name in folded
    )


def _from_access_point(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    apn = (clues.apn or "").lower()
    row = next((row for row in document.access_points if row.apn.lower() == apn), None)
    if row is None:
        return
    if row.country != JAPAN:
        gathered.issued_in.add(row.country)
    gathered.username_decides = len(row.brands) > 1 and any(brand.username for brand in row.brands)
    gathered.evidence_sets.append(
        _EvidenceSet(
            Clue.APN,
            tuple(_of_access_point(row, clues.apn_username)),
            closed=row.confidence is not Confidence.LOW,
        )
    )


def _of_access_point(row: AccessPoint, username: str | None) -> Iterator[_Brand]:
    by_username = [brand for brand in row.brands if username and brand.username == username]
    brands = by_username or [brand for brand in row.brands if not brand.old] or list(row.brands)
    confidence = Confidence.HIGH if len(by_username) == 1 else row.confidence
    shared = len([brand for brand in brands if not brand.unconfirmed]) > 1
    for brand in brands:
        if brand.unconfirmed:
            key = "apn_unconfirmed"
        elif by_username:
            key = "apn_user"
        else:
            key = "apn_shared" if shared else "apn"
        clue = Clue.APN_USERNAME if by_username else Clue.APN
        because = Reason(clue, key, {"apn": row.apn, "brand": brand.name}, row.sources)
        yield _Brand(
            brand.name, brand.carrier, Confidence.LOW if brand.unconfirmed else confidence, because
        )


def _from_sim_network(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    row = _network(document, clues.sim_network)
    if row is None:
        return
    gathered.issued_in.add(row.country)
    reason = Reason(
        Clue.SIM_NETWORK,
        "sim_network",
        {"code": row.code, "operator": row.operator, "country": row.country},
        row.sources,
        row.note,
    )
    gathered.others.append(Candidate(Role.ISSUER, row.operator, None, row.confidence, (reason,)))
    gathered.evidence_sets.append(_examples(Clue.SIM_NETWORK, row.carriers, Confidence.LOW, reason))


def _from_prefix(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    digits = clues.iccid_prefix
    if digits is None:
        return
    row = max(
        (row for row in document.iccid_prefixes if digits.startswith(row.prefix)),
        key=lambda row: len(row.prefix),
        default=None,
    )
    if row is not None:
        gathered.issued_in.add(row.country)
        reason = _prefix_reason(row)
        gathered.others.append(Candidate(Role.ISSUER, row.issuer, None, Confidence.HIGH, (reason,)))
        gathered.evidence_sets.append(_examples(Clue.ICCID_PREFIX, row.carriers, row.brand, reason))
    elif digits.startswith(_JAPANESE_PREFIX):
        gathered.issued_in.add(JAPAN)


def _prefix_reason(row: IssuerPrefix) -> Reason:
    values = {"prefix": row.prefix, "issuer": row.issuer, "country": row.country}
    return Reason(Clue.ICCID_PREFIX, "iccid_prefix", values, row.sources, row.note)


def _from_server(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    host = (clues.smdp_host or "").lower().rstrip(".")
    rows = [row for row in document.esim_servers if row.host.lower() == host]
    rows = rows or [
        row
        for row in document.esim_servers
        if row.host.startswith("*.") and host.endswith(row.host[1:].lower())
    ]
    for row in rows[:1]:
        reason = Reason(Clue.SMDP_HOST, "smdp_host", {"platform": row.platform}, row.sources)
        gathered.others.append(
            Candidate(Role.ESIM_SERVER, row.platform, None, Confidence.HIGH, (reason,))
        )
        if row.brand:
            label = Reason(Clue.SMDP_HOST, "smdp_label", {"brand": row.brand}, row.sources)
            gathered.others.append(Candidate(Role.BRAND, row.brand, None, Confidence.LOW, (label,)))


def _from_visited(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    row = _network(document, clues.visited_network) or _by_name(document, clues.visited_network)
    if row is not None and row.country == JAPAN:
        reason = Reason(
            Clue.VISITED_NETWORK, "visited_network", {"operator": row.operator}, row.sources
        )
        gathered.others.append(
            Candidate(Role.HOST_NETWORK, row.operator, None, Confidence.HIGH, (reason,))
        )


def _network(document: IdentificationDocument, code: str | None) -> SimNetwork | None:
    digits = "".join(filter(str.isdigit, code or ""))
    return next(
        (row for row in document.sim_networks if digits and row.code.replace("-", "") == digits),
        None,
    )


def _by_name(document: IdentificationDocument, name: str | None) -> SimNetwork | None:
    folded = fold(name or "")
    return next(
        (
            row
            for row in document.sim_networks
            if folded and folded in {fold(seen) for seen in row.seen_as}
        ),
        None,
    )


def _examples(
    clue: Clue, carriers: Iterable[str], confidence: Confidence, reason: Reason
) -> _EvidenceSet:
    return _EvidenceSet(
        clue, tuple(_Brand(slug, slug, confidence, reason) for slug in carriers), closed=False
    )


def _key(brand: _Brand) -> str:
    return brand.carrier or fold(brand.name)


class _Intersection(NamedTuple):
    """The brands that all clues leave possible, or all brands if the clues contradict."""

    brands: list[_Brand]
    contradictory: bool


def _intersected(evidence_sets: Sequence[_EvidenceSet]) -> _Intersection:
    closed = [evidence for evidence in evidence_sets if evidence.closed and evidence.brands]
    if not closed:
        opened = [evidence for evidence in evidence_sets if evidence.brands]
        possible = _common(opened) or _any(opened)
        return _Intersection(_brands(opened, possible), contradictory=False)
    common = _common(closed)
    possible = common or _any(closed)
    for evidence in evidence_sets:
        # Examples narrow a list; that a brand is not among them says nothing.
        if not evidence.closed and possible & evidence.keys:
            possible &= evidence.keys
    return _Intersection(_brands(evidence_sets, possible), contradictory=not common)


def _common(evidence_sets: Sequence[_EvidenceSet]) -> frozenset[str]:
    keys = [evidence.keys for evidence in evidence_sets]
    return frozenset.intersection(*keys) if keys else frozenset()


def _any(evidence_sets: Sequence[_EvidenceSet]) -> frozenset[str]:
    return frozenset(key for evidence in evidence_sets for key in evidence.keys)


def _brands(evidence_sets: Sequence[_EvidenceSet], keys: frozenset[str]) -> list[_Brand]:
    return [brand for evidence in evidence_sets for brand in evidence.brands if _key(brand) in keys]


def _merged(brands: Iterable[_Brand]) -> Iterator[Candidate]:
    """Return one candidate a brand, with all its reasons, as confident as its best clue."""
    by_key: dict[str, list[_Brand]] = {}
    for brand in brands:
        by_key.setdefault(_key(brand), []).append(brand)
    for same in by_key.values():
        best = min(same, key=lambda brand: _ORDER.index(brand.confidence))
        reasons = [brand.because for brand in same]
        because = tuple(
            reason for position, reason in enumerate(reasons) if reason not in reasons[:position]
        )
        yield Candidate(Role.BRAND, best.name, best.carrier, best.confidence, because)


def _state(brands: Sequence[_Brand], gathered: _Gathered, *, contradictory: bool) -> Identity:
    confident = {_key(brand) for brand in brands if brand.confidence is not Confidence.LOW}
    closed = any(evidence.closed and evidence.brands for evidence in gathered.evidence_sets)
    if contradictory:
        return Identity.AMBIGUOUS
    if len(confident) == 1 and len({_key(brand) for brand in brands}) == 1:
        return Identity.IDENTIFIED
    if closed or len(confident) > 1:
        return Identity.AMBIGUOUS
    if gathered.issued_in and JAPAN not in gathered.issued_in:
        return Identity.ROAMING_FOREIGN
    return (
        Identity.ISSUER_ONLY
        if any(candidate.role is Role.ISSUER for candidate in gathered.others)
        else Identity.NOT_IDENTIFIED
    )


def _next(
    state: Identity, clues: Clues, gathered: _Gathered, *, contradictory: bool
) -> Clue | None:
    if state is Identity.IDENTIFIED:
        return None
    given_clues = clues.given()
    if gathered.username_decides and not contradictory and Clue.APN_USERNAME not in given_clues:
        return Clue.APN_USERNAME
    return next((clue for clue in _ASKED if clue not in given_clues), None)
