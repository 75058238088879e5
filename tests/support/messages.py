"""Which message of the service a text holds, by its key and never by its sentence."""

import re
from functools import cache

from app.i18n import DEFAULT_LANGUAGE, Language
from app.messages.keys import MessageKey
from app.messages.loader import get_text


@cache
def message_pattern(key: MessageKey, language: Language) -> re.Pattern[str]:
    """Return a pattern for the message with any values in its placeholders."""
    parts = re.split(r"\{\w+\}", get_text(key)[language])
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def says(key: MessageKey, text: str, language: Language = DEFAULT_LANGUAGE) -> bool:
    """Return whether the text holds the message."""
    return message_pattern(key, language).search(text) is not None


def is_message(key: MessageKey, text: str | None, language: Language = DEFAULT_LANGUAGE) -> bool:
    """Return whether the text is the message and nothing else. None is no message."""
    return message_pattern(key, language).fullmatch(text or "") is not None
