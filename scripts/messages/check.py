"""Checks of the texts of the service: one function per rule, each yields all its findings.

The rules for scripts and the glossary are those of the catalogue.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from app.catalogue.authoring import loader
from app.catalogue.authoring.checks.texts import (
    Avoided,
    avoided,
    texts_are_in_their_script,
    texts_keep_to_the_glossary,
)
from app.catalogue.authoring.findings import Finding, Location
from app.catalogue.authoring.loader import ParsedFile
from app.i18n import COMPLETE_LANGUAGES, DEFAULT_LANGUAGE
from scripts.messages import files, keys, merge
from scripts.messages.files import Entry, placeholders
from scripts.messages.keys import PROBLEM_PARTS, Code, Place, problem_key

_RUN_MESSAGES: Final = "run make messages"


class Texts:
    """Template, translations and code below a root folder, read on first use."""

    def __init__(self, root: Path, locales: Path, words_to_avoid: Avoided) -> None:
        """Store the folders; nothing is read yet."""
        self.root = root
        self.locales = locales
        self.words_to_avoid = words_to_avoid

    @cached_property
    def template(self) -> Sequence[Entry]:
        """The English texts."""
        return files.read(self.locales / files.TEMPLATE)

    @cached_property
    def english(self) -> Mapping[str, Entry]:
        """The English texts by key."""
        return {entry.key: entry for entry in self.template}

    @cached_property
    def translations(self) -> Mapping[str, Sequence[Entry]]:
        """The translations by language."""
        return {
            language: files.read(files.translation_file(self.locales, language))
            for language in files.languages(self.locales)
        }

    @cached_property
    def code(self) -> Code:
        """The uses of texts in the code."""
        return keys.read_code(self.root)

    def path(self, language: str) -> str:
        """Return the path of a language's file, relative to the root."""
        path = files.translation_file(self.locales, language)
        if language == DEFAULT_LANGUAGE:
            path = self.locales / files.TEMPLATE
        return path.relative_to(self.root).as_posix()

    def finding(self, language: str, entry: Entry, problem: str, fix: str) -> Finding:
        """Return a finding about an entry of a language's file."""
        return Finding(self.path(language), entry.line, entry.key, problem, fix)


def check(root: Path, locales: Path, catalogue: Path) -> list[Finding]:
    """Return every finding in the texts, sorted by file and line."""
    content, findings = loader.read(catalogue)
    if content is None:
        return findings
    texts = Texts(root, locales, avoided(content.glossary.document))
    return sorted({finding for rule in RULES for finding in rule(texts)})


def files_follow_the_template(texts: Texts) -> Iterator[Finding]:
    """Every file has the content that `make messages` writes."""
    for path, content in merge.outputs(texts.root, texts.locales):
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            file = path.relative_to(texts.root).as_posix()
            yield Finding(file, 1, "file", "it does not follow the template", _RUN_MESSAGES)


def keys_are_unique(texts: Texts) -> Iterator[Finding]:
    """No two texts of a file have the same key, and no key is a single word.

    A single word can be in the code by chance, so an unused text would go unnoticed.
    """
    for language, entries in {DEFAULT_LANGUAGE: texts.template, **texts.translations}.items():
        counts = Counter(entry.key for entry in entries)
        for entry in entries:
            if counts[entry.key] > 1:
                problem = f"several texts have the key {entry.key}"
                yield texts.finding(language, entry, problem, "leave one of them")
            if "." not in entry.key:
                problem = f"the key {entry.key} is a single word"
                yield texts.finding(language, entry, problem, "put its subject before it: a.b")


def keys_of_the_code_exist(texts: Texts) -> Iterator[Finding]:
    """Every key in the code has a text, and no key is built from parts."""
    for key, place in texts.code.keys.items():
        if key not in texts.english:
            yield _at(place, f"no text has the key {key}", _suggest(key, texts.english))
    for place in texts.code.built:
        problem = "a key is built from parts, so a search does not find where it is used"
        yield _at(place, problem, "write whole keys, for example in a table")


def problems_are_complete(texts: Texts) -> Iterator[Finding]:
    """Every kind of problem has a title, a detail, a cause and a fix."""
    for slug, place in texts.code.slugs.items():
        for part in PROBLEM_PARTS:
            if problem_key(slug, part) not in texts.english:
                problem = f"no text has the key {problem_key(slug, part)}"
                yield _at(place, problem, "add it to the template")


def texts_are_used(texts: Texts) -> Iterator[Finding]:
    """Every key of the template is in the code, or belongs to a kind of problem."""
    problem_keys = {problem_key(slug, part) for slug in texts.code.slugs for part in PROBLEM_PARTS}
    for entry in texts.template:
        if entry.key not in problem_keys and entry.key not in texts.code.strings:
            yield texts.finding(
                DEFAULT_LANGUAGE, entry, "nothing uses this text", "delete it, or use its key"
            )


def translations_are_complete(texts: Texts) -> Iterator[Finding]:
    """In a complete language every text is translated, and no translation is outdated."""
    for language in COMPLETE_LANGUAGES:
        if language == DEFAULT_LANGUAGE:
            continue
        by_key = {entry.key: entry for entry in texts.translations.get(language, ())}
        for source in texts.template:
            entry = by_key.get(source.key)
            if entry is None or not entry.translation:
                yield texts.finding(
                    language, entry or source, f"there is no text in {language}", "translate it"
                )
            elif entry.fuzzy or entry.english != source.english:
                yield texts.finding(
                    language,
                    entry,
                    "the English text has changed since it was translated",
                    "correct the translation, and delete the words `#, fuzzy` before it",
                )


def placeholders_agree(texts: Texts) -> Iterator[Finding]:
    """Every translation has the placeholders of its English text, and the code fills each."""
    for entry in texts.template:
        names = _placeholders(entry.english)
        if names is None:
            yield texts.finding(DEFAULT_LANGUAGE, entry, "its braces do not match", "close them")
        for name in sorted((names or frozenset()) - texts.code.strings):
            problem = f"the code fills no placeholder {{{name}}}"
            yield texts.finding(DEFAULT_LANGUAGE, entry, problem, "correct its name")
    for language, entries in texts.translations.items():
        for entry in entries:
            expected = _placeholders(entry.english)
            if entry.translation and _placeholders(entry.translation) != expected:
                listed = ", ".join(f"{{{name}}}" for name in sorted(expected or ())) or "none"
                yield texts.finding(
                    language,
                    entry,
                    "its placeholders differ from the English ones",
                    f"use {listed}",
                )


def scripts_and_glossary_hold(texts: Texts) -> Iterator[Finding]:
    """The texts follow the catalogue's rules for scripts and the glossary."""
    for language, entries in {DEFAULT_LANGUAGE: texts.template, **texts.translations}.items():
        file = _as_document(texts.path(language), language, entries)
        findings: Iterable[Finding] = [
            *texts_are_in_their_script(file),
            *texts_keep_to_the_glossary(file, texts.words_to_avoid),
        ]
        for finding in findings:
            position = int(finding.field.partition(".")[0])  # of `_as_document`
            yield texts.finding(language, entries[position], finding.problem, finding.fix)


def code_is_english(texts: Texts) -> Iterator[Finding]:
    """No module contains Japanese or Chinese characters."""
    for place in texts.code.foreign:
        yield _at(place, "Japanese or Chinese in code", "move it to the texts, or use escapes")


RULES: Final = (
    files_follow_the_template,
    keys_are_unique,
    keys_of_the_code_exist,
    problems_are_complete,
    texts_are_used,
    translations_are_complete,
    placeholders_agree,
    scripts_and_glossary_hold,
    code_is_english,
)


def _as_document(path: str, language: str, entries: Sequence[Entry]) -> ParsedFile[Any]:
    words = [
        {language: entry.english if language == DEFAULT_LANGUAGE else entry.translation}
        for entry in entries
    ]
    lines: dict[Location, int] = {(number,): entry.line for number, entry in enumerate(entries)}
    return ParsedFile(path, words, lines)


def _placeholders(text: str) -> frozenset[str] | None:
    try:
        return placeholders(text)
    except ValueError:
        return None


def _at(place: Place, problem: str, fix: str) -> Finding:
    return Finding(place.file, place.line, "text", problem, fix)


def _suggest(key: str, keys_of_texts: Iterable[str]) -> str:
    closest = difflib.get_close_matches(key, list(keys_of_texts), 1)
    return f"did you mean {closest[0]}?" if closest else "add it to the template"
