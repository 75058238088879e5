"""Updates every translation from the template, matching texts by key only.

Babel's own `update` also matches similar texts, and so can give a text the translation of another.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.messages import files, keys
from scripts.messages.files import Entry


def merge(template: Sequence[Entry], translations: Sequence[Entry]) -> list[Entry]:
    """Return the updated entries of a translation: those of the template, in its order.

    A translation whose English text has changed is kept and marked as fuzzy. Entries whose key is
    no longer in the template are dropped.
    """
    by_key = {entry.key: entry for entry in translations}
    return [_merge(entry, by_key.get(entry.key)) for entry in template]


def _merge(source: Entry, translated: Entry | None) -> Entry:
    if translated is None:
        return source._replace(translation="", notes=())
    merged = translated._replace(english=source.english, comments=source.comments)
    if not translated.translation:
        return merged._replace(fuzzy=False, previous="")
    if translated.english != source.english:
        return merged._replace(fuzzy=True, previous=translated.previous or translated.english)
    return merged if translated.fuzzy else merged._replace(previous="")


def outputs(root: Path, locales: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that is generated from the template, with its content."""
    path = locales / files.TEMPLATE
    template = files.read(path)
    yield path, files.render(template, None)
    for language in files.languages(locales):
        path = files.translation_file(locales, language)
        yield path, files.render(merge(template, files.read(path)), language)
    yield root / keys.KEYS_MODULE, keys.render(entry.key for entry in template)


def write(root: Path, locales: Path) -> list[Path]:
    """Write the files that have changed, and return them."""
    changed = []
    for path, content in outputs(root, locales):
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    return changed
