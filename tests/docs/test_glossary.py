"""The glossary in the docs is the one that the checker reads."""

from scripts.docs_glossary import PAGE, page


def test_the_table_is_current() -> None:
    now = PAGE.read_text(encoding="utf-8")

    assert now == page(now), "write it anew: make docs"
