"""docs/timing-rules.md says what the rules, the catalogue and the timeline say today."""

from scripts.docs_timing_rules import PAGE, text


def test_the_page_is_current() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == text(), "write it anew: make docs"
