"""The template and the translations as entries: read with Babel, written in a fixed format.

The format has no dates, tool versions or line numbers, so a file changes only if a text changes.
Babel's `write_po` cannot omit the dates in the header.
"""

import string
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.pofile import denormalize, normalize, read_po

from app.i18n import DEFAULT_LANGUAGE

TEMPLATE: Final = "messages.pot"

_WIDTH: Final = 100

_HEADER: Final = """\
# {title}
# How to change a text: docs/texts.md
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


class Entry(NamedTuple):
    """A text in a file."""

    key: str
    english: str
    translation: str = ""
    """Empty in the template."""
    comments: tuple[str, ...] = ()
    """For translators, copied from the template."""
    notes: tuple[str, ...] = ()
    """By translators, kept in their file."""
    previous: str = ""
    """The English text that a fuzzy translation translates."""
    fuzzy: bool = False
    line: int = 0


def translation_file(folder: Path, language: str) -> Path:
    """Return the path of a language's translations below the folder of the locales."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def languages(folder: Path) -> Sequence[str]:
    """Return the languages that have a folder, sorted. English has none: it is the template."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def read(path: Path) -> Sequence[Entry]:
    """Return the entries of a file in its order; none if the file does not exist."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        catalog = read_po(file, ignore_obsolete=True)
    return [
        Entry(
            key=message.context or "",
            english=message.id,
            translation=message.string,
            comments=tuple(message.auto_comments),
            notes=tuple(note for note in message.user_comments if not note.startswith("|")),
            previous=_previous(message.user_comments),
            fuzzy=message.fuzzy,
            line=message.lineno or 0,
        )
        for message in catalog
        if message.id and isinstance(message.id, str) and isinstance(message.string, str)
    ]


def _previous(comments: Iterable[str]) -> str:
    """Return the text of the `#| msgid` lines, which Babel reads as comments."""
    lines = [comment.removeprefix("|").strip() for comment in comments if comment.startswith("|")]
    return denormalize("\n".join(lines).removeprefix("msgid ")) if lines else ""


def render(entries: Iterable[Entry], language: str | None) -> str:
    """Return the content of a language's file; of the template if `language` is None."""
    title = f"Texts of Kaiyaku in {language}." if language else "Texts of Kaiyaku in English."
    header = _HEADER.format(title=title, language=language or DEFAULT_LANGUAGE)
    return "\n".join([header, *map(_render, entries)])


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces. Raises `ValueError` for braces that do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _render(entry: Entry) -> str:
    flags = ["fuzzy"] if entry.fuzzy else []
    if "{" in entry.english:
        flags.append("python-brace-format")  # editors for translations then check the names
    lines = [
        *(f"# {note}" for note in entry.notes),
        *(f"#. {comment}" for comment in entry.comments),
        *([f"#, {', '.join(flags)}"] if flags else []),
        *(
            f"#| {line}"
            for line in (_field("msgid", entry.previous) if entry.previous else "").splitlines()
        ),
        _field("msgctxt", entry.key),
        _field("msgid", entry.english),
        _field("msgstr", entry.translation),
    ]
    return "\n".join([*lines, ""])


def _field(name: str, text: str) -> str:
    return f"{name} {normalize(text, width=_WIDTH - len(name) - 1)}"
