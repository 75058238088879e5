"""Iterates over the fields, citations and texts of a document, each with its location."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from app.catalogue.authoring.findings import Location
from app.catalogue.parts import CatalogueModel
from app.i18n import LANGUAGES


def children(value: object) -> Iterator[tuple[str | int, object]]:
    """Yield the fields of a document, or the items of a mapping or list, with name or position."""
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                yield name, getattr(value, name)
        case Mapping():
            yield from value.items()
        case list() | tuple():
            yield from enumerate(value)


def leaves(value: object, location: Location = ()) -> Iterator[tuple[Location, object]]:
    """Yield all values that are not documents, mappings or lists, with their locations."""
    if isinstance(value, (BaseModel, Mapping, list, tuple)):
        for name, child in children(value):
            yield from leaves(child, (*location, name))
    else:
        yield location, value


def citations(document: CatalogueModel) -> Iterator[tuple[Location, str]]:
    """Yield the ids of cited sources with their locations.

    The `sources` that a file lists are not citations.
    """
    for location, value in leaves(document):
        # Items of a list with the name `sources`.
        if location[-2:-1] == ("sources",) and isinstance(value, str):
            yield location, value


class LocatedText(NamedTuple):
    """A text in one language, and its location."""

    location: Location
    words: str
    cited: bool
    """Whether the text, or an object that contains it, cites a source."""


def texts(value: object, location: Location = (), *, cited: bool = False) -> Iterator[LocatedText]:
    """Yield all localized texts, once for each language."""
    sources: Iterable[object] = getattr(value, "sources", ())
    cited = cited or any(isinstance(source, str) for source in sources)
    if isinstance(value, Mapping) and set(LANGUAGES) & set(value):
        for language, words in value.items():
            yield LocatedText((*location, language), words, cited)
    else:
        for name, child in children(value):
            yield from texts(child, (*location, name), cited=cited)
