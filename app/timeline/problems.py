"""What can be wrong with a request for dates."""

from http import HTTPStatus
from typing import ClassVar

from app.problems.base import Problem, Words


class NoDates(Problem):
    """A calendar file needs a date, and none is known: iCalendar files have at least one event."""

    slug = "no-dates"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "No dates",
        "ja": "日付がありません",
        "zh-Hans": "没有日期",
    }
    detail: ClassVar[Words] = {
        "en": "No date to come is known. The timeline names the facts that can change that.",
        "ja": "今後の日付はわかっていません。どの情報があればわかるかは timeline にあります。",
        "zh-Hans": "没有已知的未来日期。timeline 会说明提供哪些信息后可以得知。",
    }
