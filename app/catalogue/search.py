"""Comparison of names in any script: folding, word boundaries, and similar ids.

Why words match only at their beginnings: docs/decisions/0018.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from app.catalogue.documents import CarrierDocument

_LONG_VOWEL_MARK: Final = "\u30fc"

# After kana, people type a hyphen, dash or wave for the long-vowel mark: "gro-baru" for "global".
# Before a Latin letter it separates words, as in "rental-WiFi" with "rental" in kana. Between Latin
# letters it does too: "b-mobile".
_TYPED_AS_LONG_VOWEL: Final = re.compile(
    "(?<=[\u3041-\u3096"  # hiragana
    "\u30a1-\u30fa\u30fc])"  # katakana, and the long-vowel mark
    "[-\u2010-\u2015\u2212\u2500~\u301c]+(?![A-Za-z0-9])"
)

_MIN_SIMILARITY: Final = 0.6  # of difflib; 1 is equal
_MIN_LETTERS: Final = 2

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F6 + 1)}
"""From small a to small ke. The same hiragana are at code points 0x60 lower."""

_END_OF_LATIN: Final = 0x0250  # the first code point after Latin Extended-B


class Script(Enum):
    """The script of a character. A word ends where the script changes."""

    LETTER = auto()
    DIGIT = auto()
    HIRAGANA = auto()
    KATAKANA = auto()
    HAN = auto()


class _Character(NamedTuple):
    script: Script
    is_upper: bool


@dataclass(frozen=True)
class Words:
    """A text in folded form, and the positions where its words begin.

    A word ends at a space or punctuation, where the script changes, between letters and digits,
    before a capital letter that follows a small one ("LinksMate"), and after several capitals
    ("IIJmio"). Chinese characters and hiragana have no spaces: a run of them is one word.
    """

    folded: str
    """Letters and digits only, in lower case and hiragana (`fold`)."""

    starts: frozenset[int]
    """Positions in `folded` where a word begins."""

    scripts: tuple[Script, ...]
    """The script of each character of `folded`, as it was written."""

    @classmethod
    def of(cls, text: str) -> "Words":
        """Return the words of a text."""
        folded: list[str] = []
        starts: set[int] = set()
        scripts: list[Script] = []
        previous: _Character | None = None
        capitals = 0
        composed = _TYPED_AS_LONG_VOWEL.sub(_LONG_VOWEL_MARK, unicodedata.normalize("NFKC", text))
        for position, character in enumerate(composed):
            plain = _plain(character)
            if not plain:
                previous, capitals = None, 0
                continue
            script, is_upper = _script(character), character.isupper()
            if character == _LONG_VOWEL_MARK and previous is not None:
                script = previous.script  # the mark belongs to the kana before it
            next_two = composed[position : position + 2]
            if (
                previous is None
                or previous.script is not script
                or (is_upper and not previous.is_upper and script is Script.LETTER)
                or (capitals > 1 and len(next_two) > 1 and next_two.islower())
            ):
                starts.add(len(folded))
            capitals = capitals + 1 if is_upper else 0
            previous = _Character(script, is_upper)
            folded += plain
            scripts += [script] * len(plain)
        return cls("".join(folded), frozenset(starts), tuple(scripts))

    def begins(self, position: int) -> bool:
        """Return whether a word begins at the position."""
        return position in self.starts

    def ends(self, position: int) -> bool:
        """Return whether a word ends directly before the position."""
        return position == len(self.folded) or position in self.starts

    def can_end(self, position: int) -> bool:
        """Return whether a word can end there, also inside a run of Chinese characters."""
        return self.ends(position) or self._runs_on(position, (Script.HAN,))

    def positions(self, part: str) -> Iterator[int]:
        """Yield the positions where the folded part occurs."""
        position = self.folded.find(part)
        while part and position >= 0:
            yield position
            position = self.folded.find(part, position + 1)

    def names(self, name: str, *, shortest_inside: int) -> bool:
        """Return whether the text contains the folded name as whole words.

        A name of at least `shortest_inside` characters can also be inside a run of Chinese
        characters, or directly before hiragana, because these have no spaces.
        """
        return any(
            self._names_at(position, position + len(name), shortest_inside)
            for position in self.positions(name)
        )

    def _names_at(self, start: int, end: int, shortest_inside: int) -> bool:
        is_long = end - start >= shortest_inside
        begins = self.begins(start) or (is_long and self._runs_on(start, (Script.HAN,)))
        return begins and (
            self.ends(end) or (is_long and self._runs_on(end, (Script.HAN, Script.HIRAGANA)))
        )

    def _runs_on(self, position: int, scripts: Collection[Script]) -> bool:
        """Return whether a run of one of the scripts continues across the position."""
        return self.scripts[position - 1] is self.scripts[position] in scripts


def _script(character: str) -> Script:
    code = ord(character)
    if character.isnumeric() and not unicodedata.name(character, "").startswith("CJK"):
        return Script.DIGIT
    if 0x3041 <= code <= 0x309F:  # noqa: PLR2004 - the block of hiragana
        return Script.HIRAGANA
    if 0x30A0 <= code <= 0x30FF:  # noqa: PLR2004 - the block of katakana
        return Script.KATAKANA
    if unicodedata.name(character, "").startswith("CJK") or character in "\u3005\u3007":
        return Script.HAN
    return Script.LETTER


def _plain(character: str) -> str:
    """Return the folded character; an empty string for spaces and punctuation."""
    # Accents of Latin letters are removed. Sound marks of kana are kept: they make other letters.
    return "".join(
        unicodedata.normalize("NFD", folded)[0]
        if folded.isalpha() and ord(folded) < _END_OF_LATIN
        else folded
        for folded in character.casefold().translate(_KATAKANA_TO_HIRAGANA)
        if folded.isalnum()
    )


def fold(text: str) -> str:
    """Return the text in the form that is compared: letters and digits, lower case, hiragana.

    Case, width, accents, spaces and punctuation are removed: `RAKUTEN` (full-width too) folds to
    `rakuten`, `Rakuten Mobile` to `rakutenmobile`, and a name in katakana to the same in hiragana.
    """
    return Words.of(text).folded


def words(query: str) -> list[str]:
    """Return the folded words of a query. Words are separated by spaces only."""
    return [folded for word in query.split() if (folded := fold(word))]


def names(slug: str, carrier: CarrierDocument) -> Iterable[str]:
    """Return all folded names that the search finds the carrier by, sorted."""
    all_names = (slug, *carrier.name.values(), *carrier.aliases, carrier.operator or "")
    return sorted({folded for name in all_names if (folded := fold(name))})


def closest_id(unknown: str, ids: Sequence[str]) -> str | None:
    """Return the id that begins with the unknown one, contains it, or is spelled similarly.

    Of several ids that begin with or contain it, the shortest is returned.
    """
    if len(unknown) >= _MIN_LETTERS:
        shortest_first = sorted(ids, key=lambda known: (len(known), known))
        for matches in (str.startswith, str.__contains__):
            for known in shortest_first:
                if matches(known, unknown.lower()):
                    return known
    return next(iter(difflib.get_close_matches(unknown, ids, 1, _MIN_SIMILARITY)), None)


def closest_name(text: str, ids_by_name: Mapping[str, str]) -> str | None:
    """Return the id of the folded name that is most similar to the text, or None."""
    names = difflib.get_close_matches(fold(text), ids_by_name, 1, _MIN_SIMILARITY)
    return ids_by_name[names[0]] if names else None
