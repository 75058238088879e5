"""What can be wrong with a request about calendar feeds."""

from http import HTTPStatus
from typing import ClassVar

from app.problems.base import Problem, Words


class FeedNotFound(Problem):
    """No feed has this address: it is mistyped, was revoked, or its checklist is gone."""

    slug = "feed-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Calendar feed not found",
        "ja": "このカレンダーは見つかりません",
        "zh-Hans": "未找到该日历订阅",
    }
    detail: ClassVar[Words] = {
        "en": "The address is incomplete, or the feed was revoked, or its checklist was deleted.",
        "ja": "アドレスが途中で切れているか、購読が取り消されたか、チェックリストが削除されています。",
        "zh-Hans": "地址不完整，或订阅已被撤销，或清单已被删除。",
    }


class TooManyFeeds(Problem):
    """The session has as many feeds as one can have."""

    slug = "too-many-feeds"
    status = HTTPStatus.CONFLICT
    title: ClassVar[Words] = {
        "en": "Too many calendar feeds",
        "ja": "カレンダーの購読が多すぎます",
        "zh-Hans": "日历订阅过多",
    }
    detail: ClassVar[Words] = {
        "en": "A checklist has at most {most} calendar feeds. Revoke one of them first.",
        "ja": "1つのチェックリストで購読できるカレンダーは{most}件までです。先に1件を取り消してください。",
        "zh-Hans": "一个清单最多有{most}个日历订阅，请先撤销其中一个。",
    }
