"""What can be wrong with a request for a checklist session."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import ClassVar

from app.problems.base import Problem, Words


class SessionNotFound(Problem):
    """The session has been deleted. The response needs its token."""

    slug = "session-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Session not found",
        "ja": "セッションが見つかりません",
        "zh-Hans": "未找到该会话",
    }
    detail: ClassVar[Words] = {
        "en": "This checklist session has been deleted. Start a new one with POST /v1/sessions.",
        "ja": "このチェックリストは削除されました。POST /v1/sessions で新しく始められます。",
        "zh-Hans": "该清单会话已被删除。可用 POST /v1/sessions 重新开始。",
    }


class SessionExpired(Problem):
    """The session was not changed for 180 days and will be removed."""

    slug = "session-expired"
    status = HTTPStatus.GONE
    title: ClassVar[Words] = {
        "en": "Session expired",
        "ja": "セッションの期限が切れました",
        "zh-Hans": "会话已过期",
    }
    detail: ClassVar[Words] = {
        "en": "This checklist session was not changed for 180 days. Start a new one with POST /v1/sessions.",
        "ja": "180日間変更がなかったため、このチェックリストは期限切れです。POST /v1/sessions で新しく始められます。",
        "zh-Hans": "该清单会话已180天没有更改而过期。可用 POST /v1/sessions 重新开始。",
    }


class StepNotFound(Problem):
    """The session's procedure has no step with this key; `known` lists those it has."""

    slug = "step-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Step not found",
        "ja": "その手順はありません",
        "zh-Hans": "没有该步骤",
    }
    detail: ClassVar[Words] = {
        "en": "The procedure of this session has no step {key}.",
        "ja": "このセッションの手続きに {key} という手順はありません。",
        "zh-Hans": "该会话的办理方式中没有 {key} 这一步骤。",
    }

    def __init__(self, *, key: str, known: Sequence[str]) -> None:
        """Name the key that was asked for, and those of the procedure."""
        super().__init__(key=key, members={"known": known})


class StepGated(Problem):
    """The step cannot be undone, or requires open steps (`missing`): `acknowledge` confirms it."""

    slug = "step-gated"
    status = HTTPStatus.CONFLICT
    title: ClassVar[Words] = {
        "en": "Confirm this step",
        "ja": "この手順は確認が必要です",
        "zh-Hans": "请确认该步骤",
    }
    detail: ClassVar[Words] = {
        "en": 'Look at `missing` (steps still open) and `loses` (gone for good) first. Then send it again with "acknowledge": true.',
        "ja": '`missing`（まだ終わっていない手順）と `loses`（失うもの）を確かめ、"acknowledge": true を付けてもう一度送ってください。',
        "zh-Hans": '请先查看 `missing`（尚未完成的步骤）和 `loses`（将永久失去的内容），确认后加上 "acknowledge": true 重新发送。',
    }

    def __init__(
        self, *, step: str, missing: Sequence[str], irreversible: bool, loses: Sequence[str]
    ) -> None:
        """Name the steps that are open, and the codes of what is lost for good."""
        super().__init__(
            members={
                "step": step,
                "missing": missing,
                "irreversible": irreversible,
                "loses": loses,
            }
        )


class StaleVersion(Problem):
    """The session has changed since the version in If-Match; `etag` is the present one."""

    slug = "stale-version"
    status = HTTPStatus.PRECONDITION_FAILED
    title: ClassVar[Words] = {
        "en": "Changed meanwhile",
        "ja": "ほかで変更されています",
        "zh-Hans": "期间已被更改",
    }
    detail: ClassVar[Words] = {
        "en": "The session was changed elsewhere. Read it again and repeat your change on what it is now.",
        "ja": "ほかの端末などで変更されています。読み直してから、もう一度変更してください。",
        "zh-Hans": "会话已在其他地方被更改。请重新读取后再做修改。",
    }

    def __init__(self, *, etag: str) -> None:
        """Name the entity tag of the present version."""
        super().__init__(members={"etag": etag}, headers={"ETag": etag})


class VersionExcluded(Problem):
    """The session has the version that If-None-Match excludes; `etag` is the present one."""

    slug = "version-excluded"
    status = HTTPStatus.PRECONDITION_FAILED
    title: ClassVar[Words] = {
        "en": "Excluded by If-None-Match",
        "ja": "If-None-Match の条件に当てはまります",
        "zh-Hans": "符合 If-None-Match 排除的条件",
    }
    detail: ClassVar[Words] = {
        "en": "The session exists in a version that If-None-Match excludes. Nothing was changed; send the change without this header.",
        "ja": "セッションは If-None-Match で除外された版のままです。変更は行われていません。このヘッダーなしで送ってください。",
        "zh-Hans": "会话的当前版本被 If-None-Match 排除。没有任何内容被更改，请去掉该请求头后重新发送。",
    }

    def __init__(self, *, etag: str) -> None:
        """Name the entity tag of the present version."""
        super().__init__(members={"etag": etag}, headers={"ETag": etag})


class IdempotencyKeyReused(Problem):
    """The Idempotency-Key was used within 24 hours with another body."""

    slug = "idempotency-key-reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title: ClassVar[Words] = {
        "en": "Key used for another request",
        "ja": "このキーは別のリクエストで使われています",
        "zh-Hans": "该键已用于另一请求",
    }
    detail: ClassVar[Words] = {
        "en": "This Idempotency-Key was sent with another body. Use a new key for a new session.",
        "ja": "この Idempotency-Key は別の内容で送られています。新しいセッションには新しいキーを使ってください。",
        "zh-Hans": "该 Idempotency-Key 曾与不同的内容一起发送。新会话请使用新的键。",
    }


class TokenMissing(Problem):
    """The request has no `Authorization: Bearer …` header."""

    slug = "token-missing"
    status = HTTPStatus.UNAUTHORIZED
    title: ClassVar[Words] = {
        "en": "Token missing",
        "ja": "アクセスキーがありません",
        "zh-Hans": "缺少访问凭证",
    }
    detail: ClassVar[Words] = {
        "en": "Send the session's token as `Authorization: Bearer …`. It was in the answer that created the session.",
        "ja": "セッション作成時の応答にあるアクセスキー（token）を `Authorization: Bearer …` で送ってください。",
        "zh-Hans": "请用 `Authorization: Bearer …` 发送会话的访问凭证（token），它在创建会话的响应中。",
    }

    def __init__(self) -> None:
        """Ask for a token (RFC 6750 section 3)."""
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class TokenInvalid(Problem):
    """The token is malformed, revoked, or of another session. The session is not revealed."""

    slug = "token-invalid"
    status = HTTPStatus.UNAUTHORIZED
    title: ClassVar[Words] = {
        "en": "Token not valid",
        "ja": "アクセスキーが無効です",
        "zh-Hans": "访问凭证无效",
    }
    detail: ClassVar[Words] = {
        "en": "This token does not open this address. It may be mistyped, of another session, or revoked.",
        "ja": "このアクセスキーでは開けません。入力の誤り、別のセッションのもの、または取り消されたものの可能性があります。",
        "zh-Hans": "该访问凭证无法打开此地址，可能输入有误、属于其他会话或已被撤销。",
    }

    def __init__(self) -> None:
        """Ask for another token (RFC 6750 section 3.1)."""
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class ReadOnly(Problem):
    """The token was shared for reading; this request would change the session."""

    slug = "read-only"
    status = HTTPStatus.FORBIDDEN
    title: ClassVar[Words] = {"en": "Read only", "ja": "閲覧専用です", "zh-Hans": "仅可查看"}
    detail: ClassVar[Words] = {
        "en": "This token was shared for reading. Ask the owner of the checklist to make the change.",
        "ja": "このアクセスキーは閲覧用です。変更はチェックリストの持ち主に頼んでください。",
        "zh-Hans": "该访问凭证仅供查看，如需修改请联系清单的所有者。",
    }
