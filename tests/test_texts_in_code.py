"""The texts in the code keep the rules for the texts of the catalogue: script and glossary."""

import ast
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.catalogue.authoring.checks.texts import (
    Avoided,
    avoided,
    texts_are_in_their_script,
    texts_keep_to_the_glossary,
)
from app.catalogue.authoring.findings import Finding, Location
from app.catalogue.authoring.loader import ParsedFile, read
from app.i18n import LANGUAGES
from app.settings import ROOT

# The one helper in the code that takes a text in the languages' order, instead of a dictionary.
_IN_LANGUAGES: Final = "_in"
_ORDER: Final = ("en", "ja", "zh-Hans")


@pytest.fixture(scope="module")
def words() -> Avoided:
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    return avoided(catalogue.glossary.document)


def test_the_code_has_many_texts_in_every_language() -> None:
    languages = [language for file in _files() for text in file.document for language in text]

    assert all(languages.count(language) > 300 for language in LANGUAGES)


def test_texts_in_the_code_are_in_their_script() -> None:
    assert [str(finding) for file in _files() for finding in texts_are_in_their_script(file)] == []


def test_texts_in_the_code_keep_to_the_glossary(words: Avoided) -> None:
    found = [finding for file in _files() for finding in texts_keep_to_the_glossary(file, words)]

    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ('X = {"en": "End it", "zh-Hans": "公司将终止合约"}', "终止合约"),
        ('X = _in("Ask", "聞く", "购买的店铺")', "店铺"),
        (
            'X = {"en": ("Keep the telephone number?", "Why"), "ja": ("番号", "理由")}',
            "telephone number",
        ),
        ('X = {"ja": "说明"}', "说"),
    ],
)
def test_a_text_that_breaks_a_rule_is_found(words: Avoided, code: str, broken: str) -> None:
    file = _texts("example.py", code)

    found: list[Finding] = [
        *texts_keep_to_the_glossary(file, words),
        *texts_are_in_their_script(file),
    ]

    assert len(found) == 1
    assert broken in found[0].problem


def _files() -> Iterator[ParsedFile[Any]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield _texts(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def _texts(name: str, code: str) -> ParsedFile[Any]:
    """Return the texts of a module as a file of the catalogue, for the rules to check."""
    found = [(line, {language: text}) for line, language, text in _localized(ast.parse(code))]
    lines: dict[Location, int] = {(position,): line for position, (line, _) in enumerate(found)}
    return ParsedFile(name, [text for _, text in found], lines)


def _localized(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    # The source is read, not the imported modules: texts are in private tables, in class
    # attributes and in functions, and a new table is covered without a line here.
    for node in ast.walk(tree):
        for language, value in _by_language(node):
            for part in ast.walk(value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.lineno, language, part.value


def _by_language(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in LANGUAGES:
                    yield str(key.value), value
        case ast.Call(func=ast.Name(id=name)) if name == _IN_LANGUAGES:
            yield from zip(_ORDER, node.args, strict=True)
