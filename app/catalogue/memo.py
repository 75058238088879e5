"""Results of queries that a process reads once and keeps.

Published content never changes. Reasons and measurements: docs/decisions/0006.
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
    """Return a decorator that keeps the `maxsize` most recently used results of a function.

    Routes run in threads, so a lock guards the results. It is free while the function runs: a slow
    query delays no other thread. Two threads may compute the same result; both get the first.
    """
    return cached(LRUCache(maxsize), key=key, lock=Lock())


def database_of(db: Session) -> str:
    """Return the database of a session, for keys that hold ids: one process can use several."""
    return str(db.get_bind().engine.url)


# Found by the digest of its content. `remember` keeps one result per call; here one query reads the
# documents of many carriers.
_documents: LRUCache[str, CarrierDocument] = LRUCache(512)
_documents_lock: Final = Lock()

WITHOUT_DOCUMENT: Final = defer(
    cast("Any", Carrier.document),
    raiseload=True,  # to the type checker it is a document
)
"""Leaves the document out of a query of carriers: `with_documents` adds it."""


def with_documents(db: Session, rows: Sequence[Carrier]) -> list[CarrierView]:
    """Return the carriers with their documents, reading those that the process does not have."""
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
