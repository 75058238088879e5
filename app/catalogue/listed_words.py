"""Finds words in a text that `identification.yaml` lists: products, shops, kinds of contracts."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final

from app.catalogue.identification import IdentificationDocument, NotCovered
from app.catalogue.search import Words, fold

SHORTEST_INSIDE: Final = 2
"""Minimum length of a word that may match inside a run of Chinese characters."""


@lru_cache(maxsize=4096)
def folded_word(listed: str) -> str:
    """Return a listed word in folded form.

    Never call it with text of clients: that would push the listed words out of the cache.
    """
    return fold(listed)


def longest_named(text: Words, listed: Sequence[str]) -> str | None:
    """Return the longest of the listed words that the text contains, or None."""
    named = [
        word for word in listed if text.names(folded_word(word), shortest_inside=SHORTEST_INSIDE)
    ]
    return max(named, key=len, default=None)


def not_covered(document: IdentificationDocument, text: Words) -> list[NotCovered]:
    """Return the kinds of contracts named in the text that the catalogue does not cover."""
    return [row for row in document.not_covered if longest_named(text, row.words)]


def shop_operators(
    document: IdentificationDocument,
    carriers_by_name: Mapping[str, Collection[str]],
    text: Words,
) -> tuple[str, ...]:
    """Return the ids of the companies that run a shop named in the text, or an empty tuple.

    A shop is a listed shop name, or the name of a company followed by a word for a shop.
    """
    for shop in document.shops:
        if longest_named(text, shop.words):
            return shop.carriers
    for shop_word in map(folded_word, document.shop_words):
        for position in text.positions(shop_word):
            company = text.folded[:position]
            if company in carriers_by_name:
                return tuple(sorted(carriers_by_name[company]))
    return ()
