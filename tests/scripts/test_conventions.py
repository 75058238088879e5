"""The check of conventions finds what it is meant to find."""

from pathlib import Path

import pytest

from scripts.conventions import breaches

BREACHES = {
    "a nested conditional": "x = 1 if a else 2 if b else 3\n",
    "a conditional in the condition": "x = 1 if (a if b else c) else 3\n",
    "a long tuple": "def f() -> tuple[int, str, bool]: ...\n",
    "a fixture from conftest": "from tests.conftest import served\n",
    "a test without a claim": "def test_it() -> None: ...\n",
    "a long name": f'def test_{"x" * 56}() -> None:\n    """Claim."""\n',
    "an unmarked catalogue": "from tests.support.own_catalogue import own_catalogue\n",
    "an unmarked database": "def url(databases): return databases.with_own_catalogue()\n",
    "unmarked files": 'from app.settings import ROOT\nPATH = ROOT / "catalogue" / "carriers"\n',
}
CLEAN = '''"""A module without a breach."""

import pytest

from tests.support.own_catalogue import own_catalogue

pytestmark = pytest.mark.own_catalogue


def test_something(pair: tuple[int, str], many: tuple[int, ...]) -> None:
    """Something is so."""
    assert pair if many else own_catalogue()
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A test module's path."""
    return tmp_path / "test_module.py"


@pytest.mark.parametrize("source", BREACHES.values(), ids=BREACHES)
def test_each_breach_is_found(module: Path, source: str) -> None:
    """A module with one breach has one."""
    module.write_text(source, encoding="utf-8")

    assert len(list(breaches(module))) == 1


def test_a_clean_module_has_none(module: Path) -> None:
    """Pairs, open tuples, single conditionals and marked modules are fine."""
    module.write_text(CLEAN, encoding="utf-8")

    assert list(breaches(module)) == []
