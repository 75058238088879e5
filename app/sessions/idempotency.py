"""Whether an Idempotency-Key can be guessed. Anyone who has the key can get the session's token."""

import math
import re
import uuid
from collections import Counter
from itertools import pairwise
from typing import Final

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_RANDOM_VERSIONS: Final = frozenset({4, 7, 8})
"""UUID versions (RFC 9562) with random bits; others hold a clock, an address or a name."""

_LEAST_LENGTH: Final = 22
"""128 bits in base64 characters."""

_LEAST_BITS: Final = 64.0

_MOST_NEIGHBOURS: Final = 0.5
"""The largest share of characters that repeat or follow the one before: `aaa`, `abc`, `123`.

In random hexadecimal it is about a fifth.
"""

_GUESSABLE: Final = re.compile(
    r"""
    (?<!\d) (19|20)\d\d [-_.:/]? [01]\d [-_.:/]? [0-3]\d  # a date
        ([T _.:-]? [0-2]\d [-_.:]? [0-5]\d ([-_.:]? [0-5]\d)?)?  # and a time
    | (?<![0-9A-Za-z]) (0{3,}\d* | \d{10,}) (?![0-9A-Za-z])  # a counter, or a time in seconds
    """,
    re.VERBOSE,
)


def is_unguessable(key: str) -> bool:
    """Return whether a key looks random.

    It must be a random UUID or have at least 22 characters, without dates, times and counters, and
    its characters must be varied. No check can prove that a text is random: a sentence passes. The
    API description asks for random keys.
    """
    without_guessable = _GUESSABLE.sub("", key)
    if _UUID.fullmatch(key):
        if uuid.UUID(key).version not in _RANDOM_VERSIONS:
            return False
    elif len(without_guessable) < _LEAST_LENGTH:
        return False
    return _neighbours(key) <= _MOST_NEIGHBOURS and _entropy(without_guessable) >= _LEAST_BITS


def _neighbours(key: str) -> float:
    """Return the share of characters that repeat or follow the one before, up or down."""
    pairs = list(pairwise(character for character in key if character.isalnum()))
    if not pairs:
        return 1.0
    return sum(abs(ord(second) - ord(first)) <= 1 for first, second in pairs) / len(pairs)


def _entropy(text: str) -> float:
    """Return the entropy of a text in bits, by the frequencies of its characters."""
    counts = Counter(text)
    return -sum(count * math.log2(count / len(text)) for count in counts.values())
