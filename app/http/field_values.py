"""Values of header fields (RFC 9110): lists, weights, and entity tags."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_MOST_ELEMENTS: Final = 64
"""Elements of a list that are read. No client needs more, and parsing takes time."""

_WEIGHT: Final = re.compile(r"\d+\.?\d{0,9}|\.\d{1,9}", re.ASCII)

# An opaque tag may hold commas, so a list of tags cannot be split at commas.
_TAG: Final = re.compile(r'[ \t,]*(?:W/)?(?P<opaque>"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|\Z)')
_END_OF_LIST: Final = re.compile(r"[ \t,]*\Z")

_CODING_SUFFIX: Final = re.compile(r'(?:--?|;)(?:gzip|br|zstd|deflate)"\Z')
"""The suffix that proxies add to the tag of a response they compress.

Apache adds `-gzip`, Jetty `--gzip`.
"""


def elements(value: str) -> Iterator[str]:
    """Yield the elements of a list that holds no quoted strings; skip empty ones (section 5.6.1).

    At most 64 elements are read.
    """
    for element in value.split(",", _MOST_ELEMENTS)[:_MOST_ELEMENTS]:
        if stripped := element.strip():
            yield stripped


def weighted(value: str) -> Iterator[tuple[str, float]]:
    """Yield the elements of a list in lower case, each with its weight (section 12.4.2).

    Weights are from 0 to 1; the default is 1. An element whose weight is not a number is skipped.
    """
    for element in elements(value.lower()):
        name, *parameters = (part.strip() for part in element.split(";"))
        weights = [
            text.strip()
            for key, _, text in (each.partition("=") for each in parameters)
            if key.strip() == "q"
        ]
        if not weights:
            yield name, 1.0
        elif _WEIGHT.fullmatch(weights[0]):
            yield name, min(float(weights[0]), 1.0)


@dataclass(frozen=True)
class EntityTags:
    """The value of If-Match or If-None-Match: entity tags, or `*` for any (section 8.8.3)."""

    any: bool
    opaque: frozenset[str]
    """The tags in their quotation marks, without `W/`."""

    def include(self, tag: str) -> bool:
        """Return whether the list names the version of a resource that has this strong tag.

        Proxies weaken the tag of a response they compress (`W/`), or add a suffix for the coding.
        Such a tag names the same version.
        """
        return self.any or tag in self.opaque or tag in self.unmarked

    @property
    def unmarked(self) -> frozenset[str]:
        """The tags without the suffixes that proxies add."""
        return frozenset(_CODING_SUFFIX.sub('"', each) for each in self.opaque)


def entity_tags(lines: Iterable[str]) -> EntityTags | None:
    """Return the entity tags in all lines of one header; None if they are malformed."""
    value = ",".join(lines)
    if value.strip(" \t,") == "*":
        return EntityTags(any=True, opaque=frozenset())
    tags, position = [], 0
    while match := _TAG.match(value, position):
        tags.append(match["opaque"])
        position = match.end()
    if not tags or not _END_OF_LIST.match(value, position):
        return None
    return EntityTags(any=False, opaque=frozenset(tags))
