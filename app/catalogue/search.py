"""Finding a carrier by any of its names, in any script."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.catalogue.documents import CarrierDocument

# After kana, people type a hyphen, a dash or a wave for the long-vowel mark: `グロ-バル`. Before a
# Latin letter it separates, as in `レンタル-WiFi`; between others too: `b-mobile`, `Wi-Fi`.
_LONG_VOWEL: Final = re.compile(
    "(?<=[ぁ-ゖァ-ヺー])[-\u2010-\u2015\u2212\u2500~\u301c]+(?![a-z0-9])"
)

_NEAR: Final = 0.6
_LETTERS_TO_GO_BY: Final = 2

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def fold(text: str) -> str:
    """Return the text in the form in which names are compared.

    It has no case, width, accents, spaces or punctuation, and its kana are hiragana:

    - `RAKUTEN`, full-width too, is `rakuten`
    - `Rakuten Mobile` is `rakutenmobile`
    - `らくてんモバイル` is `らくてんもばいる`
    """
    composed = unicodedata.normalize("NFKC", text).casefold()
    composed = _LONG_VOWEL.sub("ー", composed).translate(_KATAKANA_TO_HIRAGANA)
    # Latin letters lose their accents; the sound marks of kana are kept, they make other letters.
    plain = "".join(
        unicodedata.normalize("NFD", character)[0]
        if character.isalpha() and ord(character) < 0x0250  # noqa: PLR2004 - end of Latin Extended-B
        else character
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


def closest_id(unknown: str, ids: Sequence[str]) -> str | None:
    """Return the id that begins with the unknown one, holds it, or has nearly its spelling."""
    if len(unknown) >= _LETTERS_TO_GO_BY:
        for holds in (str.startswith, str.__contains__):
            for each in sorted(ids, key=lambda each: (len(each), each)):
                if holds(each, unknown.lower()):
                    return each
    return next(iter(difflib.get_close_matches(unknown, ids, 1, _NEAR)), None)


def closest_name(text: str, ids_by_name: Mapping[str, str]) -> str | None:
    """Return the id whose folded name has nearly the spelling of the text."""
    names = difflib.get_close_matches(fold(text), ids_by_name, 1, _NEAR)
    return ids_by_name[names[0]] if names else None
