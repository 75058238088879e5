"""A session as an iCalendar file (RFC 5545): what is left to do, and the dates that are known."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icalendar import Calendar, Todo

from app.i18n import Language
from app.timeline.events import Timeline
from app.timeline.ical import entries
from app.timeline.presenter import TimelinePresenter

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "open": "Still to do:",
        "done": "Everything is done.",
        "missing": "Tell these to learn more dates:",
    },
    "ja": {
        "open": "残りの手順：",
        "done": "すべて終わりました。",
        "missing": "次の情報があれば、さらに日付がわかります：",
    },
    "zh-Hans": {
        "open": "尚未完成：",
        "done": "已全部完成。",
        "missing": "提供以下信息后可得知更多日期：",
    },
}


@dataclass(frozen=True)
class Checklist:
    """What a calendar is made from."""

    session: uuid.UUID
    title: str
    open_steps: Sequence[str]
    timeline: Timeline
    changed_at: dt.datetime


def calendar(checklist: Checklist, presenter: TimelinePresenter) -> bytes:
    """Return the calendar: a to-do with the open steps, and an event per date to come.

    UIDs are stable, so that a client that fetches the file again updates what it has.
    """
    file = Calendar()
    file.add("prodid", f"-//Kaiyaku//Checklist//{presenter.language}")
    file.add("version", "2.0")
    file.add("x-wr-calname", checklist.title)
    file.add_component(_todo(checklist, presenter))
    if checklist.open_steps:
        for entry in entries(
            str(checklist.session),
            checklist.title,
            checklist.timeline.events,
            presenter,
            checklist.changed_at,
        ):
            file.add_component(entry)
    content: bytes = file.to_ical()
    return content


def _todo(checklist: Checklist, presenter: TimelinePresenter) -> Todo:
    words = _WORDS[presenter.language]
    left = (
        [words["open"], *(f"- {step}" for step in checklist.open_steps)]
        if checklist.open_steps
        else [words["done"]]
    )
    if checklist.open_steps and checklist.timeline.needs:
        left += [
            words["missing"],
            *(
                f"- {presenter.name(fact, presenter.vocabulary.facts)}"
                for fact in checklist.timeline.needs
            ),
        ]
    todo = Todo()
    todo.add("uid", f"{checklist.session}@kaiyaku")
    todo.add("dtstamp", checklist.changed_at)
    todo.add("summary", checklist.title, parameters={"LANGUAGE": presenter.language})
    todo.add("description", "\n".join(left))
    todo.add("status", "NEEDS-ACTION" if checklist.open_steps else "COMPLETED")
    return todo
