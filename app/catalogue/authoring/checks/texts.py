"""Rules for texts: the script of their language, and the words of the glossary."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import ParsedFile
from app.catalogue.authoring.traversal import texts
from app.catalogue.vocabulary import GlossaryDocument

_QUOTED: Final = re.compile(
    "\u300c[^\u300d]*\u300d"  # corner brackets
    "|\u300e[^\u300f]*\u300f"  # white corner brackets
    "|\u201c[^\u201d]*\u201d"  # double quotation marks
)

_SHARED_WITH_CHINESE: Final = "\u30fb\u30fc"
"""Middle dot and long-vowel mark: named katakana in Unicode, but also used in Chinese."""


def texts_are_in_their_script(file: ParsedFile[Any]) -> Iterator[Finding]:
    """A text is in the script of its language. Quoted words may be in another.

    - Japanese: only Chinese characters of JIS X 0208. This finds simplified characters.
    - Chinese: only Chinese characters of GB 2312, and no kana. This finds Japanese characters.
    - English: no Chinese characters and no kana.
    """
    for location, text, _ in texts(file.document):
        language = location[-1]
        stray = _stray_characters(_QUOTED.sub("", text), str(language))
        if stray:
            yield file.finding(
                location,
                f"{stray} is not {language} script",
                "translate the words, or quote them in \u300c\u300d",
            )


Avoided = Mapping[str, Sequence[tuple[re.Pattern[str], str]]]
"""For each language: patterns of words to avoid, each with the word to write instead."""


def avoided(glossary: GlossaryDocument) -> Avoided:
    """Return patterns for the words that the glossary avoids.

    They ignore case. In English, they match at the beginning of words; other languages have no
    spaces between words.
    """
    by_language: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for term in glossary.terms:
        for language, words in term.avoid.items():
            alternatives = "|".join(re.escape(word) for word in words)
            pattern = rf"\b(?:{alternatives})" if language == "en" else alternatives
            by_language.setdefault(language, []).append(
                (re.compile(pattern, re.IGNORECASE), term.words[language])
            )
    return by_language


def texts_keep_to_the_glossary(file: ParsedFile[Any], words: Avoided) -> Iterator[Finding]:
    """Texts use the words of the glossary. Words quoted from a screen may differ."""
    for location, text, _ in texts(file.document):
        for pattern, word in words.get(str(location[-1]), ()):
            match = pattern.search(_QUOTED.sub("", text))
            if match:
                yield file.finding(
                    location,
                    f"the glossary avoids “{match.group()}”",
                    f"write {word}, or quote it",
                    warning=True,
                )


def _stray_characters(text: str, language: str) -> str:
    match language:
        case "en":
            stray = (character for character in text if _is_cjk(character))
        case "ja":
            stray = (
                character
                for character in text
                if _is_cjk(character) and not _in_charset(character, "euc_jp")
            )
        case "zh-Hans":
            stray = (
                character
                for character in text
                if _is_kana(character)
                or (_is_cjk(character) and not _in_charset(character, "gb2312"))
            )
        case _:
            return ""
    return "".join(dict.fromkeys(stray))


def _is_kana(character: str) -> bool:
    return (
        unicodedata.name(character, "").startswith(("HIRAGANA", "KATAKANA"))
        and character not in _SHARED_WITH_CHINESE
    )


def _is_cjk(character: str) -> bool:
    return _is_kana(character) or unicodedata.name(character, "").startswith("CJK UNIFIED")


def _in_charset(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
