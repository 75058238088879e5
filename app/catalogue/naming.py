"""Names of codes in a language."""

from collections.abc import Mapping

from app.catalogue.vocabulary import Term
from app.i18n import Language


def name_of(code: str, terms: Mapping[str, Term], language: Language) -> str:
    """Return the name of a code, or the code itself if it has left the vocabulary since."""
    return terms[code].name[language] if code in terms else code
