"""Problem documents (RFC 9457): what clients get when a request cannot be answered, in their language."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.database.errors import OutcomeUnknownError, diagnosis, is_unavailable
from app.i18n import Language, language_of
from app.links import link, problem_url

MEDIA_TYPE: Final = "application/problem+json"

Words = Mapping[Language, str]

MOST_ERRORS: Final = 20
"""Mistakes that a problem document lists; there can be thousands in a request."""

_LONGEST_SHOWN: Final = 64
"""Characters of a name or a value of the request that an answer repeats."""

_log = structlog.get_logger(__name__)


def cut(text: str) -> str:
    """Return what a client has sent as an answer may repeat it: the beginning of a long text."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


class ProblemError(BaseModel):
    """One mistake in a request."""

    parameter: str | None = Field(
        default=None, description="The query, path or header parameter it is in."
    )
    pointer: str | None = Field(
        default=None,
        description="The place in the JSON body (RFC 6901); an empty text is the whole body.",
    )
    code: str = Field(
        description="What is wrong, for programs: unknown, missing, not_allowed, too_long, …"
    )
    detail: str = Field(description="What is wrong and how to fix it, for people.")
    allowed: list[str] | None = Field(
        default=None, description="The values or names that are allowed."
    )


class ProblemOut(BaseModel):
    """A problem document (RFC 9457). Some problems add members of their own, named in their description."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Stable address of the kind of problem.",
        examples=["/problems/carrier-not-found"],
    )
    title: str = Field(description="The kind of problem, in the chosen language.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(
        description="The kind of problem, for programs.", examples=["carrier-not-found"]
    )
    detail: str = Field(description="What happened and, where possible, the fix.")
    errors: list[ProblemError] = Field(
        default=[], description="With bad input: its mistakes, at most 20."
    )


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Something a client can act on. One subclass per kind; `detail` is filled with the given values."""

    slug: ClassVar[str]
    status: ClassVar[HTTPStatus]
    title: ClassVar[Words]
    detail: ClassVar[Words]

    def __init__(
        self,
        *,
        errors: Sequence[ProblemError] = (),
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        """Keep what the document will say."""
        super().__init__(self.slug)
        self.errors: Final = errors
        self.members: Final = members or {}
        self.headers: Final = headers or {}
        self.values: Final = values

    def document(self, language: Language) -> dict[str, Any]:
        """Return the problem document in the language."""
        core = ProblemOut(
            type=problem_url(self.slug),
            title=self.title[language],
            status=self.status,
            code=self.slug,
            detail=self.detail[language].format(**self.values),
            errors=list(self.errors),
        )
        document = core.model_dump(exclude_none=True)
        if not self.errors:
            del document["errors"]
        return document | {name: value for name, value in self.members.items() if value is not None}


class InvalidRequest(Problem):
    """The request does not fit its documented form; `errors` lists its mistakes, at most 20 of `errors_total`."""

    slug = "invalid-request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title: ClassVar[Words] = {
        "en": "Invalid request",
        "ja": "リクエストの形式が正しくありません",
        "zh-Hans": "请求不符合格式",
    }
    detail: ClassVar[Words] = {
        "en": "Fix what `errors` lists, and send the request again.",
        "ja": "errors に挙げた箇所を直して、もう一度送ってください。",
        "zh-Hans": "请按 errors 中列出的问题修改后重新发送。",
    }

    def __init__(self, *, errors: Sequence[ProblemError], errors_total: int | None = None) -> None:
        """Keep the mistakes; give their number where not all of them are in `errors`."""
        total = len(errors) if errors_total is None else errors_total
        super().__init__(errors=errors[:MOST_ERRORS], members={"errors_total": total})


class NotFound(Problem):
    """Nothing has this address."""

    slug = "not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {"en": "Not found", "ja": "見つかりません", "zh-Hans": "未找到"}
    detail: ClassVar[Words] = {
        "en": "Nothing has this address. GET /v1 lists what there is.",
        "ja": "このアドレスには何もありません。GET /v1 に一覧があります。",
        "zh-Hans": "该地址没有内容。可通过 GET /v1 查看所有入口。",
    }


class MethodNotAllowed(Problem):
    """The address exists but does not take this method; `Allow` names those it takes."""

    slug = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title: ClassVar[Words] = {
        "en": "Method not allowed",
        "ja": "このメソッドは使えません",
        "zh-Hans": "不支持该方法",
    }
    detail: ClassVar[Words] = {
        "en": "This address takes {allow}.",
        "ja": "このアドレスで使えるメソッドは {allow} です。",
        "zh-Hans": "该地址支持的方法：{allow}。",
    }


class RequestRefused(Problem):
    """The server refused the request before reading it as one of the API."""

    slug = "request-refused"
    status = HTTPStatus.BAD_REQUEST
    title: ClassVar[Words] = {
        "en": "Request refused",
        "ja": "リクエストを受け付けられません",
        "zh-Hans": "请求被拒绝",
    }
    detail: ClassVar[Words] = {
        "en": "The request could not be read.",
        "ja": "リクエストを読み取れませんでした。",
        "zh-Hans": "无法读取该请求。",
    }


class BodyTooLarge(Problem):
    """The body is larger than any the service takes."""

    slug = "body-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title: ClassVar[Words] = {
        "en": "Body too large",
        "ja": "本文が大きすぎます",
        "zh-Hans": "请求正文过大",
    }
    detail: ClassVar[Words] = {
        "en": "A body may have {limit} bytes at most.",
        "ja": "本文は {limit} バイトまでです。",
        "zh-Hans": "请求正文最多 {limit} 字节。",
    }


class HeadersTooLarge(Problem):
    """The headers of the request are larger than any the service takes."""

    slug = "headers-too-large"
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    title: ClassVar[Words] = {
        "en": "Headers too large",
        "ja": "ヘッダーが大きすぎます",
        "zh-Hans": "请求头过大",
    }
    detail: ClassVar[Words] = {
        "en": "The headers may have {limit} bytes at most, names included.",
        "ja": "ヘッダーは名前も含めて {limit} バイトまでです。",
        "zh-Hans": "请求头（含名称）最多 {limit} 字节。",
    }


class TooManyRequests(Problem):
    """This client has asked too often within a minute; `Retry-After` and `RateLimit` say when there is more."""

    slug = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title: ClassVar[Words] = {
        "en": "Too many requests",
        "ja": "リクエストが多すぎます",
        "zh-Hans": "请求过于频繁",
    }
    detail: ClassVar[Words] = {
        "en": "You have sent more requests within a minute than are answered. Nothing was changed; try again in {seconds} seconds.",
        "ja": "1分間に受け付けられる回数を超えました。変更は行われていません。{seconds} 秒後にもう一度お試しください。",
        "zh-Hans": "一分钟内的请求次数超过上限。没有任何内容被更改，请在 {seconds} 秒后重试。",
    }


class InternalError(Problem):
    """The service has a fault; it has been logged. Read again what the request was to change."""

    slug = "internal-error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title: ClassVar[Words] = {
        "en": "Internal error",
        "ja": "サーバー内部のエラー",
        "zh-Hans": "服务器内部错误",
    }
    detail: ClassVar[Words] = {
        "en": "The fault is on our side and has been logged. Try again later. If you were changing something, read it again first.",
        "ja": "こちら側の不具合で、記録しました。しばらくしてからもう一度お試しください。"
        "変更の途中だった場合は、まず最新の状態を読み直してください。",
        "zh-Hans": "这是我们这边的故障，已记录。请稍后再试；如果正在修改内容，请先重新读取。",
    }

    def __init__(self) -> None:
        """Close the connection after the answer, and say so.

        A connection stays with one worker. A new one may reach a worker without the fault, and a
        client that knows of the end does not send its next request into a closed connection.
        """
        super().__init__(headers={"Connection": "close"})


class Unavailable(Problem):
    """The database cannot be used now; nothing was changed. `Retry-After` says when to try again."""

    slug = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title: ClassVar[Words] = {
        "en": "Temporarily unavailable",
        "ja": "一時的に利用できません",
        "zh-Hans": "暂时不可用",
    }
    detail: ClassVar[Words] = {
        "en": "The service cannot use its database. Nothing was changed; try again in a few seconds.",
        "ja": "データベースを利用できません。変更は行われていません。数秒後にもう一度お試しください。",
        "zh-Hans": "服务暂时无法使用数据库。没有任何内容被更改，请几秒后重试。",
    }


class OutcomeUnknown(Problem):
    """The database failed while it was saving: the change may be saved or not.

    Read again before you repeat. A request with `Retry-After` can be repeated as it is.
    """

    slug = "outcome-unknown"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title: ClassVar[Words] = {
        "en": "Outcome unknown",
        "ja": "保存できたか確認できません",
        "zh-Hans": "无法确认是否已保存",
    }
    detail: ClassVar[Words] = {
        "en": "The database failed while saving, so the change may or may not be saved. Read it again to see. "
        "A POST with an Idempotency-Key can be sent again with the same key.",
        "ja": "保存中にデータベースの障害が起きたため、変更が保存されたかどうか分かりません。"
        "読み直して確かめてください。Idempotency-Key を付けた POST は、同じキーでもう一度送れます。",
        "zh-Hans": "保存时数据库发生故障，无法确定更改是否已保存。请重新读取进行确认。"
        "带有 Idempotency-Key 的 POST 可以用同一个键重新发送。",
    }


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation that can fail with these problems, with an example of each."""
    responses: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        entry = responses.setdefault(
            int(problem.status),
            {
                "description": "",
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemOut"},
                        "examples": {},
                    }
                },
            },
        )
        entry["description"] = f"{entry['description']}\n\n{problem.__doc__}".strip()
        entry["content"][MEDIA_TYPE]["examples"][problem.slug] = {"value": _example(problem)}
    return responses


def json_example(
    example: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation that answers with JSON like the example."""
    return {int(status): {"content": {"application/json": {"example": example}}}}


def _example(problem: type[Problem]) -> dict[str, Any]:
    return {
        "type": f"/problems/{problem.slug}",
        "title": problem.title["en"],
        "status": int(problem.status),
        "code": problem.slug,
        "detail": re.sub(r"\{\w+\}", "…", problem.detail["en"]),
    }


def problem_types() -> Iterable[type[Problem]]:
    """Return every kind of problem that the service knows, by slug."""
    return sorted(_subclasses(Problem), key=lambda problem: problem.slug)


def _subclasses(problem: type[Problem]) -> Iterable[type[Problem]]:
    for subclass in problem.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def install(app: FastAPI) -> None:
    """Answer every failure of the application with a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database_failed)
    app.add_exception_handler(OutcomeUnknownError, outcome_unknown)
    app.add_exception_handler(Exception, _fault)


def problem_response(problem: Problem, language: Language) -> Response:
    """Return the response that carries the problem."""
    return JSONResponse(
        problem.document(language),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Cache-Control": "no-store", **problem.headers},
    )


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # registered for this class only
    return problem_response(problem, language_of(request))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for this class only
    headers = error.headers or {}
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return _without_last_slash(request) or _problem(request, NotFound())
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allow = ", ".join(_allowed(request, headers.get("Allow", "")))
            return _problem(request, MethodNotAllowed(allow=allow, headers={"Allow": allow}))
        case _:
            return _problem(request, RequestRefused(headers=headers))


def _without_last_slash(request: Request) -> Response | None:
    """Send a client that wrote a slash at the end to the address without it; None where there is none to take off."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    bare = path.strip("/")  # also at the front: `//example.org` would be an address on another host
    if not bare or not path.endswith("/"):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(link(f"/{quote(bare)}{query}"), HTTPStatus.PERMANENT_REDIRECT)


def _allowed(request: Request, of_route: str) -> list[str]:
    """Return the methods of an address: a route knows only its own, several can share a path, and HEAD goes wherever GET does."""
    path = getattr(request.scope.get("route"), "path", None)
    methods = {method.upper() for method in request.app.openapi()["paths"].get(path, {})} | set(
        of_route.split(", ")
    )
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


_SECONDS_TO_RETRY: Final = "5"
_REPEATABLE: Final = frozenset({"PUT", "PATCH", "DELETE"})
"""Methods whose requests can be repeated: they set a state, or name the version in If-Match."""


def _database_failed(request: Request, error: Exception) -> Response:
    if not is_unavailable(error):
        raise error  # a fault of the code: answered and logged as any other
    _failures.report("database unavailable", error)
    return _problem(request, Unavailable(headers={"Retry-After": _SECONDS_TO_RETRY}))


def outcome_unknown(request: Request, error: Exception) -> Response:
    """Return the answer to a request whose commit failed; `Retry-After` only if a repeat is safe."""
    _failures.report("commit failed", error)
    repeatable = request.method in _REPEATABLE or "idempotency-key" in request.headers
    headers = {"Retry-After": _SECONDS_TO_RETRY} if repeatable else {}
    return _problem(request, OutcomeUnknown(headers=headers))


class _Failures:
    """Logs a failure of the database once a minute and kind, not once a request."""

    def __init__(self) -> None:
        self._logged: Final[dict[tuple[str, str], float]] = {}
        self._more: Final[Counter[tuple[str, str]]] = Counter()

    def report(self, event: str, error: Exception) -> None:
        kind, advice = diagnosis(error)
        now, key = time.monotonic(), (event, kind)
        if now - self._logged.get(key, -_SECONDS_BETWEEN_LINES) < _SECONDS_BETWEEN_LINES:
            self._more[key] += 1
            return
        self._logged[key] = now
        _log.error(event, error=kind, advice=advice, more_since_last_line=self._more.pop(key, 0))


_SECONDS_BETWEEN_LINES: Final = 60.0
_failures: Final = _Failures()


def _fault(request: Request, _error: Exception) -> Response:
    return _problem(
        request, InternalError()
    )  # Starlette raises the error again, and the server logs it
