"""Words as a clue: which company, variant or product the words on a package or a bill name."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from app.catalogue.codes import Clue, Confidence, Role
from app.catalogue.identification import IdentificationDocument, ProductWords
from app.catalogue.listed_words import folded_word, longest_named, not_covered, shop_operators
from app.catalogue.search import Words, fold
from app.identify.brands import Brand, EvidenceSet
from app.identify.identification import Candidate, Clues, Reason

_SHORTEST_PART: Final = 3
"""Minimum length of a company's name that is recognised among other words."""

_Row = TypeVar("_Row", bound="_Listed")


class Naming(NamedTuple):
    """The names that words can contain."""

    document: IdentificationDocument
    slugs_by_name: Mapping[str, Collection[str]]
    """Ids of carriers by their folded names."""
    sellers: Sequence[tuple[str, ...]]
    """Ids of the carriers that sell each product of the document."""

    @property
    def networks(self) -> frozenset[str]:
        """Folded names that are both a network's and a company's."""
        return frozenset(folded_word(name) for name in self.document.network_names)

    def is_network(self, company: str, text: Words) -> bool:
        """Return whether the name may mean only the network, because there are other words."""
        return company in self.networks and company != text.folded


_Finder = Callable[[Naming, str, Words], EvidenceSet]


def find_named(naming: Naming, words: str) -> EvidenceSet | None:
    """Return the brands that the words name, or None if they name none.

    The longest name decides: "Prepaid SIM for JAPAN" is more specific than "SIM", "Rakuten Mobile"
    than "mobile", and "UQ WiMAX" than "WiMAX".
    """
    text = Words.of(words)
    if not_covered(naming.document, text):
        # "BIGLOBE Hikari" is not a contract of BIGLOBE Mobile: the words must be the whole name.
        return _of_company(naming, words, text) if text.folded in naming.slugs_by_name else None
    if text.folded not in naming.slugs_by_name:
        operators = shop_operators(naming.document, naming.slugs_by_name, text)
        if operators:
            reason = Reason(Clue.WORDS, "shop", {"words": words}, ())
            return _brands_of(operators, Confidence.MEDIUM, reason, closed=True)
    document, company = naming.document, _company_name(naming, text)
    # Next to other words, the name of a network is less specific than any of them.
    company_length = 1 if naming.is_network(company, text) else len(company)
    by_length: list[tuple[int, _Finder]] = [
        (_length(_rows_with_company(document), text), _of_product_words),
        (company_length, _of_company),
        (_length(document.variants, text), _of_variant),
        (_length(document.products, text), _of_product),
    ]
    # `max` takes the first of two equal lengths.
    length, find_brands = max(by_length, key=lambda pair: pair[0])
    return find_brands(naming, words, text) if length else None


def _company_name(naming: Naming, text: Words) -> str:
    networks = naming.networks
    return max(
        (name for name in naming.slugs_by_name if _is_named(name, text)),
        key=lambda name: (name not in networks, len(name)),
        default="",
    )


def _is_named(name: str, text: Words) -> bool:
    """Return whether the text is the name, or contains it as words."""
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


def _rows_with_company(document: IdentificationDocument) -> list[ProductWords]:
    return [row for row in document.product_words if row.company and row.confidence]


def _length(rows: Iterable[_Listed], text: Words) -> int:
    return len(folded_word(_listed_word(rows, text)))


def _row_of(rows: Sequence[_Row], word: str) -> _Row:
    return next(row for row in rows if word in row.words)


def _of_company(naming: Naming, words: str, text: Words) -> EvidenceSet:
    company = _company_name(naming, text)
    slugs = tuple(naming.slugs_by_name[company])
    if naming.is_network(company, text):
        # "SoftBank, 7 days" on a marketplace names the network, not the seller.
        reason = Reason(Clue.WORDS, "name_or_network", {"words": words}, ())
        return _brands_of(slugs, Confidence.LOW, reason, closed=False)
    confidence = Confidence.HIGH if company == text.folded else Confidence.MEDIUM
    reason = Reason(Clue.WORDS, "name", {"words": words}, ())
    return _brands_of(slugs, confidence, reason, closed=True)


def _of_variant(naming: Naming, words: str, text: Words) -> EvidenceSet:
    rows = naming.document.variants
    row = _row_of(rows, _listed_word(rows, text))
    reason = Reason(Clue.WORDS, "variant", {"words": words}, row.sources, row.note)
    return _brands_of((row.carrier,), Confidence.HIGH, reason, closed=True)


def _of_product_words(naming: Naming, _words: str, text: Words) -> EvidenceSet:
    rows = _rows_with_company(naming.document)
    word = _listed_word(rows, text)
    row = _row_of(rows, word)
    assert row.company is not None  # `_rows_with_company` leaves the others out
    assert row.confidence is not None
    reason = Reason(
        Clue.WORDS, "words", {"words": word, "company": row.company}, row.sources, row.note
    )
    brands = tuple(
        Brand(row.company, slug, row.confidence, reason) for slug in row.carriers or (None,)
    )
    return EvidenceSet(Clue.WORDS, brands, closed=row.confidence is Confidence.HIGH)


def _of_product(naming: Naming, words: str, text: Words) -> EvidenceSet:
    """Return the sellers of the product; if the words also name some of them, only those."""
    rows = naming.document.products
    word = _listed_word(rows, text)
    row = _row_of(rows, word)
    sellers = naming.sellers[rows.index(row)] if naming.sellers else row.carriers
    named = naming.slugs_by_name.get(_company_name(naming, text), ())
    named_sellers = tuple(slug for slug in sellers if slug in named)
    quoted = words if named_sellers else word
    reason = Reason(Clue.WORDS, "product", {"words": quoted}, row.sources)
    # The list of sellers is never complete: other clues can name another company.
    return _brands_of(
        named_sellers or sellers, Confidence.MEDIUM, reason, closed=bool(named_sellers)
    )


def _brands_of(
    slugs: Iterable[str], confidence: Confidence, reason: Reason, *, closed: bool
) -> EvidenceSet:
    brands = tuple(Brand(slug, slug, confidence, reason) for slug in slugs)
    return EvidenceSet(Clue.WORDS, brands, closed=closed)


def find_variants(naming: Naming, clues: Clues, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the variants of candidates that the company's name alone can also mean."""
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
