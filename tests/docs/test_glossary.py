"""The table in docs/glossary.md is made from the glossary that the checker reads."""

from scripts.docs_glossary import PAGE, page


def test_the_table_is_current() -> None:
    """The page is what `make docs` writes."""
    now = PAGE.read_text(encoding="utf-8")

    assert now == page(now), "write it again: make docs"
