"""Traversal of a document: its fields, its citations and its texts, each with its location."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from app.catalogue.authoring.findings import Location
from app.catalogue.parts import CatalogueModel
from app.i18n import LANGUAGES


def children(value: object) -> Iterator[tuple[str | int, object]]:
    """Yield the parts of a document, a mapping or a list, each with its name or position."""
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                yield name, getattr(value, name)
        case Mapping():
            yield from value.items()
        case list() | tuple():
            yield from enumerate(value)


def leaves(value: object, location: Location = ()) -> Iterator[tuple[Location, object]]:
    """Yield every value that has no parts, with its location."""
    if isinstance(value, (BaseModel, Mapping, list, tuple)):
        for name, child in children(value):
            yield from leaves(child, (*location, name))
    else:
        yield location, value


def citations(document: CatalogueModel) -> Iterator[tuple[Location, str]]:
    """Yield every cited id with its location; a file's list of sources cites none."""
    for location, value in leaves(document):
        # A location that ends in "sources" and a position.
        if location[-2:-1] == ("sources",) and isinstance(value, str):
            yield location, value


class LocatedText(NamedTuple):
    """A text in one language, its location, and whether a source is cited beside or above it."""

    location: Location
    words: str
    cited: bool


def texts(value: object, location: Location = (), *, cited: bool = False) -> Iterator[LocatedText]:
    """Yield every localized text, once per language."""
    sources: Iterable[object] = getattr(value, "sources", ())
    cited = cited or any(isinstance(source, str) for source in sources)
    if isinstance(value, Mapping) and set(LANGUAGES) & set(value):
        for language, words in value.items():
            yield LocatedText((*location, language), words, cited)
    else:
        for name, child in children(value):
            yield from texts(child, (*location, name), cited=cited)
