"""The version of a session as an entity tag, and the preconditions of a request (RFC 9110)."""

import hashlib
from dataclasses import dataclass
from typing import Final

from app.http.field_values import EntityTags
from app.sessions.problems import StaleVersion, VersionExcluded


def etag(version: int, content: str | bytes | None = None) -> str:
    """Return the entity tag of a session's version, or of a response that shows it.

    The response to a read changes with the days too, and with the language: its tag has a mark of
    its own after the version. If-Match looks at the version alone (docs/decisions/0014).
    """
    if content is None:
        return f'"{version}"'
    encoded = content.encode() if isinstance(content, str) else content
    return f'"{version}.{hashlib.blake2b(encoded, digest_size=8).hexdigest()}"'


@dataclass(frozen=True)
class Preconditions:
    """If-Match and If-None-Match of a request, None where it has none."""

    if_match: EntityTags | None = None
    if_none_match: EntityTags | None = None

    def refuse_stale(self, version: int) -> None:
        """Raise `StaleVersion` if If-Match does not name the session's present version."""
        if self.if_match is not None and not _names(self.if_match, version):
            raise StaleVersion(etag=etag(version))

    def refuse_excluded(self, version: int) -> None:
        """Raise `VersionExcluded` if If-None-Match names the session's present version."""
        if self.if_none_match is not None and _names(self.if_none_match, version):
            raise VersionExcluded(etag=etag(version))

    def has_response(self, tag: str) -> bool:
        """Return whether the client has the response with this tag already."""
        return self.if_none_match is not None and self.if_none_match.include(tag)


NO_PRECONDITIONS: Final = Preconditions()


def _names(tags: EntityTags, version: int) -> bool:
    """Return whether one of the tags is of the version, with or without the mark of a response."""
    return tags.any or any(
        tag.strip('"').partition(".")[0] == str(version) for tag in tags.unmarked
    )
