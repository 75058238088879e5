"""Writes the table of the glossary into docs/catalogue.md: `python -m scripts.docs_glossary`."""

from pathlib import Path
from typing import Final

from app.catalogue.authoring.loader import read
from app.catalogue.vocabulary import GlossaryDocument
from app.settings import ROOT

PAGE: Final = ROOT / "docs" / "catalogue.md"
BEGIN: Final = "<!-- written by python -m scripts.docs_glossary -->\n"
END: Final = "<!-- end of the glossary -->\n"


def page(current: str) -> str:
    """Return the current page with the table replaced by that of the glossary."""
    before, _, rest = current.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(_glossary())}\n{END}{after}"


def table(glossary: GlossaryDocument) -> str:
    """Return the glossary as a Markdown table."""
    lines = ["| thing | en | ja | zh-Hans | not |", "|---|---|---|---|---|"]
    for term in glossary.terms:
        avoided = ", ".join(word for words in term.avoid.values() for word in words)
        lines.append(
            f"| {term.term} | {term.words['en']} | {term.words['ja']} "
            f"| {term.words['zh-Hans']} | {avoided} |"
        )
    return "\n".join(lines) + "\n"


def _glossary() -> GlossaryDocument:
    catalogue, _ = read(ROOT / "catalogue")
    assert catalogue is not None
    return catalogue.glossary.document


def main(path: Path = PAGE) -> None:
    """Update the page."""
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
