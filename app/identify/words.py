"""What words on a package, a bill or in a shop name: a company, a variant or a product."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from app.catalogue.codes import Clue, Confidence, Role
from app.catalogue.identification import IdentificationDocument, ProductWords
from app.catalogue.listed_words import folded_word, longest_named, not_covered, shop_operators
from app.catalogue.search import Words, fold
from app.identify.brands import Brand, EvidenceSet
from app.identify.identification import Candidate, Clues, Reason

_SHORTEST_PART: Final = 3
"""Characters of a company's name that count among other words."""

_Row = TypeVar("_Row", bound="_Listed")


class Naming(NamedTuple):
    """What a text can name: the clues' document, and the companies by their folded names."""

    document: IdentificationDocument
    slugs_by_name: Mapping[str, Collection[str]]
    sellers: Sequence[tuple[str, ...]]

    @property
    def networks(self) -> frozenset[str]:
        """The folded names that a network and a company share."""
        return frozenset(folded_word(name) for name in self.document.network_names)

    def is_network(self, company: str, text: Words) -> bool:
        """Return whether the name beside other words can be only that of the network."""
        return company in self.networks and company != text.folded


_Finder = Callable[[Naming, str, Words], EvidenceSet]


def find_named(naming: Naming, words: str) -> EvidenceSet | None:
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
    by_length: list[tuple[int, _Finder]] = [
        (_length(_that_name_companies(document), text), _of_product_words),
        (company_length, _of_company),
        (_length(document.variants, text), _of_variant),
        (_length(document.products, text), _of_product),
    ]
    # Of two names of one length, the first of the list decides.
    length, make = max(by_length, key=lambda pair: pair[0])
    return make(naming, words, text) if length else None


def _company_name(naming: Naming, text: Words) -> str:
    networks = naming.networks
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


def _of_company(naming: Naming, words: str, text: Words) -> EvidenceSet:
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


def _of_variant(naming: Naming, words: str, text: Words) -> EvidenceSet:
    rows = naming.document.variants
    row = _row_of(rows, _listed_word(rows, text))
    reason = Reason(Clue.WORDS, "variant", {"words": words}, row.sources, row.note)
    return _brands_of((row.carrier,), Confidence.HIGH, reason, closed=True)


def _of_product_words(naming: Naming, _words: str, text: Words) -> EvidenceSet:
    rows = _that_name_companies(naming.document)
    word = _listed_word(rows, text)
    row = _row_of(rows, word)
    assert row.company is not None  # others are left out
    assert row.confidence is not None
    reason = Reason(
        Clue.WORDS, "words", {"words": word, "company": row.company}, row.sources, row.note
    )
    brands = tuple(
        Brand(row.company, slug, row.confidence, reason) for slug in row.carriers or (None,)
    )
    return EvidenceSet(Clue.WORDS, brands, closed=row.confidence is Confidence.HIGH)


def _of_product(naming: Naming, words: str, text: Words) -> EvidenceSet:
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
) -> EvidenceSet:
    brands = tuple(Brand(slug, slug, confidence, reason) for slug in slugs)
    return EvidenceSet(Clue.WORDS, brands, closed=closed)


def find_variants(naming: Naming, clues: Clues, candidates: Sequence[Candidate]) -> list[Candidate]:
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
