"""A session as an iCalendar file (RFC 5545): what is left to do, and the dates that are known."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icalendar import Alarm, Calendar, Event, Todo

from app.languages import Language

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {"open": "Still to do:", "done": "Everything is done.", "source": "Dates are Japan's."},
    "ja": {"open": "残りの手順：", "done": "すべて終わりました。", "source": "日付は日本時間です。"},
    "zh-Hans": {"open": "尚未完成：", "done": "已全部完成。", "source": "日期为日本时间。"},
}


@dataclass(frozen=True)
class Entry:
    """A date or an instant of the timeline: `key` is stable, `text` says what it means."""

    key: str
    title: str
    text: str
    begins: dt.date | dt.datetime
    ends: dt.date | dt.datetime | None = None


@dataclass(frozen=True)
class Checklist:
    """What a calendar is made from."""

    session: uuid.UUID
    title: str
    open_steps: Sequence[str]
    entries: Sequence[Entry]
    changed_at: dt.datetime
    language: Language


def calendar(checklist: Checklist) -> bytes:
    """Return the calendar. It always holds a to-do with the open steps; each entry is an event with an alarm.

    UIDs are stable, so that a client that fetches the file again updates what it has. A day is an all-day event
    (`VALUE=DATE`) on that day, not a due date, which some clients read as exclusive.
    """
    words = _WORDS[checklist.language]
    left = [words["open"], *(f"- {step}" for step in checklist.open_steps)] if checklist.open_steps else [words["done"]]
    file = Calendar()
    file.add("prodid", f"-//Kaiyaku//Checklist//{checklist.language}")
    file.add("version", "2.0")
    file.add("x-wr-calname", checklist.title)
    todo = Todo()
    todo.add("uid", f"{checklist.session}@kaiyaku")
    todo.add("dtstamp", checklist.changed_at)
    todo.add("summary", checklist.title, parameters={"LANGUAGE": checklist.language})
    todo.add("description", "\n".join(left))
    todo.add("status", "NEEDS-ACTION" if checklist.open_steps else "COMPLETED")
    file.add_component(todo)
    for entry in checklist.entries:
        file.add_component(_event(checklist, entry))
    content: bytes = file.to_ical()
    return content


def _event(checklist: Checklist, entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{checklist.session}-{entry.key}@kaiyaku")
    event.add("dtstamp", checklist.changed_at)
    event.add("summary", entry.title, parameters={"LANGUAGE": checklist.language})
    event.add("description", f"{entry.text}\n{_WORDS[checklist.language]['source']}")
    event.add("dtstart", entry.begins)
    last = entry.ends or entry.begins
    if isinstance(last, dt.datetime):
        event.add("dtend", last)
    else:
        event.add("dtend", last + dt.timedelta(days=1))  # the end of an all-day event is the day after its last
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", dt.timedelta(days=-2))
    event.add_component(alarm)
    return event
