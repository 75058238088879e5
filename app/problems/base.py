"""Problem documents (RFC 9457): one class per kind of problem.

The title, detail, cause and fix of a kind are messages with the keys `problem.<slug>.title` and so
on. The docstring of a kind is its description in the contract.
"""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.i18n import DEFAULT_LANGUAGE, Language, content_language
from app.links import problem_url
from app.messages.loader import problem_text

MEDIA_TYPE: Final = "application/problem+json"

MOST_ERRORS: Final = 20
"""Mistakes that a problem document lists; a request can have thousands."""

_LONGEST_SHOWN: Final = 64
"""Characters of a name or a value of the request that a response repeats."""


def cut(text: str) -> str:
    """Return text of a client for a response, shortened to 64 characters."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


class ProblemError(BaseModel):
    """One mistake in a request."""

    parameter: str | None = Field(
        default=None, description="The query, path or header parameter that is wrong."
    )
    pointer: str | None = Field(
        default=None,
        description="The wrong place in the JSON body, as a JSON Pointer (RFC 6901). An empty "
        "string is the whole body.",
    )
    code: str = Field(
        description="The kind of mistake, for programs: unknown, missing, not_allowed, too_long, …"
    )
    detail: str = Field(description="What is wrong and how to fix it, for people.")
    allowed: list[str] | None = Field(
        default=None, description="The allowed values or names, if they are limited."
    )


class ProblemOut(BaseModel):
    """A problem document (RFC 9457). Some kinds add members; their descriptions list them."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Stable URL of the kind of problem; it serves an explanation.",
        examples=["/problems/carrier-not-found"],
    )
    title: str = Field(description="The kind of problem, in the chosen language.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(
        description="The kind of problem, for programs.", examples=["carrier-not-found"]
    )
    detail: str = Field(description="What happened and, where possible, the fix.")
    errors: list[ProblemError] = Field(
        default=[], description="For invalid requests: the mistakes, at most 20."
    )


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """A failure that is reported to the client as a problem document: one subclass per kind."""

    slug: ClassVar[str]
    status: ClassVar[HTTPStatus]

    def __init__(
        self,
        *,
        errors: Sequence[ProblemError] = (),
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        """Create a problem.

        `values` fill the placeholders of the kind's `detail`. `members` are added to the document,
        without those that are None. `headers` are added to the response.
        """
        super().__init__(self.slug)
        self.errors: Final = errors
        self.members: Final = members or {}
        self.headers: Final = headers or {}
        self.values: Final = values

    def document(self, language: Language) -> dict[str, Any]:
        """Return the problem document in the language."""
        core = ProblemOut(
            type=problem_url(self.slug),
            title=problem_text(self.slug, "title")[language],
            status=self.status,
            code=self.slug,
            detail=problem_text(self.slug, "detail")[language].format(**self.values),
            errors=list(self.errors),
        )
        document = core.model_dump(exclude_none=True)
        if not self.errors:
            del document["errors"]
        return document | {name: value for name, value in self.members.items() if value is not None}


class InvalidRequest(Problem):
    """The request does not match its documentation.

    `errors` lists the first mistakes, at most 20; `errors_total` is their total number.
    """

    slug = "invalid-request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, *, errors: Sequence[ProblemError], errors_total: int | None = None) -> None:
        """Create a problem with the first 20 errors; `errors_total` is by default their number."""
        total = len(errors) if errors_total is None else errors_total
        super().__init__(errors=errors[:MOST_ERRORS], members={"errors_total": total})


class NotFound(Problem):
    """No resource has this URL."""

    slug = "not-found"
    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(Problem):
    """The URL exists but does not support this method; `Allow` lists the methods it supports."""

    slug = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class RequestRefused(Problem):
    """The server refused the request before a route of the API handled it."""

    slug = "request-refused"
    status = HTTPStatus.BAD_REQUEST


class BodyTooLarge(Problem):
    """The body is larger than the service accepts."""

    slug = "body-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class HeadersTooLarge(Problem):
    """The headers of the request are larger than the service accepts."""

    slug = "headers-too-large"
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class TooManyRequests(Problem):
    """This client has sent too many requests within a minute.

    `Retry-After` and `RateLimit` state when to send the next one.
    """

    slug = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS


class InternalError(Problem):
    """The service has a bug, which was logged. Check whether the request has changed anything."""

    slug = "internal-error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self) -> None:
        """Create a problem whose response announces that the connection closes.

        A connection stays with one worker; a new one may reach a worker that still works. A client
        that knows of the close does not send its next request on the closed connection.
        """
        super().__init__(headers={"Connection": "close"})


class Unavailable(Problem):
    """The database cannot be used now; nothing was changed.

    `Retry-After` states when to try again.
    """

    slug = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class OutcomeUnknown(Problem):
    """The database failed while saving; the change may or may not be saved.

    If the response has `Retry-After`, repeat the request unchanged. Otherwise read the resource
    before you repeat the request.
    """

    slug = "outcome-unknown"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def problem_response(problem: Problem, language: Language) -> Response:
    """Return the response with the problem document in the language."""
    return JSONResponse(
        problem.document(language),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": content_language(language),
            "Cache-Control": "no-store",
            **problem.headers,
        },
    )


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI `responses` of an operation that can fail with these problems."""
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
        description = inspect.cleandoc(problem.__doc__ or "")
        entry["description"] = f"{entry['description']}\n\n{description}".strip()
        entry["content"][MEDIA_TYPE]["examples"][problem.slug] = {"value": _example(problem)}
    return responses


def json_example(
    example: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI `responses` of an operation with an example of its JSON."""
    return {int(status): {"content": {"application/json": {"example": example}}}}


def _example(problem: type[Problem]) -> dict[str, Any]:
    detail = problem_text(problem.slug, "detail")[DEFAULT_LANGUAGE]
    return {
        "type": f"/problems/{problem.slug}",
        "title": problem_text(problem.slug, "title")[DEFAULT_LANGUAGE],
        "status": int(problem.status),
        "code": problem.slug,
        "detail": re.sub(r"\{\w+\}", "…", detail),
    }


def problem_types() -> Iterable[type[Problem]]:
    """Return every kind of problem of the service, sorted by slug."""
    return sorted(_subclasses(Problem), key=lambda problem: problem.slug)


def _subclasses(problem: type[Problem]) -> Iterable[type[Problem]]:
    for subclass in problem.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
