"""The search: what a query names. The index is made once for each edition.

Why words match at their beginnings only, and what is weak: docs/decisions/0018.
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
    """How well a query matches, best first. From `COMMON` on, the match is weak."""

    SAME = 0
    """It is a name of the company."""
    LISTED = 1
    """It is a listed word: of a brand, a variant, a product or a shop."""
    FIRST_WORDS = 2
    """It is the first words of a name."""
    COMMON = 3
    """It is the first words of a name, but words that many names have."""
    BEGINNING = 4
    """A name begins with it, and goes on inside a word."""
    WORDS = 5
    """Its words are words of one name, which begins with another."""
    WORD_BEGINNINGS = 6
    """Words of one name begin with its words."""
    ONLY_PART = 7
    """A name is only a part of it."""

    @property
    def weak(self) -> bool:
        """Whether another company can be meant."""
        return self >= Rank.COMMON


class KnownBrand(NamedTuple):
    """A brand that is known from clues only: the catalogue has no procedures of it."""

    name: str
    company: str | None
    country: str | None
    note: LocalizedText | None
    weak: bool = False


class SearchResult(NamedTuple):
    """What a query names."""

    carriers: Sequence[RankedCarrier]
    brands: Sequence[KnownBrand]
    not_covered: Sequence[NotCovered]

    @property
    def is_sure(self) -> bool:
        """Whether a company is found by more than a weak match."""
        return any(found.match and not found.match.weak for found in self.carriers)


_LISTED: Final = frozenset({MatchKind.BRAND, MatchKind.PRODUCT, MatchKind.SHOP})

_SINGLE: Final = frozenset({MatchKind.PRODUCT, MatchKind.SHOP})
"""Kinds whose words count only as a whole: their first words say something else."""


_NOT_A_NAME: Final = re.compile(r" ?\(.*?\)| / |, | and many more")
"""What stands between names in a clue: remarks in brackets, and other names."""


@dataclass(frozen=True)
class _Name:
    """A name or listed word, and the companies it leads to."""

    text: str
    words: Words
    kind: MatchKind
    carriers: tuple[str, ...]
    note: LocalizedText | None = None
    brand: KnownBrand | None = None
    unsure: bool = False
    """Whether others use the word too."""

    def rank(self, query: Words, parts: Sequence[str], *, common: bool) -> Rank | None:
        """Return how well the query matches, as a whole or by its parts; None: not at all."""
        if self.words.folded == query.folded:
            return Rank.LISTED if self.kind in _LISTED else Rank.SAME
        if self.kind in _SINGLE:
            return None
        if self.words.folded.startswith(query.folded) and len(query.folded) > 1:
            if not self.words.can_end(len(query.folded)):
                return Rank.BEGINNING
            return Rank.COMMON if common else Rank.FIRST_WORDS
        return None if common else self._rank_of_parts(query, parts)

    def _rank_of_parts(self, query: Words, parts: Sequence[str]) -> Rank | None:
        name = self.words.folded
        if query.folded not in name and any(part not in name for part in parts):
            return None  # most names end here: the rest is ten times as slow
        places = _places(self.words, [query.folded]) or _places(self.words, parts)
        if not places:
            return None
        if not all(place.whole for place in places):
            return Rank.WORD_BEGINNINGS
        return Rank.FIRST_WORDS if any(place.first for place in places) else Rank.WORDS


class _Place(NamedTuple):
    """Where a word of the query stands in a name."""

    whole: bool
    first: bool


def _places(name: Words, parts: Iterable[str]) -> list[_Place]:
    """Return where each of the parts stands in the name; empty where one does not."""
    places = [_place(name, part) for part in parts]
    found = [place for place in places if place is not None]
    return found if len(found) == len(places) else []


def _place(name: Words, part: str) -> _Place | None:
    """Return the best place of a part that begins where a word begins; None: there is none.

    Inside a name, Japanese and Chinese words count only as a whole: their first characters are
    words of their own.
    """
    places = [
        _Place(name.ends(position + len(part)), position == 0)
        for position in name.positions(part)
        if name.begins(position)
    ]
    possible = [
        place
        for place in places
        if place.whole or (len(part) > 1 and (place.first or part[-1].isascii()))
    ]
    return max(possible, default=None)


@dataclass(frozen=True)
class SearchIndex:
    """All names and listed words of an edition."""

    document: IdentificationDocument
    carriers: Mapping[str, CarrierView]
    carriers_by_name: Mapping[str, Collection[str]]
    """By folded name the ids of the companies that have it; the generic carrier is no company."""

    sellers: Sequence[tuple[str, ...]]
    """For each of the document's products the ids of the companies that sell it."""

    names: Sequence[_Name]
    common: re.Pattern[str]
    """What has only words that many names have."""

    @classmethod
    def of(
        cls,
        document: IdentificationDocument,
        carriers: Mapping[str, CarrierView],
        carriers_by_name: Mapping[str, Collection[str]],
    ) -> "SearchIndex":
        """Return the index of an edition's documents."""
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
                *_listed_names(document, sellers),  # of equal matches, one with a note is kept
                *_company_names(carriers),
                *_brand_names(document, carriers_by_name),
            ),
            re.compile(f"(?:{common})+" if common else "(?!)"),
        )

    def search(self, text: str) -> SearchResult:
        """Return the companies that the text names, best match first, and what else it names."""
        query = Words.of(text)
        if not query.folded:
            return SearchResult((), (), ())
        found = _Found()
        self._add_names(query, words(text), found)
        if not found.is_sure:
            for spelling in self._respelled(query):
                self._add_names(spelling, [spelling.folded], found)
        uncovered: Sequence[NotCovered] = ()
        if not found.is_sure:
            uncovered = not_covered(self.document, query)
            self._add_parts(text, query, found, with_names=not uncovered)
        return SearchResult(
            sorted(
                (
                    RankedCarrier(rank, self.carriers[slug], match)
                    for slug, (rank, match) in found.carriers.items()
                ),
                key=lambda ranked: (ranked.rank, ranked.carrier.slug),
            ),
            sorted(
                (brand for brand in found.brands.values() if not (brand.weak and found.is_sure)),
                key=lambda brand: (brand.weak, brand.name),
            ),
            () if found.is_sure else uncovered,
        )

    def _add_names(self, query: Words, parts: Sequence[str], found: "_Found") -> None:
        common = self.common.fullmatch(query.folded) is not None
        for name in self.names:
            rank = name.rank(query, parts, common=common)
            if rank is not None:
                found.add(rank, name)

    def _respelled(self, query: Words) -> Iterator[Words]:
        """Yield the query with one of its words in another script: `UQ mobile` in katakana."""
        for spellings in self.document.spellings:
            folded = [folded_word(spelling) for spelling in spellings]
            for spelling in folded:
                if spelling in query.folded:
                    for other in folded:
                        if other != spelling:
                            yield Words.of(query.folded.replace(spelling, other))

    def _add_parts(self, text: str, query: Words, found: "_Found", *, with_names: bool) -> None:
        """Add what a part of the query names: a shop, otherwise its longest names."""
        operators = shop_operators(self.document, self.carriers_by_name, query)
        if operators:
            found.add(Rank.LISTED, _Name(text.strip(), query, MatchKind.SHOP, operators))
        elif with_names:
            held = [
                name
                for name in self.names
                if len(name.words.folded) > 1
                and name.words.folded in query.folded
                and (name.kind is MatchKind.PRODUCT or not self.common.fullmatch(name.words.folded))
                and query.names(name.words.folded, shortest_inside=SHORTEST_INSIDE)
            ]
            longest = max((len(name.words.folded) for name in held), default=0)
            for name in held:
                if len(name.words.folded) == longest:
                    found.add(Rank.ONLY_PART, name)


class _Found:
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
    named = [slug for slug in product.carriers if slug in carriers]
    return tuple(dict.fromkeys((*named, *sorted(sellers))))


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
                named = Words.of(text)
                if named.folded:
                    yield _Name(text, named, kind, (slug,))


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
    """Yield the brands of the clues; those without a carrier lead to none, but are known."""
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
    others = [
        (brand.name, point.country, brand.carrier)
        for point in document.access_points
        for brand in point.brands
        if not brand.unconfirmed
    ]
    others += [
        (network.operator, network.country, None)
        for network in document.sim_networks
        if not network.carriers
    ]
    for texts, country, carrier in others:
        for text in _NOT_A_NAME.split(texts):
            named = Words.of(text)
            if not named.folded or named.folded in known_names:
                continue
            if carrier:
                yield _Name(text, named, MatchKind.BRAND, (carrier,))
            else:
                known = KnownBrand(text, None, country, None)
                yield _Name(text, named, MatchKind.BRAND, (), brand=known)
