"""One commit for several writers: responses wait for it, and a failed writer fails alone."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session

from app.database import (
    Database,
    DatabaseUnavailableError,
    OutcomeUnknownError,
    TimeLimits,
)

FULL = OperationalError("COMMIT", {}, OSError("disk is full"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Database]:
    """A database with one table of unique words."""
    database = Database(f"sqlite:///{tmp_path}/book.sqlite3")
    with database.write() as session:
        session.connection().execute(text("CREATE TABLE word (word TEXT UNIQUE)"))
    yield database
    database.close()


def words(book: Database) -> set[str]:
    """Return the words in the table."""
    with book.read() as session:
        return set(session.connection().execute(text("SELECT word FROM word")).scalars())


async def write(book: Database, word: str, error: Exception | None = None) -> set[str]:
    """Write a word, raise the error if there is one, and return the words after the commit."""
    async with book.writing() as session:
        await asyncio.to_thread(
            session.connection().execute, text("INSERT INTO word VALUES (:word)"), {"word": word}
        )
        if error:
            raise error
    return words(book)


def commits_of(book: Database) -> list[Connection]:
    """Return a list that grows with every commit."""
    seen: list[Connection] = []
    event.listen(book.engine, "commit", seen.append)
    return seen


def test_writers_share_commits_that_precede_responses(book: Database) -> None:
    """100 writers share fewer than 20 commits; each reads its own word once acknowledged."""
    seen = commits_of(book)

    async def run() -> list[set[str]]:
        return await asyncio.gather(*(write(book, str(number)) for number in range(100)))

    read = asyncio.run(run())

    assert all(str(number) in found for number, found in enumerate(read))
    assert len(seen) < 20


def test_a_failed_writer_undoes_only_its_own_changes(book: Database) -> None:
    """A writer that raises loses its own changes; those in the same transaction are committed."""

    async def run() -> Sequence[object]:
        failing = (write(book, f"bad {number}", ValueError(number)) for number in range(3))
        return await asyncio.gather(
            write(book, "one"), *failing, write(book, "two"), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert [type(outcome) for outcome in outcomes] == [set, ValueError, ValueError, ValueError, set]
    assert words(book) == {"one", "two"}


def test_a_refused_statement_fails_its_writer_alone(book: Database) -> None:
    """A statement that the database refuses fails its own writer; the others are committed."""

    async def run() -> Sequence[object]:
        return await asyncio.gather(
            write(book, "same"), write(book, "same"), write(book, "other"), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert sum(isinstance(outcome, set) for outcome in outcomes) == 2
    assert words(book) == {"same", "other"}


class Base(DeclarativeBase):
    """A mapping of its own: the tables of the service are compared with its migrations."""


class Word(Base):
    """A row for the mapper to write."""

    __tablename__ = "word"

    word: Mapped[str] = mapped_column(primary_key=True)


def test_a_failed_flush_fails_its_writer_alone(book: Database) -> None:
    """A mapper's flush that fails undoes the changes of its own writer alone."""

    async def add(word: str) -> set[str]:
        async with book.writing() as session:
            await asyncio.to_thread(_flush, session, word)
        return words(book)

    async def run() -> Sequence[object]:
        return await asyncio.gather(
            *(add(word) for word in ("first", "same", "same", "last")), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert [isinstance(outcome, IntegrityError) for outcome in outcomes] == [
        False,
        False,
        True,
        False,
    ]
    assert words(book) == {"first", "same", "last"}


def _flush(session: Session, word: str) -> None:
    session.add(Word(word=word))
    session.flush()


def test_a_full_disk_acknowledges_no_lost_write(
    book: Database,
) -> None:
    """When SQLite rolls back the shared transaction on a full disk, all its writers fail."""
    event.listen(
        book.engine, "connect", lambda driver, _: driver.execute("PRAGMA max_page_count=60")
    )
    book.engine.dispose()

    async def run() -> Sequence[object]:
        sizes = [10_000] * 6 + [400_000] + [10_000] * 6
        return await asyncio.gather(
            *(write(book, f"{number} " + "x" * size) for number, size in enumerate(sizes)),
            return_exceptions=True,
        )

    outcomes = asyncio.run(run())

    acknowledged = {
        str(number) for number, outcome in enumerate(outcomes) if isinstance(outcome, set)
    }
    assert {word.split()[0] for word in words(book)} == acknowledged
    failures = [outcome for outcome in outcomes if not isinstance(outcome, set)]
    assert failures
    assert all(isinstance(found, OperationalError | DatabaseUnavailableError) for found in failures)


def test_a_write_that_sqlite_rolls_back_is_unavailable(book: Database) -> None:
    """If SQLite rolls back by itself, the writer fails as unavailable, and the next one works.

    The savepoint is gone then, and rolling back to it fails with an error of its own.
    """

    async def fail() -> None:
        async with book.writing() as session:
            driver = session.connection().connection.driver_connection
            assert driver is not None
            driver.execute("ROLLBACK")  # as SQLite does by itself when a write fails
            raise FULL

    with pytest.raises(DatabaseUnavailableError):
        asyncio.run(fail())

    asyncio.run(write(book, "later"))
    assert words(book) == {"later"}


def test_a_failed_commit_fails_all_its_writers(book: Database) -> None:
    """If the commit fails, the outcome is unknown to all its writers; the next commit works."""

    def refuse(_: Connection) -> None:
        event.remove(book.engine, "commit", refuse)
        raise FULL

    async def run() -> tuple[list[object], set[str]]:
        event.listen(book.engine, "commit", refuse)
        failed = await asyncio.gather(
            *(write(book, str(number)) for number in range(3)), return_exceptions=True
        )
        return [outcome for outcome in failed if isinstance(outcome, Exception)], await write(
            book, "later"
        )

    failures, read = asyncio.run(run())

    assert failures
    assert all(isinstance(failure, OutcomeUnknownError) for failure in failures)
    assert len(read) == 4 - len(failures)
    assert "later" in read


def test_a_failed_begin_is_the_error_of_its_writers(book: Database) -> None:
    """If the transaction cannot begin, each waiting writer gets the error of the database."""
    short = Database(book.url, limits=TimeLimits(statement=0.05))
    outcomes = asyncio.run(_blocked(short))
    short.close()

    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    assert words(book) == set()


async def _blocked(book: Database) -> list[object]:
    """Return what three writers see while another process holds the lock."""
    with closing(book.engine.raw_connection()) as other:
        other.cursor().execute("BEGIN IMMEDIATE")
        found = await asyncio.gather(
            *(write(book, str(number)) for number in range(3)), return_exceptions=True
        )
        other.cursor().execute("ROLLBACK")
    return list(found)


@pytest.mark.parametrize("after", range(6))
def test_a_cancelled_writer_holds_up_no_other(book: Database, after: int) -> None:
    """A writer that is cancelled at any moment leaves the others able to finish."""

    async def run() -> set[str]:
        leaving = [asyncio.create_task(write(book, f"leaving {number}")) for number in range(3)]
        staying = asyncio.create_task(write(book, "staying"))
        for _ in range(after):
            await asyncio.sleep(0)
        for task in leaving:
            task.cancel()
        async with asyncio.timeout(10):
            return await staying

    assert "staying" in asyncio.run(run())


class RefusedError(Exception):
    """An error that a route raises after it has read the changes of others."""


def refuse_commits(book: Database, times: int = 1) -> None:
    """Make the next commits fail, so that their outcome is unknown."""
    left = [None] * times

    def refuse(_: Connection) -> None:
        if left:
            left.pop()
            raise FULL

    event.listen(book.engine, "commit", refuse)


def test_a_refusal_waits_for_the_commit(book: Database) -> None:
    """A refusal that may depend on uncommitted changes is raised after their commit."""
    order: list[str] = []
    event.listen(book.engine, "commit", lambda _: order.append("commit"))

    async def refused() -> None:
        with pytest.raises(RefusedError):
            await write(book, "refused", RefusedError())
        order.append("refusal")

    async def run() -> None:
        await asyncio.gather(write(book, "seen"), refused())

    asyncio.run(run())

    assert order == ["commit", "refusal"]
    assert words(book) == {"seen"}


def test_a_refusal_fails_with_the_commit(book: Database) -> None:
    """If that commit fails, the refusal becomes an error of an unavailable database."""
    refuse_commits(book)

    async def run() -> Sequence[object]:
        return await asyncio.gather(
            write(book, "seen"), write(book, "refused", RefusedError()), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert list(map(type, outcomes)) == [OutcomeUnknownError, DatabaseUnavailableError]


def test_a_writer_waits_at_most_its_time_limit(book: Database) -> None:
    """While a commit hangs, its writers get an unknown outcome, and the next one is unavailable."""
    hanging = threading.Event()
    limited = Database(book.url, limits=TimeLimits(request=0.1))
    event.listen(limited.engine, "commit", lambda _: hanging.wait(10))

    async def run() -> Sequence[object]:
        first = asyncio.create_task(write(limited, "first"))
        refused = asyncio.create_task(write(limited, "refused", RefusedError()))
        await asyncio.sleep(0.05)
        found = await asyncio.gather(first, refused, write(limited, "next"), return_exceptions=True)
        hanging.set()
        return [*found, await write(limited, "later")]

    outcomes = asyncio.run(run())
    limited.close()

    assert list(map(type, outcomes[:3])) == [
        OutcomeUnknownError,
        DatabaseUnavailableError,
        DatabaseUnavailableError,
    ]
    assert outcomes[3] == {"first", "later"}
