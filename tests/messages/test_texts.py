"""`make messages` and the rules for texts, on a small project with deliberate mistakes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from app.catalogue.authoring.checks.texts import Avoided, avoided
from app.catalogue.vocabulary import GlossaryDocument
from app.i18n import LOCALES
from app.messages.loader import load
from app.settings import ROOT
from scripts.messages import check, files, merge
from scripts.messages.check import Texts
from scripts.messages.files import Entry
from tests.support.builders import text

CODE: Final = '''
class ShopNotFound(Problem):
    """No shop has this name."""

    slug = "shop-not-found"


TABLE: Mapping[str, MessageKey] = {"found": "shop.found"}


def greet(name: str) -> Message:
    return Message("shop.open" if name else "shop.closed", {"name": name})
'''

ENGLISH: Final = {
    "shop.found": "The shop is found.",
    "shop.open": "The shop of {name} is open.",
    "shop.closed": "The shop is closed.",
    **{f"problem.shop-not-found.{part}": f"The {part}." for part in ("title", "detail")},
    **{f"problem.shop-not-found.{part}": f"The {part}." for part in ("cause", "fix")},
}

TRANSLATED: Final = {"ja": "店{names}", "zh-Hans": "门店{names}"}

WORDS: Final[Avoided] = avoided(
    GlossaryDocument.model_validate(
        {
            "terms": [
                {"term": "shop", "words": text("shop", "店", "门店"), "avoid": {"en": ["store"]}}
            ]
        }
    )
)


class Project:
    """A folder with code and texts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.locales = root / "app" / "messages" / "locale"
        self.template = self.locales / files.TEMPLATE
        for language in TRANSLATED:
            self.translation(language).parent.mkdir(parents=True)
        self.write_code(CODE)
        self.write_template(ENGLISH)
        self.merge()
        for language, words in TRANSLATED.items():
            entries = files.read(self.translation(language))
            self.write_translation(
                language,
                [
                    entry._replace(
                        translation=words.format(names="{name}" if "{" in entry.english else "")
                    )
                    for entry in entries
                ],
            )

    def translation(self, language: str) -> Path:
        return files.translation_file(self.locales, language)

    def write_code(self, code: str) -> None:
        (self.root / "app" / "shop.py").write_text(code, encoding="utf-8")

    def write_template(self, english: dict[str, str]) -> None:
        entries = [Entry(key, words) for key, words in english.items()]
        self.template.write_text(files.render(entries, None), encoding="utf-8")

    def write_translation(self, language: str, entries: list[Entry]) -> None:
        self.translation(language).write_text(files.render(entries, language), encoding="utf-8")

    def change(self, language: str, key: str, fields: dict[str, Any]) -> None:
        entries = files.read(self.translation(language))
        self.write_translation(
            language,
            [entry._replace(**fields) if entry.key == key else entry for entry in entries],
        )

    def entry(self, language: str, key: str) -> Entry:
        return next(e for e in files.read(self.translation(language)) if e.key == key)

    def merge(self) -> list[Path]:
        return merge.write(self.root, self.locales)

    def findings(self) -> Iterator[str]:
        texts = Texts(self.root, self.locales, WORDS)
        for rule in check.RULES:
            yield from map(str, rule(texts))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_small_project_has_no_findings(project: Project) -> None:
    """Without a mistake the rules find nothing."""
    assert list(project.findings()) == []


def _code(before: str, after: str) -> Callable[[Project], None]:
    return lambda project: project.write_code(CODE.replace(before, after))


def _english(**changed: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        names = {key.replace("__", "."): words for key, words in changed.items()}
        project.write_template({**ENGLISH, **names})
        project.merge()

    return change


def _translation(language: str, key: str, fields: dict[str, Any]) -> Callable[[Project], None]:
    return lambda project: project.change(language, key, fields)


@pytest.mark.parametrize(
    ("plant", "where", "problem"),
    [
        (_code('"shop.open"', '"shop.opne"'), "app/shop.py:12:", "no text has the key shop.opne"),
        (_code('"shop.found"', '"shop.fuond"'), "app/shop.py:8:", "did you mean shop.found?"),
        (_code('"shop.closed"', 'f"shop.{name}"'), "app/shop.py:12:", "a key is built"),
        (_code("No shop", "店"), "app/shop.py:3:", "Japanese or Chinese in code"),
        (_code('slug = "shop-', 'slug = "store-'), "app/shop.py:5:", "problem.store-not-found.fix"),
        (_english(shop__empty="The shop is empty."), "messages.pot:", "nothing uses this text"),
        (_english(shop__found="The store is found."), "messages.pot:", "the glossary avoids “st"),
        (_english(shop__found="The shop of {nmae}."), "messages.pot:", "no placeholder {nmae}"),
        (_english(shop__found="The shop {."), "messages.pot:", "its braces do not match"),
        (_english(shop__found="The 店."), "messages.pot:", "店 is not en script"),
        (_english(shop="Shop"), "messages.pot:", "shop is a single word"),
        (_translation("ja", "shop.found", {"translation": ""}), "ja/", "there is no text in ja"),
        (_translation("ja", "shop.found", {"fuzzy": True}), "ja/", "has changed since"),
        (_translation("ja", "shop.found", {"english": "Before."}), "ja/", "has changed since"),
        (_translation("ja", "shop.open", {"translation": "店"}), "ja/", "use {name}"),
        (_translation("ja", "shop.found", {"translation": "店{name}"}), "ja/", "use none"),
        (_translation("ja", "shop.found", {"translation": "说"}), "ja/", "说 is not ja script"),
        (
            _translation("zh-Hans", "shop.found", {"translation": "払"}),
            "zh-Hans/",
            "払 is not zh-Hans",
        ),
        (
            _translation("zh-Hans", "shop.found", {"key": "shop.gone"}),
            "zh-Hans/",
            "run make messages",
        ),
    ],
)
def test_a_planted_mistake_is_found(
    project: Project, plant: Callable[[Project], None], where: str, problem: str
) -> None:
    """Each mistake in code, template or translation is found, with its file and the problem."""
    plant(project)

    findings = list(project.findings())

    assert [finding for finding in findings if where in finding and problem in finding], findings


def test_a_repeated_key_is_found(project: Project) -> None:
    """Two texts with the same key are a finding."""
    once = project.template.read_text(encoding="utf-8")
    project.template.write_text(
        once + '\nmsgctxt "shop.found"\nmsgid "Again."\nmsgstr ""\n', encoding="utf-8"
    )

    assert any("several texts have the key shop.found" in each for each in project.findings())


def test_merging_twice_changes_nothing(project: Project) -> None:
    """Merging writes no file when the translations follow the template already."""
    _english(shop__found="It is there now.")(project)

    assert project.merge() == []


def test_a_changed_english_text_makes_its_translations_fuzzy(project: Project) -> None:
    """A translation of a changed English text stays, is marked fuzzy, and keeps the old English."""
    _english(shop__found="It is there now.")(project)

    entry = project.entry("ja", "shop.found")
    assert (entry.translation, entry.fuzzy) == ("店", True)
    assert entry.previous == "The shop is found."
    assert not project.entry("ja", "shop.closed").fuzzy


def test_a_translation_never_moves_to_another_key(project: Project) -> None:
    """A new key has no translation, even if its English is that of a removed key.

    Babel's own update would take the translation of the most similar text.
    """
    english = {**ENGLISH, "shop.seen": ENGLISH["shop.found"]}
    del english["shop.found"]
    project.write_template(english)

    project.merge()

    assert project.entry("ja", "shop.seen").translation == ""


def test_notes_of_translators_survive(project: Project) -> None:
    """Merging keeps the comments of translators."""
    project.change("ja", "shop.found", {"notes": ("Said at the counter.",)})

    project.merge()

    assert project.entry("ja", "shop.found").notes == ("Said at the counter.",)


@pytest.mark.parametrize("fields", [{"translation": ""}, {"fuzzy": True}, {"english": "Before."}])
def test_a_text_without_a_current_translation_is_english(
    project: Project, fields: dict[str, object]
) -> None:
    """An empty, fuzzy or outdated translation is not used: the text is English."""
    project.change("ja", "shop.found", fields)

    texts = load(project.locales)

    assert texts["shop.found"]["ja"] == "The shop is found."
    assert texts["shop.found"]["zh-Hans"] == "门店"
    assert texts["shop.closed"]["ja"] == "店"


def test_the_texts_of_the_service_are_as_merging_writes_them() -> None:
    """The translations of the service follow its template."""
    texts = Texts(ROOT, LOCALES, WORDS)

    assert list(check.files_follow_the_template(texts)) == []
