"""Caches, in the process, for results of queries on published content.

Published content never changes, so nothing is invalidated. Reasons and measurements:
docs/decisions/0006.
"""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar, cast

from cachetools import LRUCache, cached
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.catalogue.documents import CarrierDocument
from app.catalogue.models import Carrier
from app.catalogue.records import CarrierView

_P = ParamSpec("_P")
_R = TypeVar("_R")


def remember(
    maxsize: int, key: Callable[..., Hashable]
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Return a decorator that caches the `maxsize` most recently used results of a function.

    A lock guards the cache, because routes run in threads. It is not held while the function
    runs, so a slow query does not block other threads. If two threads compute the same result,
    both return the one that was stored first.
    """
    return cached(LRUCache(maxsize), key=key, lock=Lock())


def database_of(db: Session) -> str:
    """Return the URL of the session's database, to make keys unique.

    Ids are unique only within a database, and a process can use several.
    """
    return str(db.get_bind().engine.url)


# Keyed by the digest of the document. `remember` caches one result per call, but here one query
# reads the documents of many carriers.
_documents: LRUCache[str, CarrierDocument] = LRUCache(512)
_documents_lock: Final = Lock()

WITHOUT_DOCUMENT: Final = defer(
    cast("Any", Carrier.document),  # a column, but typed as a document
    raiseload=True,  # reading it raises an error instead of sending a query
)
"""Query option that does not load the documents of carriers. `with_documents` adds them."""


def with_documents(db: Session, rows: Sequence[Carrier]) -> list[CarrierView]:
    """Return the carriers with their documents, from the cache or by one query for the others."""
    with _documents_lock:
        documents = {row.digest: _documents[row.digest] for row in rows if row.digest in _documents}
    missing = [row.id for row in rows if row.digest not in documents]
    if missing:
        query = (
            select(Carrier)
            .where(col(Carrier.id).in_(missing))
            .execution_options(populate_existing=True)
        )
        loaded = {row.digest: row.document for row in db.exec(query)}
        with _documents_lock:
            for digest, document in loaded.items():
                documents[digest] = _documents.setdefault(digest, document)
    return [CarrierView(row.id or 0, row.slug, row.kind, documents[row.digest]) for row in rows]
