"""Entity tags of sessions, and the preconditions of requests (RFC 9110 section 13)."""

import hashlib
from dataclasses import dataclass
from typing import Final

from app.http.field_values import EntityTags
from app.sessions.problems import StaleVersion, VersionExcluded


def etag(version: int, content: str | bytes | None = None) -> str:
    """Return the entity tag of a session's version, or of a response that shows that version.

    A response also depends on the day and the language, so its tag has a digest of the content
    after the version. If-Match compares only the version (docs/decisions/0014).
    """
    if content is None:
        return f'"{version}"'
    encoded = content.encode() if isinstance(content, str) else content
    return f'"{version}.{hashlib.blake2b(encoded, digest_size=8).hexdigest()}"'


@dataclass(frozen=True)
class Preconditions:
    """If-Match and If-None-Match of a request; None if the request does not have the header."""

    if_match: EntityTags | None = None
    if_none_match: EntityTags | None = None

    def refuse_stale(self, version: int) -> None:
        """Raise `StaleVersion` if If-Match does not name the session's current version."""
        if self.if_match is not None and not _names(self.if_match, version):
            raise StaleVersion(etag=etag(version))

    def refuse_excluded(self, version: int) -> None:
        """Raise `VersionExcluded` if If-None-Match names the session's current version."""
        if self.if_none_match is not None and _names(self.if_none_match, version):
            raise VersionExcluded(etag=etag(version))

    def has_response(self, tag: str) -> bool:
        """Return whether the client already has the response with this tag."""
        return self.if_none_match is not None and self.if_none_match.include(tag)


NO_PRECONDITIONS: Final = Preconditions()


def _names(tags: EntityTags, version: int) -> bool:
    """Return whether one of the tags names the version, with or without a digest."""
    return tags.any or any(
        tag.strip('"').partition(".")[0] == str(version) for tag in tags.unmarked
    )
