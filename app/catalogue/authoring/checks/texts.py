"""What must hold of every text of the catalogue: its script, and the words of the glossary."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import ParsedFile
from app.catalogue.authoring.traversal import texts
from app.catalogue.documents import GlossaryDocument

_QUOTED: Final = re.compile("「[^」]*」|『[^』]*』|“[^”]*”")


def texts_are_in_their_script(file: ParsedFile[Any]) -> Iterator[Finding]:
    """A text is written in the script of its language; words that are quoted may be in another.

    Japanese holds only characters of JIS X 0208 and Chinese only those of GB 2312 (and no kana), so that
    说 in Japanese and 払 in Chinese are found; English holds neither.
    """
    for location, text, _ in texts(file.document):
        language = location[-1]
        stray = _stray_characters(_QUOTED.sub("", text), str(language))
        if stray:
            yield file.finding(
                location, f"{stray} is not {language} script", "translate it, or quote it in 「」"
            )


Avoided = Mapping[str, Sequence[tuple[re.Pattern[str], str]]]
"""By language: what finds words that break the glossary, and what to write instead."""


def avoided(glossary: GlossaryDocument) -> Avoided:
    """Return what finds the words that a glossary wants avoided: in English at the beginning of words, in any case of letters."""
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for term in glossary.terms:
        for language, words in term.avoid.items():
            alternatives = "|".join(re.escape(word) for word in words)
            pattern = rf"\b(?:{alternatives})" if language == "en" else alternatives
            found.setdefault(language, []).append(
                (re.compile(pattern, re.IGNORECASE), term.words[language])
            )
    return found


def texts_keep_to_the_glossary(file: ParsedFile[Any], words: Avoided) -> Iterator[Finding]:
    """A thing is called the same everywhere; what is quoted from a screen may be called otherwise."""
    for location, text, _ in texts(file.document):
        for pattern, word in words.get(str(location[-1]), ()):
            broken = pattern.search(_QUOTED.sub("", text))
            if broken:
                yield file.finding(
                    location,
                    f"“{broken.group()}” is not the glossary's word",
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
        and character not in "・ー"
    )


def _is_cjk(character: str) -> bool:
    return _is_kana(character) or unicodedata.name(character, "").startswith("CJK UNIFIED")


def _in_charset(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
