"""Finds the company behind a SIM: candidates from clues, each with reasons. Stores no clue.

Each clue leaves some brands possible (`EvidenceSet`); their intersection is the result. Some clues
also name companies in other roles, such as the issuer of the SIM.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.catalogue.identification import (
    AccessPoint,
    IdentificationDocument,
    IssuerPrefix,
    SimNetwork,
)
from app.catalogue.search import fold
from app.identify.brands import MOST_CONFIDENT_FIRST, Brand, EvidenceSet, intersect, merge
from app.identify.identification import Candidate, Clues, Identification, Reason
from app.identify.words import Naming, find_named, find_variants

JAPAN: Final = "JP"
_JAPANESE_PREFIX: Final = "8981"
_ASKED: Final = (Clue.WORDS, Clue.APN, Clue.SIM_NETWORK, Clue.ICCID_PREFIX, Clue.SMDP_HOST)
"""Clues to look for next, the best first: an order names the company, a network does not."""


@dataclass
class _Gathered:
    """The evidence gathered from the clues so far."""

    evidence_sets: list[EvidenceSet] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    issued_in: set[str] = field(default_factory=set)
    username_decides: bool = False
    """Whether the user name distinguishes the brands that share the access point.

    All customers of a brand use the same name, so it says nothing about a person.
    """


def identify(
    document: IdentificationDocument,
    clues: Clues,
    slugs_by_name: Mapping[str, Collection[str]],
    sellers: Sequence[tuple[str, ...]] = (),
) -> Identification:
    """Return the candidates for the company, from the brands that all clues leave possible.

    `slugs_by_name` maps the folded names of carriers to their ids. `sellers` lists, for each of the
    document's products, the ids of the carriers that sell it; if it is empty, the carriers listed
    with the product are used.
    """
    gathered = _Gathered()
    naming = Naming(document, slugs_by_name, sellers)
    _from_words(naming, clues, gathered)
    _from_access_point(document, clues, gathered)
    _from_sim_network(document, clues, gathered)
    _from_prefix(document, clues, gathered)
    _from_server(document, clues, gathered)
    _from_visited(document, clues, gathered)
    brands, contradictory = intersect(gathered.evidence_sets)
    companies = [*merge(brands), *gathered.others]
    candidates = sorted(
        [*companies, *find_variants(naming, clues, companies)],
        key=lambda candidate: MOST_CONFIDENT_FIRST.index(candidate.confidence),
    )
    state = _state(brands, gathered, contradictory=contradictory)
    return Identification(
        state, candidates, _next(state, clues, gathered, contradictory=contradictory), contradictory
    )


def _from_words(naming: Naming, clues: Clues, gathered: _Gathered) -> None:
    for words in clues.words:
        evidence = find_named(naming, words.strip())
        if evidence is not None:
            gathered.evidence_sets.append(evidence)


def _from_access_point(document: IdentificationDocument, clues: Clues, gathered: _Gathered) -> None:
    apn = (clues.apn or "").lower()
    row = next((row for row in document.access_points if row.apn.lower() == apn), None)
    if row is None:
        return
    if row.country != JAPAN:
        gathered.issued_in.add(row.country)
    gathered.username_decides = len(row.brands) > 1 and any(brand.username for brand in row.brands)
    gathered.evidence_sets.append(
        EvidenceSet(
            Clue.APN,
            tuple(_brands_of_access_point(row, clues.apn_username)),
            closed=row.confidence is not Confidence.LOW,
        )
    )


def _brands_of_access_point(row: AccessPoint, username: str | None) -> Iterator[Brand]:
    """Yield the brands with the user name; if there are none, the current brands, else all."""
    by_username = [brand for brand in row.brands if username and brand.username == username]
    brands = by_username or [brand for brand in row.brands if not brand.old] or list(row.brands)
    confidence = Confidence.HIGH if len(by_username) == 1 else row.confidence
    is_shared = len([brand for brand in brands if not brand.unconfirmed]) > 1
    for brand in brands:
        if brand.unconfirmed:
            key = "apn_unconfirmed"
        elif by_username:
            key = "apn_user"
        else:
            key = "apn_shared" if is_shared else "apn"
        clue = Clue.APN_USERNAME if by_username else Clue.APN
        because = Reason(clue, key, {"apn": row.apn, "brand": brand.name}, row.sources)
        yield Brand(
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
) -> EvidenceSet:
    return EvidenceSet(
        clue, tuple(Brand(slug, slug, confidence, reason) for slug in carriers), closed=False
    )


def _state(brands: Sequence[Brand], gathered: _Gathered, *, contradictory: bool) -> Identity:
    """Return the state of the identification.

    - `identified`: the clues leave one brand, with more than low confidence.
    - `ambiguous`: they contradict each other, include a closed set, or leave several such brands.
    - Otherwise the country and the issuer of the SIM decide.
    """
    confident_keys = {brand.key for brand in brands if brand.confidence is not Confidence.LOW}
    has_closed_set = any(evidence.closed and evidence.brands for evidence in gathered.evidence_sets)
    if contradictory:
        return Identity.AMBIGUOUS
    if len(confident_keys) == 1 and len({brand.key for brand in brands}) == 1:
        return Identity.IDENTIFIED
    if has_closed_set or len(confident_keys) > 1:
        return Identity.AMBIGUOUS
    if gathered.issued_in and JAPAN not in gathered.issued_in:
        return Identity.ROAMING_FOREIGN
    if any(candidate.role is Role.ISSUER for candidate in gathered.others):
        return Identity.ISSUER_ONLY
    return Identity.NOT_IDENTIFIED


def _next(
    state: Identity, clues: Clues, gathered: _Gathered, *, contradictory: bool
) -> Clue | None:
    if state is Identity.IDENTIFIED:
        return None
    given_clues = clues.given()
    if gathered.username_decides and not contradictory and Clue.APN_USERNAME not in given_clues:
        return Clue.APN_USERNAME
    return next((clue for clue in _ASKED if clue not in given_clues), None)
