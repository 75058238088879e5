"""The route class of every operation: strict requests, and transactions that begin last."""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, get_args
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from app.database import WriteSession
from app.http.cache.policy import declared_cache_policy
from app.problems.base import MOST_ERRORS, Problem
from app.problems.inputs import Inputs
from app.problems.validation import repeated, unknown

_SINGLE_HEADERS: Final = {
    b"authorization": "Authorization",
    b"content-type": "Content-Type",
    b"idempotency-key": "Idempotency-Key",
}
"""Headers that are not lists. With two values, it is unknown which one the client means."""

MANY_PARAMETERS: Final = 64
"""More than any operation has."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoQuery(BaseModel):
    """No query at all: any parameter is refused."""

    model_config = ConfigDict(extra="forbid")


class UnsupportedMediaType(Problem):
    """The body is not sent as JSON: the Content-Type header is missing or names another type."""

    slug = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Route(APIRoute):
    """An operation that refuses ambiguous requests and opens its transaction after validation."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401 - APIRoute's options
    ) -> None:
        """Take what `APIRoute` takes."""
        super().__init__(path, _begin_write_last(endpoint), **options)
        self.inputs: Final = Inputs(self.dependant)

    def get_route_handler(self) -> _Handler:
        """Return the handler of a request."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None
        policy = declared_cache_policy(self.endpoint)
        depends_on_now = policy is not None and policy.depends_on_now

        async def checked(request: Request) -> Response:
            self._refuse_ambiguous(request)
            if takes_body:
                request = _JsonRequest(request.scope, request.receive)
                await request.read()
            response = await handle(request)
            if depends_on_now and "at" not in request.query_params:
                response.headers["Cache-Control"] = "no-store"
            return response

        return checked

    def _refuse_ambiguous(self, request: Request) -> None:
        errors = self._mistakes_of_query(request.scope["query_string"])
        headers = [name for name, _ in request.scope["headers"] if name in _SINGLE_HEADERS]
        if len(set(headers)) < len(headers):
            errors += [
                repeated("header", shown)
                for name, shown in _SINGLE_HEADERS.items()
                if headers.count(name) > 1
            ]
        if errors:
            raise RequestValidationError(errors)

    def _mistakes_of_query(self, query: bytes) -> list[dict[str, Any]]:
        if b"&" not in query:
            return []
        names = Counter(
            name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        )
        errors: list[dict[str, Any]] = []
        if len(names) > MANY_PARAMETERS:
            # Pydantic would take a quarter of a second for thousands of unknown names.
            errors += [
                unknown("query", name) for name in names if name not in self.inputs.parameters
            ]
        if names.total() > len(names):
            errors += [
                repeated("query", name) for name in sorted(self.inputs.single) if names[name] > 1
            ]
        return errors


class _JsonRequest(Request):
    """A request whose body is strict JSON: UTF-8, no repeated members, no NaN or Infinity."""

    _read: Any = None

    async def json(self) -> Any:  # noqa: ANN401 - any JSON
        """Return what `read` has read."""
        return self._read

    async def read(self) -> None:
        """Read the body; an empty one is left to the validation.

        Raises:
            UnsupportedMediaType: The body is not sent as JSON.
            RequestValidationError: It is not JSON, or repeats a member.
        """
        body = await self.body()
        if not body:
            return
        if not _is_json(self.headers.get("content-type", "")):
            accepted = "Accept-Patch" if self.method == "PATCH" else "Accept-Post"
            raise UnsupportedMediaType(headers={accepted: "application/json"})
        ambiguous: list[tuple[object, str]] = []

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            value = dict(pairs)
            if len(value) < len(pairs):
                (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
                ambiguous.append((value, name))
            return value

        try:
            self._read = json.loads(
                body, object_pairs_hook=to_dict, parse_constant=_refuse_constant
            )
        except ValueError as error:
            raise RequestValidationError([_not_json(error)]) from None
        except RecursionError:
            raise RequestValidationError([_mistake("json_depth")]) from None
        if ambiguous:
            first = ambiguous[:MOST_ERRORS]  # finding one takes a walk through the body
            raise RequestValidationError(
                [repeated("body", *_path_of(holder, self._read), name) for holder, name in first]
            )


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _not_json(error: ValueError) -> dict[str, Any]:
    match error:
        case json.JSONDecodeError():
            return _mistake("json_invalid", line=error.lineno, column=error.colno)
        case UnicodeDecodeError():
            return _mistake("json_encoding")
        case _:
            return _mistake("json_number")


def _mistake(kind: str, **context: int) -> dict[str, Any]:
    return {"type": kind, "loc": ("body",), "msg": "not JSON", "input": None, "ctx": context}


def _path_of(member: object, root: object) -> tuple[str | int, ...]:
    """Return the path to an object in a JSON value; empty if a repeated member replaced it.

    Without recursion: a body can be nested more deeply than Python can call.
    """
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(root, ())]
    while waiting:
        value, path = waiting.pop()
        if value is member:
            return path
        if isinstance(value, dict):
            waiting += [(below, (*path, key)) for key, below in value.items()]
        elif isinstance(value, list):
            waiting += [(below, (*path, index)) for index, below in enumerate(value)]
    return ()


def _is_json(content_type: str) -> bool:
    kind, _, subtype = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


_OPEN_WRITE_SESSION: Final = next(
    annotation.dependency
    for annotation in get_args(WriteSession)
    if isinstance(annotation, Depends)
)
"""The dependency of `WriteSession`, taken from its type."""

_REQUEST: Final = "_request_of_the_session"
"""The parameter that an endpoint gets when it does not take the request itself."""


def _begin_write_last(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return the endpoint with its write session opened last.

    FastAPI opens the dependencies of an operation before it validates the query and the body. On
    SQLite, which has one writer, a request with a bad query would block the writers behind it.
    Reasons: docs/decisions/0014-a-write-begins-last.md.
    """
    signature = inspect.signature(endpoint)
    name = next(
        (
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.annotation == WriteSession
        ),
        None,
    )
    if name is None:
        return endpoint
    others = [parameter for parameter in signature.parameters.values() if parameter.name != name]
    request_name = next(
        (parameter.name for parameter in others if parameter.annotation is Request), None
    )
    assert _OPEN_WRITE_SESSION is not None  # `WriteSession` has a function
    open_session = asynccontextmanager(_OPEN_WRITE_SESSION)

    async def write(**values: Any) -> Any:  # noqa: ANN401 - whatever the endpoint takes and returns
        request = values[request_name] if request_name else values.pop(_REQUEST)
        async with open_session(request) as session:
            return await run_in_threadpool(endpoint, **values, **{name: session})

    if request_name is None:
        others.append(
            inspect.Parameter(_REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
        )
    # FastAPI reads the parameters with `inspect.signature`, which prefers this attribute.
    write.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    write.__name__, write.__doc__, write.__module__ = (
        endpoint.__name__,
        endpoint.__doc__,
        endpoint.__module__,
    )
    write.__dict__.update(endpoint.__dict__)  # the policies that it declares
    return write
