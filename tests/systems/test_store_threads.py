"""The caches of the store in the process, read by many threads at once."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cachetools import LRUCache
from sqlmodel import Session, col, select

from app.catalogue import memo, store
from app.catalogue.authoring.publish import publish
from app.catalogue.filters import CarrierFilter
from app.catalogue.models import Carrier, Edition, Procedure, Revision
from app.catalogue.records import RevisionContent
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases

CARRIERS = 8
THREADS = 6
ROUNDS = 5


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the caches hold three results, so that nearly each read evicts another."""
    for function in (
        store.edition_of,
        store.carrier_names,
        store.revision_content,
        store.revision_id,
    ):
        monkeypatch.setattr(function, "cache", LRUCache(3))
    monkeypatch.setattr(memo, "_documents", LRUCache(3))


@pytest.fixture(scope="module")
def filled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with several carriers, published in several editions."""
    url, folder = databases.migrated(), tmp_path_factory.mktemp("sample")
    database = Database(url)
    for edition in range(1, 5):
        title = builders.text(f"Cancel {edition}", f"解約{edition}", f"解约{edition}")
        sample = {
            f"carrier-{number:02}": {
                "carrier": builders.carrier(name=builders.text(f"Name {number}")),
                "cancel": builders.procedure(title=title),
            }
            for number in range(CARRIERS)
        }
        publish(database, builders.read(builders.write(folder / str(edition), sample)))
    yield database
    database.close()
    databases.drop(url)


def _from_all_threads(database: Database, read: Callable[[Session], None]) -> None:
    """Run the read repeatedly in several threads that switch all the time."""
    start = threading.Barrier(THREADS)

    def work() -> None:
        with database.read() as db:
            start.wait(timeout=10)
            for _ in range(ROUNDS):
                read(db)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            for future in [pool.submit(work) for _ in range(THREADS)]:
                future.result()
    finally:
        sys.setswitchinterval(interval)


def test_threads_read_revisions(filled: Database) -> None:
    """Each thread gets the revision it asks for while others are evicted."""
    with filled.read() as db:
        rows = db.exec(
            select(Revision.id, Revision.procedure_id, Revision.number, Carrier.slug)
            .join(Procedure, col(Procedure.id) == Revision.procedure_id)
            .join(Carrier, col(Carrier.id) == Procedure.carrier_id)
        ).all()

    def read(db: Session) -> None:
        for number, procedure, revision, slug in rows:
            assert store.revision_id(db, procedure, revision) == number
            content = store.revision_content(db, number or 0)
            assert (content.carrier, content.number) == (slug, revision)

    _from_all_threads(filled, read)


def test_threads_read_documents(filled: Database) -> None:
    """Each thread gets the documents of the carriers it asks for."""

    def read(db: Session) -> None:
        for number in range(CARRIERS):
            assert store.carrier(db, f"carrier-{number:02}").document.name["en"] == f"Name {number}"
        ranked = store.carriers(db, CarrierFilter(), None, CARRIERS)
        assert [each.carrier.document.name["en"] for each in ranked] == [
            f"Name {number}" for number in range(CARRIERS)
        ]

    _from_all_threads(filled, read)


def test_threads_read_editions(filled: Database) -> None:
    """Each thread gets the edition it asks for, and the names of its carriers."""
    with filled.read() as db:
        editions = db.exec(select(Edition.number, Edition.published_at)).all()
    slugs = [f"carrier-{number:02}" for number in range(CARRIERS)]

    def read(db: Session) -> None:
        for number, published_at in editions:
            view = store.edition_of(db, number, published_at)
            assert (view.number, view.published_at) == (number, published_at)
            assert [slug for slug, _ in store.carrier_names(db, view)] == slugs

    _from_all_threads(filled, read)


def test_threads_share_the_first_result(filled: Database) -> None:
    """Threads that ask at the same time get the same object.

    Other caches use it as their key, so a process must hold it once.
    """
    with filled.read() as db:
        newest = db.exec(select(Revision.id).order_by(col(Revision.id).desc())).first() or 0
    seen: list[RevisionContent] = []

    _from_all_threads(filled, lambda db: seen.append(store.revision_content(db, newest)))

    assert {id(content) for content in seen} == {id(seen[0])}
