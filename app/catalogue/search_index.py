"""The search for carriers by the names in a query. The index is built once for each edition.

Why words match only at their beginnings, and which matches are weak: docs/decisions/0018.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from app.catalogue.codes import CarrierKind, Confidence, MatchKind
from app.catalogue.identification import IdentificationDocument, NotCovered, SoldProduct
from app.catalogue.listed_words import (
    SHORTEST_INSIDE,
    folded_word,
    not_covered,
    shop_operators,
)
from app.catalogue.records import CarrierView, Match, RankedCarrier
from app.catalogue.search import Words, words
from app.i18n import LocalizedText


class Rank(IntEnum):
    """How well a query matches, best first. From `COMMON` on, matches are weak."""

    SAME = 0
    """The query is a name of the company or of a variant."""
    LISTED = 1
    """The query is a listed word for a brand, product or shop."""
    FIRST_WORDS = 2
    """The query is the first words of a name."""
    COMMON = 3
    """The query is the first words of a name, but these words are common to many names."""
    BEGINNING = 4
    """A name begins with the query, which ends inside a word of the name."""
    WORDS = 5
    """All words of the query are in one name, but not at its beginning."""
    WORD_BEGINNINGS = 6
    """All words of the query are the beginnings of words in one name."""
    ONLY_PART = 7
    """The query contains a name, and other words."""

    @property
    def weak(self) -> bool:
        """Whether another company can be meant."""
        return self >= Rank.COMMON


class KnownBrand(NamedTuple):
    """A brand known only from clues. The catalogue has no procedures for it."""

    name: str
    company: str | None
    country: str | None
    """ISO 3166-1 alpha-2, ZZ for no country, or None if unknown."""

    note: LocalizedText | None
    weak: bool = False
    """Whether the query is only a part of the name."""


class SearchResult(NamedTuple):
    """The carriers (best match first), known brands and uncovered contracts that a query names."""

    carriers: Sequence[RankedCarrier]
    brands: Sequence[KnownBrand]
    not_covered: Sequence[NotCovered]

    @property
    def is_sure(self) -> bool:
        """Whether any company matches more than weakly."""
        return any(ranked.match and not ranked.match.weak for ranked in self.carriers)


_LISTED: Final = frozenset({MatchKind.BRAND, MatchKind.PRODUCT, MatchKind.SHOP})

_WHOLE_ONLY: Final = frozenset({MatchKind.PRODUCT, MatchKind.SHOP})
"""Kinds that match only as a whole, because their first words mean something else."""

_NAME_SEPARATOR: Final = re.compile(r" ?\(.*?\)| / |, | and many more")
"""Separates the names in a clue: slashes, commas, and remarks in brackets."""


@dataclass(frozen=True)
class _Name:
    """A name or listed word, and the companies that it identifies."""

    text: str
    words: Words
    kind: MatchKind
    carriers: tuple[str, ...]
    note: LocalizedText | None = None
    brand: KnownBrand | None = None
    unsure: bool = False
    """Whether other companies use the word too."""

    def rank(self, query: Words, parts: Sequence[str], *, common: bool) -> Rank | None:
        """Return how well the query matches, as a whole or by its words; None if it does not.

        `common`: the query has only words that many names have.
        """
        if self.words.folded == query.folded:
            return Rank.LISTED if self.kind in _LISTED else Rank.SAME
        if self.kind in _WHOLE_ONLY:
            return None
        if self.words.folded.startswith(query.folded) and len(query.folded) > 1:
            if not self.words.can_end(len(query.folded)):
                return Rank.BEGINNING
            return Rank.COMMON if common else Rank.FIRST_WORDS
        return None if common else self._rank_of_parts(query, parts)

    def _rank_of_parts(self, query: Words, parts: Sequence[str]) -> Rank | None:
        name = self.words.folded
        if query.folded not in name and any(part not in name for part in parts):
            return None  # true for most names; the search below is ten times as slow
        places = _best_places(self.words, [query.folded]) or _best_places(self.words, parts)
        if not places:
            return None
        if not all(place.ends_word for place in places):
            return Rank.WORD_BEGINNINGS
        return Rank.FIRST_WORDS if any(place.is_first for place in places) else Rank.WORDS


class _Place(NamedTuple):
    """An occurrence of a query word at the start of a word of a name. The maximum is the best."""

    ends_word: bool
    is_first: bool


def _best_places(name: Words, parts: Iterable[str]) -> list[_Place]:
    """Return the best place of each part in the name; empty if any part has none."""
    places = []
    for part in parts:
        place = _best_place(name, part)
        if place is None:
            return []
        places.append(place)
    return places


def _best_place(name: Words, part: str) -> _Place | None:
    """Return the best place of the part in the name, or None if no word begins with it.

    Inside a name, Japanese and Chinese words match only as a whole, because their first
    characters are often words of their own.
    """
    places = [
        _Place(name.ends(position + len(part)), position == 0)
        for position in name.positions(part)
        if name.begins(position)
    ]
    allowed = [
        place
        for place in places
        if place.ends_word or (len(part) > 1 and (place.is_first or part[-1].isascii()))
    ]
    return max(allowed, default=None)


@dataclass(frozen=True)
class SearchIndex:
    """All names and listed words of an edition."""

    document: IdentificationDocument
    carriers: Mapping[str, CarrierView]
    carriers_by_name: Mapping[str, Collection[str]]
    """Ids of the companies with each folded name. The generic carrier is not a company."""

    sellers: Sequence[tuple[str, ...]]
    """Ids of the companies that sell each entry of `document.products`, in the same order."""

    names: Sequence[_Name]
    common: re.Pattern[str]
    """Matches text that has only words of `document.common_words`."""

    @classmethod
    def of(
        cls,
        document: IdentificationDocument,
        carriers: Mapping[str, CarrierView],
        carriers_by_name: Mapping[str, Collection[str]],
    ) -> "SearchIndex":
        """Build the index from the documents of an edition."""
        sellers = [_sellers(product, carriers) for product in document.products]
        common = "|".join(
            sorted(map(re.escape, map(folded_word, document.common_words)), key=len, reverse=True)
        )
        return cls(
            document,
            carriers,
            carriers_by_name,
            sellers,
            (
                *_listed_names(document, sellers),  # first: the first of equal matches is used
                *_company_names(carriers),
                *_brand_names(document, carriers_by_name),
            ),
            re.compile(f"(?:{common})+" if common else "(?!)"),
        )

    def search(self, text: str) -> SearchResult:
        """Return the companies, brands and uncovered contracts that the text names.

        Respelled words and names inside the text are tried only while no match is sure.
        """
        query = Words.of(text)
        if not query.folded:
            return SearchResult((), (), ())
        matches = _Matches()
        self._add_names(query, words(text), matches)
        if not matches.is_sure:
            for spelling in self._respelled(query):
                self._add_names(spelling, [spelling.folded], matches)
        uncovered: Sequence[NotCovered] = ()
        if not matches.is_sure:
            uncovered = not_covered(self.document, query)
            self._add_parts(text, query, matches, with_names=not uncovered)
        return SearchResult(
            sorted(
                (
                    RankedCarrier(rank, self.carriers[slug], match)
                    for slug, (rank, match) in matches.carriers.items()
                ),
                key=lambda ranked: (ranked.rank, ranked.carrier.slug),
            ),
            sorted(
                (
                    brand
                    for brand in matches.brands.values()
                    if not (brand.weak and matches.is_sure)
                ),
                key=lambda brand: (brand.weak, brand.name),
            ),
            () if matches.is_sure else uncovered,
        )

    def _add_names(self, query: Words, parts: Sequence[str], matches: "_Matches") -> None:
        common = self.common.fullmatch(query.folded) is not None
        for name in self.names:
            rank = name.rank(query, parts, common=common)
            if rank is not None:
                matches.add(rank, name)

    def _respelled(self, query: Words) -> Iterator[Words]:
        """Yield the query with one of its words in another script, such as katakana."""
        for spellings in self.document.spellings:
            folded = [folded_word(spelling) for spelling in spellings]
            for spelling in folded:
                if spelling in query.folded:
                    for replacement in folded:
                        if replacement != spelling:
                            yield Words.of(query.folded.replace(spelling, replacement))

    def _add_parts(self, text: str, query: Words, matches: "_Matches", *, with_names: bool) -> None:
        """Add the shop that the query contains or, if there is none, its longest names."""
        operators = shop_operators(self.document, self.carriers_by_name, query)
        if operators:
            matches.add(Rank.LISTED, _Name(text.strip(), query, MatchKind.SHOP, operators))
        elif with_names:
            contained = [
                name
                for name in self.names
                if len(name.words.folded) > 1
                and name.words.folded in query.folded
                and (name.kind is MatchKind.PRODUCT or not self.common.fullmatch(name.words.folded))
                and query.names(name.words.folded, shortest_inside=SHORTEST_INSIDE)
            ]
            longest = max((len(name.words.folded) for name in contained), default=0)
            for name in contained:
                if len(name.words.folded) == longest:
                    matches.add(Rank.ONLY_PART, name)


class _Matches:
    """The best match of each company and brand so far."""

    def __init__(self) -> None:
        self.carriers: dict[str, tuple[Rank, Match]] = {}
        self.brands: dict[str, KnownBrand] = {}

    @property
    def is_sure(self) -> bool:
        return any(not match.weak for _, match in self.carriers.values())

    def add(self, rank: Rank, name: _Name) -> None:
        for slug in name.carriers:
            if slug not in self.carriers or rank < self.carriers[slug][0]:
                match = Match(name.kind, name.text, rank.weak or name.unsure, name.note)
                self.carriers[slug] = rank, match
        if name.brand:
            key = folded_word(name.brand.name)
            if key not in self.brands or not rank.weak:
                self.brands[key] = name.brand._replace(weak=rank.weak)


def _sellers(product: SoldProduct, carriers: Mapping[str, CarrierView]) -> tuple[str, ...]:
    """Return the ids of the companies that sell the product, those listed by id first."""
    networks = set(map(folded_word, product.networks))
    sellers = [
        slug
        for slug, carrier in carriers.items()
        if (networks or product.products or product.kinds)
        and carrier.kind is not CarrierKind.GENERIC
        and not (networks and networks.isdisjoint(map(folded_word, carrier.document.networks)))
        and (not product.products or set(product.products) & set(carrier.document.products))
        and (not product.kinds or carrier.kind in product.kinds)
    ]
    listed = [slug for slug in product.carriers if slug in carriers]
    return tuple(dict.fromkeys((*listed, *sorted(sellers))))


def _company_names(carriers: Mapping[str, CarrierView]) -> Iterator[_Name]:
    for slug, carrier in carriers.items():
        document = carrier.document
        by_kind: tuple[tuple[MatchKind, Iterable[str]], ...] = (
            (MatchKind.NAME, document.name.values()),
            (MatchKind.ALIAS, (*document.aliases, slug)),
            (MatchKind.OPERATOR, (document.operator,) if document.operator else ()),
        )
        for kind, texts in by_kind:
            for text in dict.fromkeys(texts):
                name_words = Words.of(text)
                if name_words.folded:
                    yield _Name(text, name_words, kind, (slug,))


def _listed_names(
    document: IdentificationDocument, sellers: Sequence[tuple[str, ...]]
) -> Iterator[_Name]:
    for product, carriers in zip(document.products, sellers, strict=True):
        for text in product.words:
            yield _Name(text, Words.of(text), MatchKind.PRODUCT, carriers, product.note)
    for variant in document.variants:
        for text in variant.words:
            yield _Name(text, Words.of(text), MatchKind.VARIANT, (variant.carrier,), variant.note)
    for shop in document.shops:
        for text in shop.words:
            yield _Name(text, Words.of(text), MatchKind.SHOP, shop.carriers)


def _brand_names(
    document: IdentificationDocument, carriers_by_name: Mapping[str, Collection[str]]
) -> Iterator[_Name]:
    """Yield the brands named in clues. A brand without a carrier is a `KnownBrand`."""
    for row in document.product_words:
        if row.company is not None:
            for text in row.words:
                yield _Name(
                    text,
                    Words.of(text),
                    MatchKind.BRAND,
                    row.carriers,
                    row.note,
                    None if row.carriers else KnownBrand(row.words[0], row.company, None, row.note),
                    unsure=row.confidence is Confidence.LOW,
                )
    known_names = {
        *carriers_by_name,
        *(folded_word(word) for variant in document.variants for word in variant.words),
    }
    brands = [
        _NetworkBrand(brand.name, point.country, brand.carrier)
        for point in document.access_points
        for brand in point.brands
        if not brand.unconfirmed
    ]
    brands += [
        _NetworkBrand(network.operator, network.country, None)
        for network in document.sim_networks
        if not network.carriers
    ]
    for names, country, carrier in brands:
        for text in _NAME_SEPARATOR.split(names):
            name_words = Words.of(text)
            if not name_words.folded or name_words.folded in known_names:
                continue
            if carrier:
                yield _Name(text, name_words, MatchKind.BRAND, (carrier,))
            else:
                known_brand = KnownBrand(text, None, country, None)
                yield _Name(text, name_words, MatchKind.BRAND, (), brand=known_brand)


class _NetworkBrand(NamedTuple):
    """A brand from network data. `names` can contain several names and remarks."""

    names: str
    country: str
    carrier: str | None
