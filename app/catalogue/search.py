"""Finding a carrier by any of its names, in any script."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.catalogue.documents import CarrierDocument

_LONG_VOWEL_MARK: Final = "\u30fc"

# After kana, a hyphen, a dash or a wave is what people type for the long-vowel mark: "gro-baru" for
# "global". Before a Latin letter it separates words, as in "rental-WiFi" with "rental" in kana;
# between Latin letters too: "b-mobile".
_TYPED_AS_LONG_VOWEL: Final = re.compile(
    "(?<=[\u3041-\u3096"  # hiragana
    "\u30a1-\u30fa\u30fc])"  # katakana, and the long-vowel mark
    "[-\u2010-\u2015\u2212\u2500~\u301c]+(?![a-z0-9])"
)

_NEAR: Final = 0.6
_LETTERS_TO_GO_BY: Final = 2

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F6 + 1)}
"""Small a to small ke: hiragana has them in the same order, 0x60 before."""


def fold(text: str) -> str:
    """Return the text as it is compared: letters and digits only, in lower case and hiragana.

    Case, width, accents, spaces and punctuation are lost: `RAKUTEN` (full-width too) folds to
    `rakuten`, `Rakuten Mobile` to `rakutenmobile`, and a name in katakana to the same in hiragana.
    """
    composed = unicodedata.normalize("NFKC", text).casefold()
    composed = _TYPED_AS_LONG_VOWEL.sub(_LONG_VOWEL_MARK, composed).translate(_KATAKANA_TO_HIRAGANA)
    # Latin letters lose their accents; the sound marks of kana are kept, they make other letters.
    plain = "".join(
        unicodedata.normalize("NFD", character)[0]
        if character.isalpha() and ord(character) < 0x0250  # noqa: PLR2004 - Latin Extended-B
        else character
        for character in composed
    )
    return "".join(
        character for character in plain if character.isalnum() or character == _LONG_VOWEL_MARK
    )


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
