"""Whether an Idempotency-Key can be guessed: with the key, anybody gets the session's token."""

import math
import re
import uuid
from collections import Counter
from itertools import pairwise
from typing import Final

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_RANDOM_VERSIONS: Final = frozenset({4, 7, 8})
"""Versions of UUIDs (RFC 9562) with random bits; others hold a clock, an address or a name."""

_LEAST_LENGTH: Final = 22
"""Characters of base64 that hold 128 bits."""

_LEAST_BITS: Final = 64.0

_MOST_NEIGHBOURS: Final = 0.5
"""Share of the characters that repeat or follow the one before, as in `aaa`, `abc` and `123`.

In random hexadecimal it is a fifth.
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

    It is a random UUID, or has 22 characters or more of a large alphabet. Dates, times and counters
    do not count as characters. Nobody can prove that a text is random, so a sentence passes; the
    contract asks for random keys.
    """
    counted = _GUESSABLE.sub("", key)
    if _UUID.fullmatch(key):
        if uuid.UUID(key).version not in _RANDOM_VERSIONS:
            return False
    elif len(counted) < _LEAST_LENGTH:
        return False
    return _neighbours(key) <= _MOST_NEIGHBOURS and _entropy(counted) >= _LEAST_BITS


def _neighbours(key: str) -> float:
    """Return the part of the characters that repeat or follow the one before, up or down."""
    pairs = list(pairwise(each for each in key if each.isalnum()))
    return (
        sum(abs(ord(second) - ord(first)) <= 1 for first, second in pairs) / len(pairs)
        if pairs
        else 1.0
    )


def _entropy(text: str) -> float:
    """Return the bits of a text by the frequencies of its characters."""
    counts = Counter(text)
    return -sum(count * math.log2(count / len(text)) for count in counts.values())
