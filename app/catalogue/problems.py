"""What can be wrong with a request for a part of the catalogue."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

from app.links import carrier_url, procedure_url
from app.problems.base import Problem, Words


class NothingPublished(Problem):
    """No edition of the catalogue has been published yet."""

    slug = "nothing-published"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title: ClassVar[Words] = {
        "en": "Nothing published yet",
        "ja": "まだ公開されていません",
        "zh-Hans": "尚未发布",
    }
    detail: ClassVar[Words] = {
        "en": "The catalogue has no edition yet. The operator publishes one with `kaiyaku publish`.",
        "ja": "カタログがまだ公開されていません。運営者が `kaiyaku publish` で公開します。",
        "zh-Hans": "目录尚未发布。请由运营者执行 `kaiyaku publish`。",
    }

    def __init__(self, *, members: Mapping[str, str] | None = None, retry_after: int = 60) -> None:
        """Ask the client to try again after so many seconds."""
        super().__init__(members=members, headers={"Retry-After": str(retry_after)})


class CarrierNotFound(Problem):
    """No carrier has this id; `closest` is the nearest id, when one is near."""

    slug = "carrier-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Carrier not found",
        "ja": "その会社は見つかりません",
        "zh-Hans": "未找到该运营商",
    }
    detail: ClassVar[Words] = {
        "en": "No carrier has the id {carrier}. Search by name with GET /v1/carriers?q=…",
        "ja": "{carrier} という id の会社はありません。GET /v1/carriers?q=… で名前から探せます。",
        "zh-Hans": "没有 id 为 {carrier} 的运营商。可用 GET /v1/carriers?q=… 按名称查找。",
    }

    def __init__(self, *, carrier: str, closest: str | None) -> None:
        """Name the id that was asked for, and the nearest one."""
        super().__init__(carrier=carrier, members={"carrier": carrier, "closest": closest})


class ProcedureNotFound(Problem):
    """The carrier has no procedure with this id; `closest` is the nearest id, when one is near."""

    slug = "procedure-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Procedure not found",
        "ja": "その手続きは見つかりません",
        "zh-Hans": "未找到该办理方式",
    }
    detail: ClassVar[Words] = {
        "en": "{carrier} has no procedure with the id {procedure}. GET /v1/carriers/{carrier} lists those it has.",
        "ja": "{carrier} に {procedure} という id の手続きはありません。一覧は GET /v1/carriers/{carrier} にあります。",
        "zh-Hans": "{carrier} 没有 id 为 {procedure} 的办理方式。可用 GET /v1/carriers/{carrier} 查看列表。",
    }

    def __init__(self, *, carrier: str, procedure: str, closest: str | None) -> None:
        """Name the id that was asked for, and the nearest one of the carrier."""
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            members={"carrier": carrier, "procedure": procedure, "closest": closest},
        )


class RevisionNotFound(Problem):
    """The procedure has no revision with this number; `newest` is the highest it has."""

    slug = "revision-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Revision not found",
        "ja": "その版は見つかりません",
        "zh-Hans": "未找到该修订版",
    }
    detail: ClassVar[Words] = {
        "en": "{carrier}/{procedure} has no revision {number}; the newest is {newest}.",
        "ja": "{carrier}/{procedure} に第 {number} 版はありません。最新は第 {newest} 版です。",
        "zh-Hans": "{carrier}/{procedure} 没有第 {number} 版；最新为第 {newest} 版。",
    }

    def __init__(self, *, carrier: str, procedure: str, revision: int, newest: int) -> None:
        """Name the revision that was asked for, and the newest one."""
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            number=revision,
            newest=newest,
            members={
                "carrier": carrier,
                "procedure": procedure,
                "revision": revision,
                "newest": newest,
            },
        )


class CarrierRetired(Problem):
    """The carrier has left the catalogue; `successor` is what took its place, if anything did."""

    slug = "carrier-retired"
    status = HTTPStatus.GONE
    title: ClassVar[Words] = {
        "en": "Carrier retired",
        "ja": "この会社の掲載は終わりました",
        "zh-Hans": "该运营商已下架",
    }
    detail: ClassVar[Words] = {
        "en": "{carrier} left the catalogue with edition {edition}.",
        "ja": "{carrier} は第 {edition} 版のカタログから外れました。",
        "zh-Hans": "{carrier} 自第 {edition} 版目录起已移除。",
    }

    def __init__(self, *, carrier: str, edition: int, successor: str | None) -> None:
        """Name the edition, and the address of the carrier with the successor's id."""
        address = carrier_url(successor) if successor else None
        super().__init__(
            carrier=carrier, edition=edition, members={"carrier": carrier, "successor": address}
        )


class ProcedureRetired(Problem):
    """The procedure has left the catalogue for `successor`, if any. Its revisions stay readable."""

    slug = "procedure-retired"
    status = HTTPStatus.GONE
    title: ClassVar[Words] = {
        "en": "Procedure retired",
        "ja": "この手続きの掲載は終わりました",
        "zh-Hans": "该办理方式已下架",
    }
    detail: ClassVar[Words] = {
        "en": "{carrier}/{procedure} left the catalogue with edition {edition}. Its last state is in its revisions.",
        "ja": "{carrier}/{procedure} は第 {edition} 版のカタログから外れました。最後の内容は revisions にあります。",
        "zh-Hans": "{carrier}/{procedure} 自第 {edition} 版目录起已移除。最后的内容见 revisions。",
    }

    def __init__(
        self, *, carrier: str, procedure: str, edition: int, successor: str | None
    ) -> None:
        """Name the edition, and the address of the successor, given as `carrier/procedure`."""
        address = procedure_url(*successor.split("/")) if successor else None
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            edition=edition,
            members={"carrier": carrier, "procedure": procedure, "successor": address},
        )
