"""The texts of the service by key, read from gettext files. Reasons: docs/decisions/0016."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, LOCALES, Language, LocalizedText
from app.messages.keys import MessageKey

ProblemPart = Literal["title", "detail", "cause", "fix"]
"""A problem document has `title` and `detail`; the explanation has `title`, `cause` and `fix`."""

_TEMPLATE: Final = "messages.pot"
_TRANSLATION: Final = "LC_MESSAGES/messages.po"


def load(folder: Path) -> Mapping[str, LocalizedText]:
    """Return every text in a folder of locales, by key.

    A translation that is empty, fuzzy, or of an outdated English text is skipped; the text is then
    English. PO files are read without compiling them: 390 texts in three languages take 12 ms, and
    no build step can be forgotten.
    """
    texts = {
        str(message.context): LocalizedText({DEFAULT_LANGUAGE: str(message.id)})
        for message in _read(folder / _TEMPLATE)
        if message.id
    }
    for language in LANGUAGES:
        path = folder / language / _TRANSLATION
        # English is in the template. A new folder has no file until `make messages` has run.
        for message in _read(path) if path.exists() else ():
            text = texts.get(str(message.context))
            is_current = text is not None and message.id == text[DEFAULT_LANGUAGE]
            if text is not None and is_current and message.string and not message.fuzzy:
                text[language] = str(message.string)
    return texts


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, ignore_obsolete=True)


@cache
def _texts() -> Mapping[str, LocalizedText]:
    return load(LOCALES)


def get_text(key: MessageKey) -> LocalizedText:
    """Return the text in every language, placeholders unfilled."""
    return _texts()[key]


def problem_text(slug: str, part: ProblemPart) -> LocalizedText:
    """Return a part of the texts of a kind of problem; `make check` requires all four parts."""
    return _texts()[f"problem.{slug}.{part}"]


def translate(key: MessageKey, language: Language, /, **values: object) -> str:
    """Return the text in the language, with the values in its placeholders."""
    return get_text(key)[language].format(**values)
