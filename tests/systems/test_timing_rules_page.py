"""docs/timing-rules.md is what the rules, the catalogue and the timeline say today."""

from app.settings import ROOT
from tests.docs.timing_rules import EXAMPLES, KINDS, text


def test_every_kind_of_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


def test_the_page_is_current() -> None:
    written = (ROOT / "docs" / "timing-rules.md").read_text(encoding="utf-8")

    assert written.strip() == text().strip(), (
        "run: python -m tests.docs.timing_rules > docs/timing-rules.md"
    )
