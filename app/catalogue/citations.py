"""Converts sources into response schemas: all sources, or only those that are cited."""

from collections.abc import Collection, Iterable

from app.catalogue.documents import Source
from app.catalogue.schemas import SourceOut


def cited_sources(sources: Iterable[Source], ids: Collection[str]) -> list[SourceOut]:
    """Return the sources with these ids, in the order of the catalogue file."""
    return [SourceOut(**vars(source)) for source in sources if source.id in ids]


def all_sources(sources: Iterable[Source]) -> list[SourceOut]:
    """Return all sources, in the order of the catalogue file."""
    return [SourceOut(**vars(source)) for source in sources]
