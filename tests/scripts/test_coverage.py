"""Coverage is added up by package and held against the minimums."""

import pytest

from scripts import coverage

SUMMARY = {"num_statements": 80, "missing_lines": 8, "num_branches": 20, "missing_branches": 2}
REPORT = {
    "files": {
        "app/main.py": {"summary": SUMMARY},
        "app/http/cache/store.py": {"summary": SUMMARY},
        "app/http/cors.py": {"summary": SUMMARY | {"missing_lines": 0, "missing_branches": 0}},
    }
}


def test_subpackages_count_with_their_package() -> None:
    """`app/http/cache/` counts with `http`, and modules beside the packages as `app`."""
    assert [(row.package, row.lines, row.percent) for row in coverage.rows(REPORT)] == [
        ("app", 80, 90.0),
        ("http", 160, 95.0),
    ]


def test_a_package_below_its_minimum_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package is below its minimum if less of it ran, not if exactly as much did."""
    monkeypatch.setattr(coverage, "MINIMUMS", {"app": 90, "http": 96})

    assert [row.package for row in coverage.rows(REPORT) if row.is_below] == ["http"]
