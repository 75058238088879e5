"""Small catalogues for tests: pass only what the test is about."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from app.catalogue.authoring.checks.run import check
from app.catalogue.authoring.loader import Catalogue
from app.catalogue.authoring.loader import read as read_files
from app.catalogue.vocabulary import VocabularyDocument
from app.settings import ROOT

TODAY: Final = dt.date(2030, 1, 1)
"""A day on which no date in the project's catalogue is in the future."""

Content = dict[str, Any]


def text(en: str = "Words", ja: str = "ことば", zh: str = "文字") -> Content:
    """Return a text in all languages."""
    return {"en": en, "ja": ja, "zh-Hans": zh}


def source(**fields: object) -> Content:
    """Return a source."""
    return {
        "id": "S1",
        "url": "https://example.jp/",
        "title": "Example",
        "kind": "official",
        "language": "ja",
        "copy_dated": "2026",
    } | fields


def step(key: str = "sign-in", **fields: object) -> Content:
    """Return a step."""
    return {
        "key": key,
        "phase": "act",
        "actor": "you",
        "title": text(),
        "detail": text(),
        "sources": ["S1"],
    } | fields


def procedure(**fields: object) -> Content:
    """Return a procedure file."""
    return {
        "title": text(),
        "goal": "cancel_contract",
        "outcome": "contract_ends",
        "channel": "web",
        "applies_to": {"products": ["physical_sim"], "contracts": ["postpaid"]},
        "from_abroad": "unknown",
        "steps": [step()],
        "compiled_on": "2026-11-22",
        "live_checked_on": None,
    } | fields


def carrier(**fields: object) -> Content:
    """Return a carrier file."""
    return {
        "name": text("Example Mobile", "例モバイル", "例移动"),
        "operator": "Example, Inc.",
        "kind": "mvno",
        "audience": ["residents"],
        "products": ["physical_sim"],
        "website": "https://example.jp/",
        "scope": text(),
        "sources": [source()],
    } | fields


def version(etag: str) -> int:
    """Return the version of a session from an entity tag; responses to reads add a mark."""
    return int(etag.strip('"').partition(".")[0])


def write(
    folder: Path,
    carriers: dict[str, dict[str, Content]],
    retired: Content | None = None,
    *,
    glossary: Sequence[Content] = (),
    **documents: Content,
) -> Path:
    """Write a catalogue: by carrier its files by name. `carrier` itself may be left out.

    `documents` are other files by their names, such as `identification`; left out, they are empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "carriers", ignore_errors=True)
    shutil.copy(ROOT / "catalogue" / "vocabulary.yaml", folder)
    _dump(folder / "advice.yaml", {"advice": [], "sources": []})
    _dump(folder / "identification.yaml", {})
    _dump(folder / "regulation.yaml", {})
    _dump(folder / "glossary.yaml", {"terms": [*glossary]})
    _dump(folder / "retired.yaml", retired or {"carriers": {}, "procedures": {}})
    for name, content in documents.items():
        _dump(folder / f"{name}.yaml", content)
    for slug, files in carriers.items():
        for name, content in {"carrier": carrier(), **files}.items():
            _dump(folder / "carriers" / slug / f"{name}.yaml", content)
    return folder


@cache
def vocabulary() -> VocabularyDocument:
    """Return the project's vocabulary."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue, _ = read_files(write(Path(folder), {}))
    assert catalogue is not None
    return catalogue.vocabulary.document


def read(folder: Path) -> Catalogue:
    """Return a catalogue that has no findings."""
    catalogue, findings = check(folder, TODAY)
    assert findings == []
    assert catalogue is not None
    return catalogue


def _dump(path: Path, content: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
