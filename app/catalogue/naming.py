"""Names of codes, in one language."""

from collections.abc import Mapping

from app.catalogue.vocabulary import Term
from app.i18n import Language


def name_of(code: str, terms: Mapping[str, Term], language: Language) -> str:
    """Return the name of a code, or the code itself if it is no longer in the vocabulary."""
    return terms[code].name[language] if code in terms else code
