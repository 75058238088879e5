"""Finding a carrier by any of its names, in any script."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from app.catalogue.documents import CarrierDocument

_LONG_VOWEL_MARK: Final = "\u30fc"

# After kana, a hyphen, a dash or a wave is what people type for the long-vowel mark: "gro-baru" for
# "global". Before a Latin letter it separates words, as in "rental-WiFi" with "rental" in kana;
# between Latin letters too: "b-mobile".
_TYPED_AS_LONG_VOWEL: Final = re.compile(
    "(?<=[\u3041-\u3096"  # hiragana
    "\u30a1-\u30fa\u30fc])"  # katakana, and the long-vowel mark
    "[-\u2010-\u2015\u2212\u2500~\u301c]+(?![A-Za-z0-9])"
)

_NEAR: Final = 0.6
_LETTERS_TO_GO_BY: Final = 2

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F6 + 1)}
"""Small a to small ke: hiragana has them in the same order, 0x60 before."""

_ACCENTED: Final = 0x0250  # the end of Latin Extended-B


class Script(Enum):
    """What a character is written in: words end where it changes."""

    LETTER = auto()
    DIGIT = auto()
    HIRAGANA = auto()
    KATAKANA = auto()
    HAN = auto()


@dataclass(frozen=True)
class Words:
    """A text as it is compared, and where its words begin.

    A word ends at a space or punctuation, where the script changes, between letters and digits,
    before a capital letter that follows a small one ("LinksMate"), and after several capitals
    ("IIJmio"). Chinese characters and hiragana have no spaces: a run of them is one word.
    """

    folded: str
    starts: frozenset[int]
    scripts: tuple[Script, ...]

    @classmethod
    def of(cls, text: str) -> "Words":
        """Return the words of a text."""
        folded: list[str] = []
        starts: set[int] = set()
        scripts: list[Script] = []
        before: tuple[Script, bool] | None = None  # script and case of the character before
        capitals = 0
        composed = _TYPED_AS_LONG_VOWEL.sub(_LONG_VOWEL_MARK, unicodedata.normalize("NFKC", text))
        for position, character in enumerate(composed):
            plain = _plain(character)
            if not plain:
                before, capitals = None, 0
                continue
            script, upper = _script(character), character.isupper()
            if character == _LONG_VOWEL_MARK and before is not None:
                script = before[0]  # it belongs to the kana before it
            follow = composed[position : position + 2]
            if (
                before is None
                or before[0] is not script
                or (upper and not before[1] and script is Script.LETTER)
                or (capitals > 1 and len(follow) > 1 and follow.islower())
            ):
                starts.add(len(folded))
            capitals = capitals + 1 if upper else 0
            before = script, upper
            folded += plain
            scripts += [script] * len(plain)
        return cls("".join(folded), frozenset(starts), tuple(scripts))

    def begins(self, position: int) -> bool:
        """Return whether a word begins there."""
        return position in self.starts

    def ends(self, position: int) -> bool:
        """Return whether a word ends before the position."""
        return position == len(self.folded) or position in self.starts

    def can_end(self, position: int) -> bool:
        """Return whether a word can end there: inside a run of Chinese characters, too."""
        return self.ends(position) or self._runs_on(position, (Script.HAN,))

    def positions(self, part: str) -> Iterator[int]:
        """Yield where the folded part occurs."""
        position = self.folded.find(part)
        while part and position >= 0:
            yield position
            position = self.folded.find(part, position + 1)

    def names(self, name: str, *, shortest_inside: int) -> bool:
        """Return whether the text names what has this folded name: as words, not inside one.

        A name of `shortest_inside` characters or more may also stand inside a run of Chinese
        characters, and before hiragana, which have no spaces.
        """
        return any(
            self._names_at(position, position + len(name), shortest_inside)
            for position in self.positions(name)
        )

    def _names_at(self, start: int, end: int, shortest_inside: int) -> bool:
        loose = end - start >= shortest_inside
        begins = self.begins(start) or (loose and self._runs_on(start, (Script.HAN,)))
        return begins and (
            self.ends(end) or (loose and self._runs_on(end, (Script.HAN, Script.HIRAGANA)))
        )

    def _runs_on(self, position: int, scripts: Collection[Script]) -> bool:
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
    """Return the character as it is compared; empty for spaces and punctuation."""
    # Latin letters lose their accents; the sound marks of kana are kept, they make other letters.
    return "".join(
        unicodedata.normalize("NFD", folded)[0]
        if folded.isalpha() and ord(folded) < _ACCENTED
        else folded
        for folded in character.casefold().translate(_KATAKANA_TO_HIRAGANA)
        if folded.isalnum()
    )


def fold(text: str) -> str:
    """Return the text as it is compared: letters and digits only, in lower case and hiragana.

    Case, width, accents, spaces and punctuation are lost: `RAKUTEN` (full-width too) folds to
    `rakuten`, `Rakuten Mobile` to `rakutenmobile`, and a name in katakana to the same in hiragana.
    """
    return Words.of(text).folded


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
