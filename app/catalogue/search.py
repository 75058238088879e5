"""Finding a carrier by any of its names, in any script."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from app.catalogue.documents import CarrierDocument

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def fold(text: str) -> str:
    """Return the text as it is compared: without case, width, accents, spaces and punctuation, in hiragana.

    `RAKUTEN` (full-width too), `Rakuten Mobile` and `らくてんモバイル` fold to `rakuten`, `rakutenmobile` and `らくてんもばいる`.
    """
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)
    # Latin letters lose their accents; the sound marks of kana are kept, they make other letters.
    plain = "".join(
        unicodedata.normalize("NFD", character)[0] if character.isalpha() and ord(character) < 0x0250 else character  # noqa: PLR2004 - end of Latin Extended-B
        for character in composed
    )
    return "".join(character for character in plain if character.isalnum() or character == "ー")


def words(query: str) -> list[str]:
    """Return the folded words of a query; a query in a script without spaces is one word."""
    return [folded for word in query.split() if (folded := fold(word))]


def names(slug: str, carrier: CarrierDocument) -> Iterable[str]:
    """Return every folded name the carrier can be found by."""
    everything = (slug, *carrier.name.values(), *carrier.aliases, carrier.operator or "")
    return sorted({folded for name in everything if (folded := fold(name))})
