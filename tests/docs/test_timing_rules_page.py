"""docs/timing-rules.md is made from the rules, the catalogue and the timeline."""

from scripts.docs_timing_rules import PAGE, text


def test_the_page_is_current() -> None:
    """The page is what `make docs` writes."""
    page = PAGE.read_text(encoding="utf-8")

    assert page == text(), "write it again: make docs"
