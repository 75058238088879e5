"""Finds the company behind a SIM: candidates from clues, each with reasons.

Stores no clue.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, Protocol, TypeVar

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.catalogue.identification import (
    AccessPoint,
    IdentificationDocument,
    IssuerPrefix,
    ProductWords,
    SimNetwork,
)
from app.catalogue.listed_words import folded_word, longest_named, not_covered, shop_operators
from app.catalogue.search import Words, fold
from app.identify.identification import Candidate, Clues, Identification, Reason

JAPAN: Final = "JP"
_JAPANESE_PREFIX: Final = "8981"
_ORDER: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
_ASKED: Final = (Clue.WORDS, Clue.APN, Clue.SIM_NETWORK, Clue.ICCID_PREFIX, Clue.SMDP_HOST)
"""Clues to look for next, best first: an order names the company, a network only carries it."""


_SHORTEST_PART: Final = 3
"""Characters of a company's name that count among other words."""

_Row = TypeVar("_Row", bound="_Listed")


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
    document: IdentificationDocument,
    clues: Clues,
    slugs_by_name: Mapping[str, Collection[str]],
    sellers: Sequence[tuple[str, ...]] = (),
) -> Identification:
    """Return the candidates for the company, by intersecting what each clue leaves possible.

    `slugs_by_name` maps the folded names of carriers to their ids. `sellers` has for each of the
    document's products the ids of the carriers that sell it; without it, only those named one by
    one are known.
    """
    gathered = _Gathered()
    naming = _Naming(document, slugs_by_name, sellers)
    _from_words(naming, clues, gathered)
    _from_access_point(document, clues, gathered)
    _from_sim_network(document, clues, gathered)
    _from_prefix(document, clues, gathered)
    _from_server(document, clues, gathered)
    _from_visited(document, clues, gathered)
    brands, contradictory = _intersected(gathered.evidence_sets)
    named = [*_merged(brands), *gathered.others]
    candidates = sorted(
        [*named, *_variants_of(naming, clues, named)],
        key=lambda candidate: _ORDER.index(candidate.confidence),
    )
    state = _state(brands, gathered, contradictory=contradictory)
    return Identification(
        state, candidates, _next(state, clues, gathered, contradictory=contradictory), contradictory
    )


class _Naming(NamedTuple):
    """What a text can name: the clues' document, and the companies by their folded names."""

    document: IdentificationDocument
    slugs_by_name: Mapping[str, Collection[str]]
    sellers: Sequence[tuple[str, ...]]

    def is_network(self, company: str, text: Words) -> bool:
        """Return whether the name beside other words can be only that of the network."""
        networks = {folded_word(name) for name in self.document.network_names}
        return company in networks and company != text.folded


_Evidence = Callable[[_Naming, str, Words], _EvidenceSet]


def _from_words(naming: _Naming, clues: Clues, gathered: _Gathered) -> None:
    for words in clues.words:
        evidence = _named(naming, words.strip())
        if evidence is not None:
            gathered.evidence_sets.append(evidence)


def _named(naming: _Naming, words: str) -> _EvidenceSet | None:
    """Return the brands that a text names.

    The longest name decides: "Prepaid SIM for JAPAN" says more than "SIM", "Rakuten Mobile" more
    than "mobile", "UQ WiMAX" more than "WiMAX".
    """
    text = Words.of(words)
    if not_covered(naming.document, text):
        # "BIGLOBE Hikari" is no contract of BIGLOBE Mobile: only a name that says so itself counts.
        return _of_company(naming, words, text) if text.folded in naming.slugs_by_name else None
    if text.folded not in naming.slugs_by_name:
        operators = shop_operators(naming.document, naming.slugs_by_name, text)
        if operators:
            reason = Reason(Clue.WORDS, "shop", {"words": words}, ())
            return _brands_of(operators, Confidence.MEDIUM, reason, closed=True)
    document, company = naming.document, _company_name(naming, text)
    # Beside other words, the name of a network says less than any of them.
    company_length = 1 if naming.is_network(company, text) else len(company)
    by_length: list[tuple[int, _Evidence]] = [
        (_length(_that_name_companies(document), text), _of_product_words),
        (company_length, _of_company),
        (_length(document.variants, text), _of_variant),
        (_length(document.products, text), _of_product),
    ]
    # Of two names of one length, the first of the list decides.
    length, make = max(by_length, key=lambda pair: pair[0])
    return make(naming, words, text) if length else None


def _company_name(naming: _Naming, text: Words) -> str:
    networks = {folded_word(name) for name in naming.document.network_names}
    return max(
        (name for name in naming.slugs_by_name if _is_named(name, text)),
        key=lambda name: (name not in networks, len(name)),
        default="",
    )


def _is_named(name: str, text: Words) -> bool:
    """Return whether the text is the name, or has it among its words."""
    return name == text.folded or (
        len(name) >= _SHORTEST_PART and text.names(name, shortest_inside=_SHORTEST_PART)
    )


class _Listed(Protocol):
    """A row of the document that lists words."""

    @property
    def words(self) -> tuple[str, ...]: ...


def _listed_word(rows: Iterable[_Listed], text: Words) -> str:
    words = [word for row in rows if (word := longest_named(text, row.words))]
    return max(words, key=lambda word: len(folded_word(word)), default="")


def _that_name_companies(document: IdentificationDocument) -> list[ProductWords]:
    return [row for row in document.product_words if row.company and row.confidence]


def _length(rows: Iterable[_Listed], text: Words) -> int:
    return len(folded_word(_listed_word(rows, text)))


def _row_of(rows: Sequence[_Row], word: str) -> _Row:
    return next(row for row in rows if word in row.words)


def _of_company(naming: _Naming, words: str, text: Words) -> _EvidenceSet:
    company = _company_name(naming, text)
    slugs = tuple(naming.slugs_by_name[company])
    # "SoftBank, 7 days" on a marketplace says whose network is used, not who sold it.
    only_network = naming.is_network(company, text)
    confidence = Confidence.HIGH if company == text.folded else Confidence.MEDIUM
    if only_network:
        confidence = Confidence.LOW
    key = "name_or_network" if only_network else "name"
    return _brands_of(
        slugs, confidence, Reason(Clue.WORDS, key, {"words": words}, ()), closed=not only_network
    )


def _of_variant(naming: _Naming, words: str, text: Words) -> _EvidenceSet:
    rows = naming.document.variants
    row = _row_of(rows, _listed_word(rows, text))
    reason = Reason(Clue.WORDS, "variant", {"words": words}, row.sources, row.note)
    return _brands_of((row.carrier,), Confidence.HIGH, reason, closed=True)


def _of_product_words(naming: _Naming, _words: str, text: Words) -> _EvidenceSet:
    rows = _that_name_companies(naming.document)
    word = _listed_word(rows, text)
    row = _row_of(rows, word)
    assert row.company is not None  # others are left out
    assert row.confidence is not None
    reason = Reason(
        Clue.WORDS, "words", {"words": word, "company": row.company}, row.sources, row.note
    )
    brands = tuple(
        _Brand(row.company, slug, row.confidence, reason) for slug in row.carriers or (None,)
    )
    return _EvidenceSet(Clue.WORDS, brands, closed=row.confidence is Confidence.HIGH)


def _of_product(naming: _Naming, words: str, text: Words) -> _EvidenceSet:
    """Return who sells the product; of a company that is named beside it, only that one."""
    rows = naming.document.products
    word = _listed_word(rows, text)
    row = _row_of(rows, word)
    sellers = naming.sellers[rows.index(row)] if naming.sellers else row.carriers
    named = naming.slugs_by_name.get(_company_name(naming, text), ())
    both = tuple(slug for slug in sellers if slug in named)
    reason = Reason(Clue.WORDS, "product", {"words": word if not both else words}, row.sources)
    # Nobody has a list of all that sell it: other clues can name another company.
    return _brands_of(both or sellers, Confidence.MEDIUM, reason, closed=bool(both))


def _brands_of(
    slugs: Iterable[str], confidence: Confidence, reason: Reason, *, closed: bool
) -> _EvidenceSet:
    brands = tuple(_Brand(slug, slug, confidence, reason) for slug in slugs)
    return _EvidenceSet(Clue.WORDS, brands, closed=closed)


def _variants_of(naming: _Naming, clues: Clues, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the lines of their own that a company's name alone can mean as well."""
    brands = {candidate.carrier for candidate in candidates if candidate.role is Role.BRAND}
    given = {words.strip(): naming.slugs_by_name.get(fold(words), ()) for words in clues.words}
    return [
        Candidate(
            Role.BRAND,
            row.carrier,
            row.carrier,
            Confidence.LOW,
            (Reason(Clue.WORDS, "variant_of", {"words": words}, row.sources, row.note),),
        )
        for row in naming.document.variants
        for words, slugs in given.items()
        if row.of in slugs and row.of in brands and row.carrier not in brands
    ]


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
