"""One commit for several writers: answers wait for it, and a failed writer fails alone."""

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
    with book.read() as session:
        return set(session.connection().execute(text("SELECT word FROM word")).scalars())


async def write(book: Database, word: str, error: Exception | None = None) -> set[str]:
    """Write a word, fail then if told so, and return what is to be read once it is acknowledged."""
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


def test_many_writers_share_commits_and_each_is_acknowledged_after_its_own(book: Database) -> None:
    seen = commits_of(book)

    async def run() -> list[set[str]]:
        return await asyncio.gather(*(write(book, str(number)) for number in range(100)))

    read = asyncio.run(run())

    assert all(str(number) in found for number, found in enumerate(read))
    assert len(seen) < 20


def test_who_fails_takes_back_only_their_own_changes(book: Database) -> None:
    async def run() -> Sequence[object]:
        failing = (write(book, f"bad {number}", ValueError(number)) for number in range(3))
        return await asyncio.gather(
            write(book, "one"), *failing, write(book, "two"), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert [type(outcome) for outcome in outcomes] == [set, ValueError, ValueError, ValueError, set]
    assert words(book) == {"one", "two"}


def test_a_mistake_of_the_database_fails_its_writer_alone(book: Database) -> None:
    async def run() -> Sequence[object]:
        return await asyncio.gather(
            write(book, "same"), write(book, "same"), write(book, "other"), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert sum(isinstance(outcome, set) for outcome in outcomes) == 2
    assert words(book) == {"same", "other"}


class Base(DeclarativeBase):
    """A mapping of its own: what belongs to the service is compared with its migrations."""


class Word(Base):
    """A row for the mapper to write."""

    __tablename__ = "word"

    word: Mapped[str] = mapped_column(primary_key=True)


def test_a_flush_that_fails_takes_back_only_its_own_writer(book: Database) -> None:
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


def test_nobody_is_acknowledged_when_a_full_disk_has_taken_the_transaction_back(
    book: Database,
) -> None:
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
    """The savepoint is gone then, and rolling back to it fails with an error of its own."""

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


def test_a_commit_that_fails_fails_for_all_and_the_next_goes_well(book: Database) -> None:
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


def test_a_database_that_cannot_be_begun_is_the_waiting_writers_error(book: Database) -> None:
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
def test_a_client_that_goes_away_at_any_moment_keeps_nobody_waiting(
    book: Database, after: int
) -> None:
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
    """What a route raises after it has looked at what others wrote."""


def refuse_commits(book: Database, times: int = 1) -> None:
    """Let the next commits fail; afterwards nobody knows what was saved."""
    left = [None] * times

    def refuse(_: Connection) -> None:
        if left:
            left.pop()
            raise FULL

    event.listen(book.engine, "commit", refuse)


def test_a_refusal_leaves_after_the_commit_it_rests_on(book: Database) -> None:
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


def test_a_refusal_fails_with_the_commit_it_rests_on(book: Database) -> None:
    refuse_commits(book)

    async def run() -> Sequence[object]:
        return await asyncio.gather(
            write(book, "seen"), write(book, "refused", RefusedError()), return_exceptions=True
        )

    outcomes = asyncio.run(run())

    assert list(map(type, outcomes)) == [OutcomeUnknownError, DatabaseUnavailableError]


def test_a_writer_waits_no_longer_than_its_limit(book: Database) -> None:
    """While a commit hangs, its writers learn that nobody knows, the next that nothing changed."""
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
