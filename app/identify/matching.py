"""Which company is behind a SIM: candidates from clues, each with its reason. Nothing here keeps or logs a clue."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.catalogue.identification import (
    AccessPoint,
    IdentificationDocument,
    IssuerPrefix,
    SimNetwork,
)
from app.catalogue.search import fold
from app.i18n import LocalizedText

JAPAN: Final = "JP"
_JAPANESE_PREFIX: Final = "8981"
_ORDER: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
_ASKED: Final = (Clue.WORDS, Clue.APN, Clue.SIM_NETWORK, Clue.ICCID_PREFIX, Clue.SMDP_HOST)
"""What to look for next, the most telling first: an order names the company, a network only carries it."""


_SHORTEST_PART: Final = 5
_SHORTEST_PART_CJK: Final = 3


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
    """Why a company is a candidate: the key of a sentence, and what it is filled with."""

    clue: Clue
    key: str
    values: Mapping[str, str]
    sources: tuple[str, ...]
    note: LocalizedText | None = None


@dataclass(frozen=True)
class Candidate:
    """A company and what it has to do with the SIM; `carrier` is its id in the catalogue, if it has one."""

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


@dataclass(frozen=True)
class _Brand:
    """A brand that a clue points to."""

    name: str
    carrier: str | None
    confidence: Confidence
    because: Reason


@dataclass(frozen=True)
class _EvidenceSet:
    """The brands one clue leaves possible. An open list names examples, a closed one names all."""

    clue: Clue
    brands: tuple[_Brand, ...]
    closed: bool

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(_key(brand) for brand in self.brands)


@dataclass
class _Found:
    """What has been gathered from the clues so far."""

    pointing: list[_EvidenceSet] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    issued_in: set[str] = field(default_factory=set)
    username_decides: bool = False
    """Whether the brands of the access point differ in the user name that all their customers share."""


def identify(
    document: IdentificationDocument, clues: Clues, named: Mapping[str, Collection[str]]
) -> Identification:
    """Return the candidates for the company behind a SIM, by intersecting what each clue leaves possible.

    `named` tells which carriers of the catalogue have a folded name.
    """
    found = _Found()
    _from_words(document, clues, named, found)
    _from_access_point(document, clues, found)
    _from_sim_network(document, clues, found)
    _from_prefix(document, clues, found)
    _from_server(document, clues, found)
    _from_visited(document, clues, found)
    brands, contradictory = _intersected(found.pointing)
    candidates = sorted(
        [*_merged(brands), *found.others], key=lambda candidate: _ORDER.index(candidate.confidence)
    )
    state = _state(brands, found, contradictory=contradictory)
    return Identification(
        state, candidates, _next(state, clues, found, contradictory=contradictory), contradictory
    )


def _from_words(
    document: IdentificationDocument,
    clues: Clues,
    named: Mapping[str, Collection[str]],
    found: _Found,
) -> None:
    rows = {fold(word): (word, row) for row in document.product_words for word in row.words}
    networks = {fold(name) for name in document.network_names}
    for words in clues.words:
        heard = fold(words)
        # The longest name decides: "Prepaid SIM for JAPAN" is more than "SIM", "Rakuten Mobile" more than "mobile".
        product = max((name for name in rows if name in heard), key=len, default="")
        company = max(
            (name for name in named if _stands_in(name, heard)),
            key=lambda name: (name not in networks, len(name)),
            default="",
        )
        if len(company) > len(product):
            # "SoftBank, 7 days" on a marketplace tells whose network is used, not who sold it.
            only_network = company in networks and company != heard
            sure = (
                Confidence.LOW
                if only_network
                else Confidence.HIGH
                if company == heard
                else Confidence.MEDIUM
            )
            because = Reason(
                Clue.WORDS,
                "name_or_network" if only_network else "name",
                {"words": words.strip()},
                (),
            )
            companies = tuple(_Brand(slug, slug, sure, because) for slug in named[company])
            found.pointing.append(_EvidenceSet(Clue.WORDS, companies, closed=not only_network))
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
            found.pointing.append(
                _EvidenceSet(Clue.WORDS, tuple(brands), closed=row.confidence is Confidence.HIGH)
            )


def _stands_in(name: str, heard: str) -> bool:
    """Return whether a name is what was written, or long enough to be no accident as a part of it."""
    return name == heard or (
        len(name) >= (_SHORTEST_PART if name.isascii() else _SHORTEST_PART_CJK) and name in heard
    )


def _from_access_point(document: IdentificationDocument, clues: Clues, found: _Found) -> None:
    wanted = (clues.apn or "").lower()
    row = next((row for row in document.access_points if row.apn.lower() == wanted), None)
    if row is None:
        return
    if row.country != JAPAN:
        found.issued_in.add(row.country)
    found.username_decides = len(row.brands) > 1 and any(brand.username for brand in row.brands)
    found.pointing.append(
        _EvidenceSet(
            Clue.APN,
            tuple(_of_access_point(row, clues.apn_username)),
            closed=row.confidence is not Confidence.LOW,
        )
    )


def _of_access_point(row: AccessPoint, username: str | None) -> Iterator[_Brand]:
    known = [brand for brand in row.brands if username and brand.username == username]
    brands = known or [brand for brand in row.brands if not brand.old] or list(row.brands)
    confidence = Confidence.HIGH if known and len(known) == 1 else row.confidence
    shared = len([brand for brand in brands if not brand.unconfirmed]) > 1
    for brand in brands:
        key = (
            "apn_unconfirmed"
            if brand.unconfirmed
            else "apn_user"
            if known
            else "apn_shared"
            if shared
            else "apn"
        )
        clue = Clue.APN_USERNAME if known else Clue.APN
        because = Reason(clue, key, {"apn": row.apn, "brand": brand.name}, row.sources)
        yield _Brand(
            brand.name, brand.carrier, Confidence.LOW if brand.unconfirmed else confidence, because
        )


def _from_sim_network(document: IdentificationDocument, clues: Clues, found: _Found) -> None:
    row = _network(document, clues.sim_network)
    if row is None:
        return
    found.issued_in.add(row.country)
    reason = Reason(
        Clue.SIM_NETWORK,
        "sim_network",
        {"code": row.code, "operator": row.operator, "country": row.country},
        row.sources,
        row.note,
    )
    found.others.append(Candidate(Role.ISSUER, row.operator, None, row.confidence, (reason,)))
    found.pointing.append(_examples(Clue.SIM_NETWORK, row.carriers, Confidence.LOW, reason))


def _from_prefix(document: IdentificationDocument, clues: Clues, found: _Found) -> None:
    digits = clues.iccid_prefix
    if digits is None:
        return
    row = max(
        (row for row in document.iccid_prefixes if digits.startswith(row.prefix)),
        key=lambda row: len(row.prefix),
        default=None,
    )
    if row is not None:
        found.issued_in.add(row.country)
        reason = _prefix_reason(row)
        found.others.append(Candidate(Role.ISSUER, row.issuer, None, Confidence.HIGH, (reason,)))
        found.pointing.append(_examples(Clue.ICCID_PREFIX, row.carriers, row.brand, reason))
    elif digits.startswith(_JAPANESE_PREFIX):
        found.issued_in.add(JAPAN)


def _prefix_reason(row: IssuerPrefix) -> Reason:
    values = {"prefix": row.prefix, "issuer": row.issuer, "country": row.country}
    return Reason(Clue.ICCID_PREFIX, "iccid_prefix", values, row.sources, row.note)


def _from_server(document: IdentificationDocument, clues: Clues, found: _Found) -> None:
    host = (clues.smdp_host or "").lower().rstrip(".")
    rows = [row for row in document.esim_servers if row.host.lower() == host]
    rows = rows or [
        row
        for row in document.esim_servers
        if row.host.startswith("*.") and host.endswith(row.host[1:].lower())
    ]
    for row in rows[:1]:
        reason = Reason(Clue.SMDP_HOST, "smdp_host", {"platform": row.platform}, row.sources)
        found.others.append(
            Candidate(Role.ESIM_SERVER, row.platform, None, Confidence.HIGH, (reason,))
        )
        if row.brand:
            label = Reason(Clue.SMDP_HOST, "smdp_label", {"brand": row.brand}, row.sources)
            found.others.append(Candidate(Role.BRAND, row.brand, None, Confidence.LOW, (label,)))


def _from_visited(document: IdentificationDocument, clues: Clues, found: _Found) -> None:
    row = _network(document, clues.visited_network) or _by_name(document, clues.visited_network)
    if row is not None and row.country == JAPAN:
        reason = Reason(
            Clue.VISITED_NETWORK, "visited_network", {"operator": row.operator}, row.sources
        )
        found.others.append(
            Candidate(Role.HOST_NETWORK, row.operator, None, Confidence.HIGH, (reason,))
        )


def _network(document: IdentificationDocument, code: str | None) -> SimNetwork | None:
    digits = "".join(filter(str.isdigit, code or ""))
    return next(
        (row for row in document.sim_networks if digits and row.code.replace("-", "") == digits),
        None,
    )


def _by_name(document: IdentificationDocument, name: str | None) -> SimNetwork | None:
    wanted = fold(name or "")
    return next(
        (
            row
            for row in document.sim_networks
            if wanted and wanted in {fold(seen) for seen in row.seen_as}
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


def _intersected(pointing: Sequence[_EvidenceSet]) -> tuple[list[_Brand], bool]:
    """Return the brands all clues leave possible, and whether clues contradict each other; then all brands stay."""
    closed = [one for one in pointing if one.closed and one.brands]
    if not closed:
        opened = [one for one in pointing if one.brands]
        common = frozenset.intersection(*(one.keys for one in opened)) if opened else frozenset()
        kept = common or frozenset(key for one in opened for key in one.keys)
        return [brand for one in opened for brand in one.brands if _key(brand) in kept], False
    common = frozenset.intersection(*(one.keys for one in closed))
    contradictory = not common
    kept = common or frozenset(key for one in closed for key in one.keys)
    for one in pointing:
        # Examples narrow a list; that a brand is not among them says nothing.
        if not one.closed and kept & one.keys:
            kept &= one.keys
    return [brand for one in pointing for brand in one.brands if _key(brand) in kept], contradictory


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


def _state(brands: Sequence[_Brand], found: _Found, *, contradictory: bool) -> Identity:
    sure = {_key(brand) for brand in brands if brand.confidence is not Confidence.LOW}
    closed = any(one.closed and one.brands for one in found.pointing)
    if contradictory:
        return Identity.AMBIGUOUS
    if len(sure) == 1 and len({_key(brand) for brand in brands}) == 1:
        return Identity.IDENTIFIED
    if closed or len(sure) > 1:
        return Identity.AMBIGUOUS
    if found.issued_in and JAPAN not in found.issued_in:
        return Identity.ROAMING_FOREIGN
    return (
        Identity.ISSUER_ONLY
        if any(one.role is Role.ISSUER for one in found.others)
        else Identity.NOT_IDENTIFIED
    )


def _next(state: Identity, clues: Clues, found: _Found, *, contradictory: bool) -> Clue | None:
    if state is Identity.IDENTIFIED:
        return None
    given = clues.given()
    if found.username_decides and not contradictory and Clue.APN_USERNAME not in given:
        return Clue.APN_USERNAME
    return next((clue for clue in _ASKED if clue not in given), None)
