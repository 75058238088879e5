"""Calendar files of the whole catalogue on twelve days have stable UIDs and are valid."""

import datetime as dt
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import icalendar
import pytest
import vobject

from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.documents import ProcedureContent
from app.facts.specs import SPECS, Fact, FactValue, GivenFacts
from app.settings import ROOT
from app.timeline import ical
from app.timeline.build import basis_of_events, build_timeline
from app.timeline.presenter import TimelinePresenter
from app.timeline.relevant_facts import relevant_facts
from app.zones import JAPAN
from tests.systems import programs

pytestmark = pytest.mark.own_catalogue

FIRST_FETCH: Final = dt.datetime(2026, 11, 20, 9, 30, tzinfo=JAPAN)
FETCHES: Final = [FIRST_FETCH + dt.timedelta(days=day, minutes=97 * day) for day in range(12)]

# The dates given, in days from the first fetch: none, near, further away, long ago.
DAYS: Final = (None, 9, 40, -400)

FIXED: Final = frozenset({"charge_tiers", "expiry", "porting_number", "unpaid"})
"""Kinds whose dates follow from facts alone. Others can move on with the time of the request."""


class Entry(NamedTuple):
    """One entry of one file."""

    kind: str
    begins: dt.date


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The project's own catalogue."""
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    return catalogue


def grid(procedure: ProcedureContent) -> Iterator[GivenFacts]:
    """Yield sets of facts: none, every date near, every date far, one date alone."""
    facts = [fact for fact in Fact if fact in relevant_facts(procedure)]
    for days in DAYS:
        yield _values(facts, days)
    for fact in facts:
        yield _values([fact], 9)


def _values(facts: list[Fact], days: int | None) -> GivenFacts:
    if days is None:
        return {}
    day = FIRST_FETCH.date() + dt.timedelta(days=days)
    values: dict[Fact, FactValue] = {}
    for fact in facts:
        match SPECS[fact].type:
            case "date":
                values[fact] = day
            case "boolean":
                values[fact] = days == 40
            case "integer":
                values[fact] = 8
            case "choice":
                values[fact] = "20"
    return values


def test_uids_are_unique_and_stay(catalogue: Catalogue, tmp_path: Path) -> None:
    """A UID is one event, stays on one day or moves forward, and every file is valid.

    Over every procedure, a grid of facts, and twelve days; libical reads some of the files.
    """
    vocabulary = catalogue.vocabulary.document
    dates: dict[tuple[dt.datetime, str], dt.date] = {}
    by_uid: defaultdict[str, list[Entry]] = defaultdict(list)
    count = 0
    for carrier, files in catalogue.carriers.items():
        for slug, file in files.procedures.items():
            procedure = file.document
            for number, facts in enumerate(grid(procedure)):
                own: defaultdict[str, list[Entry]] = defaultdict(list)
                for at in FETCHES:
                    content = calendar_file(f"{carrier}/{slug}", procedure, facts, at, vocabulary)
                    if content is None:
                        continue
                    count += 1
                    if at == FETCHES[0] and number < 2:
                        (tmp_path / f"{carrier}.{slug}.{number}.ics").write_bytes(content)
                    for entry in icalendar.Calendar.from_ical(content).walk("VEVENT"):
                        uid, begins = str(entry["uid"]), day_of(entry.decoded("dtstart"))
                        assert dates.setdefault((at, uid), begins) == begins, f"{uid} is two events"
                        own[uid].append(Entry(uid.split("/")[2], begins))
                for uid, entries in own.items():
                    days = [entry.begins for entry in entries]
                    assert days == sorted(days), f"{uid} moves back"
                    if entries[0].kind in FIXED:
                        assert len(set(days)) == 1, f"{uid} wanders"
                by_uid |= own
    assert count > 9_000
    assert len(by_uid) > 500
    read_by_vobject(tmp_path)
    read_by_libical(tmp_path)


def calendar_file(
    uid: str, procedure: ProcedureContent, facts: GivenFacts, at: dt.datetime, vocabulary: object
) -> bytes | None:
    """Return the file as the service makes it, with each UID once; None without dates."""
    presenter = TimelinePresenter("en", vocabulary, at)  # type: ignore[arg-type] # its document
    events = build_timeline(procedure, facts, at).events
    if not ical.shown(events, at):
        return None
    calendar_of = ical.CalendarOf(
        uid=uid,
        title=procedure.title["en"],
        url="https://example.org/v1/carriers/x",
        written=at,
        basis=basis_of_events(procedure, facts, at),
    )
    entries = list(ical.entries(calendar_of, events, presenter))
    uids = [str(entry["uid"]) for entry in entries]
    assert len(uids) == len(set(uids)), uids
    return ical.calendar_file(procedure.title["en"], "en", entries)


def day_of(begins: dt.date | dt.datetime) -> dt.date:
    return begins.astimezone(JAPAN).date() if isinstance(begins, dt.datetime) else begins


def read_by_vobject(folder: Path) -> None:
    for path in folder.glob("*.ics"):
        calendar = vobject.readOne(path.read_text(encoding="utf-8"))
        assert calendar.validate(raiseException=True)


def read_by_libical(folder: Path) -> None:
    program = programs.find_libical()
    script = Path(__file__).with_name("libical_check.py")
    done = subprocess.run(  # noqa: S603 - the program that was found
        [program, str(script), str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{len(list(folder.glob('*.ics')))} files read"
