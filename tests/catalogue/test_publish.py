"""Publication: a whole edition or none, and old revisions stay."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlmodel import col, func, select

from app.catalogue import store
from app.catalogue.authoring import publish as publishing
from app.catalogue.authoring.publish import Published, PublishedMeanwhileError, publish
from app.catalogue.filters import CarrierFilter, ProcedureFilter
from app.catalogue.models import Carrier, Edition, Procedure, Revision, Step
from app.catalogue.problems import CarrierRetired, ProcedureRetired
from app.database import Database
from app.problems.base import Problem
from app.settings import ROOT
from tests.support import builders
from tests.support.builders import Content

Carriers = dict[str, dict[str, Content]]

ONE: Carriers = {
    "example": {
        "cancel": builders.procedure(),
        "port-out": builders.procedure(goal="port_out", outcome="number_moves"),
    }
}


def published(
    database: Database, folder: Path, carriers: Carriers, retired: Content | None = None
) -> Published:
    return publish(database, builders.read(builders.write(folder, carriers, retired)))


def counts(database: Database) -> tuple[int, ...]:
    with database.read() as session:
        return tuple(
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Edition, Carrier, Procedure, Revision, Step)
        )


class ServedProcedure(NamedTuple):
    """A procedure of the served edition."""

    carrier: str
    slug: str
    revision: int
    title: str


class Served(NamedTuple):
    """The served edition."""

    edition: int
    procedures: list[ServedProcedure]


def served(database: Database) -> Served:
    """Return the served edition with its procedures."""
    with database.read() as session:
        briefs = store.briefs(session, ProcedureFilter(), None, None)
        return Served(
            store.edition(session).number,
            [
                ServedProcedure(
                    brief.carrier.slug, brief.slug, brief.number, brief.procedure.title["en"]
                )
                for brief in briefs
            ],
        )


def test_publishing_makes_the_first_edition(database: Database, tmp_path: Path) -> None:
    """The first publication is edition 1, with every procedure in revision 1."""
    assert published(database, tmp_path, ONE) == Published(1, new=True, added=2)

    assert served(database) == (
        1,
        [("example", "cancel", 1, "Words"), ("example", "port-out", 1, "Words")],
    )


def test_publishing_twice_gives_one_edition(database: Database, tmp_path: Path) -> None:
    """Publishing an unchanged catalogue adds nothing."""
    published(database, tmp_path, ONE)
    before = counts(database)

    assert published(database, tmp_path, ONE) == Published(1, new=False)

    assert counts(database) == before == (1, 1, 2, 2, 2)


def test_a_changed_step_is_a_new_revision(database: Database, tmp_path: Path) -> None:
    """A changed step adds one revision to its procedure and none to others."""
    published(database, tmp_path, ONE)
    changed: Carriers = {
        "example": ONE["example"]
        | {"cancel": builders.procedure(steps=[builders.step(title=builders.text(en="New"))])}
    }

    assert published(database, tmp_path, changed) == Published(2, new=True, changed=1)

    assert [revision for _, _, revision, _ in served(database)[1]] == [2, 1]
    assert counts(database) == (2, 1, 2, 3, 3)


def test_the_old_revision_stays_readable(database: Database, tmp_path: Path) -> None:
    """After a change, the old revision has its old content."""
    published(database, tmp_path, ONE)
    published(
        database,
        tmp_path,
        {"example": {"cancel": builders.procedure(title=builders.text(en="New"))}},
    )

    with database.read() as session:
        old, new = (store.revision(session, "example", "cancel", number) for number in (1, 2))

    assert (old.content.procedure.title["en"], new.content.procedure.title["en"]) == (
        "Words",
        "New",
    )
    assert old.edition.number == 2


def test_a_changed_source_changes_what_cites_it(database: Database, tmp_path: Path) -> None:
    """A changed source adds a revision to the procedures that cite it, and to no others."""
    both = [builders.source(), builders.source(id="S2", url="https://example.com/")]
    citing = {
        "cites-s2": builders.procedure(steps=[builders.step(sources=["S2"])]),
        "cites-s1": builders.procedure(),
    }
    published(
        database, tmp_path, {"example": {"carrier": builders.carrier(sources=both), **citing}}
    )
    both[1]["copy_dated"] = "2025"

    published(
        database, tmp_path, {"example": {"carrier": builders.carrier(sources=both), **citing}}
    )

    assert [(slug, revision) for _, slug, revision, _ in served(database)[1]] == [
        ("cites-s1", 1),
        ("cites-s2", 2),
    ]


def test_a_removed_procedure_names_its_successor(database: Database, tmp_path: Path) -> None:
    """A removed procedure raises `ProcedureRetired`; its last revision stays readable."""
    published(database, tmp_path, ONE)

    done = published(
        database,
        tmp_path,
        {"example": {"cancel": builders.procedure()}},
        {"procedures": {"example/port-out": "example/cancel"}},
    )

    assert done == Published(2, new=True, retired=1)
    with database.read() as session, pytest.raises(ProcedureRetired) as gone:
        store.procedure(session, "example", "port-out")
    assert gone.value.members["successor"] == "/v1/carriers/example/procedures/cancel"
    with database.read() as session:
        assert (
            store.revision(session, "example", "port-out", 1).content.procedure.title["en"]
            == "Words"
        )


def test_a_procedure_that_comes_back_keeps_its_history(database: Database, tmp_path: Path) -> None:
    """A procedure that is published again unchanged has its old revision."""
    published(database, tmp_path, ONE)
    published(database, tmp_path, {"example": {"cancel": builders.procedure()}})

    published(database, tmp_path, ONE)

    assert served(database) == (
        3,
        [("example", "cancel", 1, "Words"), ("example", "port-out", 1, "Words")],
    )


def test_a_removed_carrier_is_gone_with_all_its_procedures(
    database: Database, tmp_path: Path
) -> None:
    """A removed carrier raises `CarrierRetired` with its successor, and has no procedures."""
    published(database, tmp_path, ONE | {"other": {"cancel": builders.procedure()}})

    published(
        database,
        tmp_path,
        {"other": {"cancel": builders.procedure()}},
        {"carriers": {"example": "other"}},
    )

    assert served(database)[1] == [("other", "cancel", 1, "Words")]
    with database.read() as session, pytest.raises(CarrierRetired) as gone:
        store.carrier(session, "example")
    assert gone.value.members["successor"] == "/v1/carriers/other"


def test_of_two_publishers_at_once_each_is_whole(database: Database, tmp_path: Path) -> None:
    """Of two publications at once, each makes a whole edition or raises its own error."""
    catalogues = [
        builders.read(
            builders.write(
                tmp_path / name,
                {"example": {"cancel": builders.procedure(title=builders.text(en=name))}},
            )
        )
        for name in ("first", "second")
    ]
    together = threading.Barrier(2)
    outcomes: list[Published | Exception] = []

    def publish_at_once(number: int) -> None:
        together.wait()
        try:
            outcomes.append(publish(database, catalogues[number]))
        except PublishedMeanwhileError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=publish_at_once, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    done = [outcome for outcome in outcomes if isinstance(outcome, Published)]
    assert sorted(outcome.edition for outcome in done) == list(range(1, len(done) + 1))
    assert len(outcomes) == 2
    assert counts(database)[0] == len(done)


def test_a_publisher_that_was_overtaken_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publication that another overtakes raises an error and writes nothing."""
    late = builders.read(
        builders.write(tmp_path / "late", {"late": {"cancel": builders.procedure()}})
    )
    # The test is about the moment between looking and writing.
    real = publishing._served  # noqa: SLF001

    def look_and_be_overtaken(session: object) -> object:
        monkeypatch.setattr(publishing, "_served", real)
        seen = real(session)  # type: ignore[arg-type] # it is passed on
        published(database, tmp_path / "early", ONE)
        return seen

    monkeypatch.setattr(publishing, "_served", look_and_be_overtaken)

    with pytest.raises(PublishedMeanwhileError):
        publish(database, late)

    assert served(database)[0] == 1
    assert [carrier for carrier, *_ in served(database)[1]] == ["example", "example"]


_KILL_AT_EVERY_STATEMENT = """
import itertools, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.catalogue.test_publish import counts, served

url, catalogue = sys.argv[1], builders.read(Path(sys.argv[2]))

def publish_and_die_at(fatal):
    statements = itertools.count(1)
    def die(*_):
        if next(statements) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    database = Database(url)
    event.listen(database.engine, "before_cursor_execute", die)
    event.listen(database.engine, "commit", die)
    publish(database, catalogue)

for point in itertools.count(1):
    child = os.fork()
    if child == 0:
        publish_and_die_at(point)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    database = Database(url)
    ended = "survived" if status == 0 else -os.WTERMSIG(status)
    print(ended, served(database), counts(database), flush=True)
    database.close()
    if status == 0:
        break
"""


def test_a_killed_publication_changes_nothing(database: Database, tmp_path: Path) -> None:
    """A process killed before any statement or the commit leaves the old edition as it was."""
    published(database, tmp_path / "old", ONE)
    before = f"-9 {served(database)} {counts(database)}"
    new = builders.write(
        tmp_path / "new",
        {
            "example": {"cancel": builders.procedure(title=builders.text(en="New"))},
            "other": {"cancel": builders.procedure()},
        },
    )

    # Every statement and the commit in turn: a process is killed (SIGKILL) just before it.
    run = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", _KILL_AT_EVERY_STATEMENT, database.url, str(new)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
    )

    assert run.returncode == 0, run.stderr
    *killed, survivor = run.stdout.splitlines()
    assert len(killed) > 15
    assert set(killed) == {before}
    assert survivor.startswith("survived Served(edition=2,")


def test_before_the_first_publication_reads_say_so(database: Database) -> None:
    """An empty database raises `nothing-published`, and lists no carriers."""
    with database.read() as session, pytest.raises(Problem) as problem:
        store.edition(session)

    assert problem.value.slug == "nothing-published"
    with database.read() as session:
        assert store.carriers(session, CarrierFilter(), None, 10) == []


def test_revisions_are_never_changed(database: Database, tmp_path: Path) -> None:
    """A publication adds revisions and leaves the rows of old ones as they are."""
    published(database, tmp_path, ONE)
    with database.read() as session:
        before = session.exec(select(Revision.id, Revision.digest).order_by(col(Revision.id))).all()

    published(
        database,
        tmp_path,
        {"example": {"cancel": builders.procedure(title=builders.text(en="New"))}},
    )

    with database.read() as session:
        after = session.exec(select(Revision.id, Revision.digest).order_by(col(Revision.id))).all()
    assert after[: len(before)] == before
