"""Texts of the service by their keys, for tests that must see which one was chosen."""

import re

from app.i18n import DEFAULT_LANGUAGE, Language
from app.messages.keys import MessageKey
from app.messages.loader import get_text


def is_text(key: MessageKey, words: str | None, language: Language = DEFAULT_LANGUAGE) -> bool:
    """Return whether the words are the text with this key, whatever fills its placeholders."""
    parts = map(re.escape, re.split(r"\{\w+\}", get_text(key)[language]))
    return re.fullmatch(".*".join(parts), words or "", re.DOTALL) is not None
