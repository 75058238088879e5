"""docs/timing-rules.md says what the rules, the catalogue and the timeline say today."""

from app.settings import ROOT
from scripts.docs_timing_rules import text


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "timing-rules.md").read_text(encoding="utf-8")

    assert page.strip() == text().strip(), (
        "run: python -m scripts.docs_timing_rules > docs/timing-rules.md"
    )
