"""The sources of an answer: those that its parts cite, and no others."""

from collections.abc import Collection, Iterable

from app.catalogue.documents import Source
from app.catalogue.schemas import SourceOut


def cited_sources(sources: Iterable[Source], ids: Collection[str]) -> list[SourceOut]:
    """Return the sources with these ids, in the order of the catalogue file."""
    return [SourceOut(**vars(source)) for source in sources if source.id in ids]
