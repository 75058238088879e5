"""The route class of every operation: checks before a request is read, and a transaction after."""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
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
"""Headers that are no lists: of two values, it is unknown which one was meant."""

MANY_PARAMETERS: Final = 64
"""More than any operation has."""

_MOST_VALUES: Final = 4
"""Of a parameter that is given more than once."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoQuery(BaseModel):
    """No query at all: any parameter is refused."""

    model_config = ConfigDict(extra="forbid")


class UnsupportedMediaType(Problem):
    """The body is not sent as JSON: the Content-Type header is missing or names another type."""

    slug = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Route(APIRoute):
    """An operation: refuses ambiguous requests, and writes only after the request was validated."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401 - APIRoute's options
    ) -> None:
        """Take what `APIRoute` takes."""
        super().__init__(path, _writing_last(endpoint), **options)
        self.inputs: Final = Inputs(self.dependant)

    def get_route_handler(self) -> _Handler:
        """Return what answers a request."""
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
        # A percent-encoded query is ASCII; what is not is decoded as Starlette does.
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        names = Counter(name for name, _ in pairs)
        errors: list[dict[str, Any]] = []
        if len(names) > MANY_PARAMETERS:
            # Pydantic would take a quarter of a second for thousands of unknown names.
            errors += [
                unknown("query", name) for name in names if name not in self.inputs.parameters
            ]
        if names.total() > len(names):
            errors += [
                repeated("query", name, values=_different(pairs, name))
                for name in sorted(self.inputs.single)
                if names[name] > 1
            ]
        return errors


def _different(pairs: Sequence[tuple[str, str]], name: str) -> list[str]:
    """Return the first different values of a parameter: statements that exclude each other."""
    values = dict.fromkeys(value for given, value in pairs if given == name)
    return list(values)[:_MOST_VALUES]


class _JsonRequest(Request):
    """A request whose body is strict JSON: in UTF-8, no member twice, numbers that JSON has."""

    _read: Any = None

    async def json(self) -> Any:  # noqa: ANN401 - any JSON
        """Return what `read` has read."""
        return self._read

    async def read(self) -> None:
        """Read the body, or raise what is wrong with it; an empty one is left to the validation."""
        body = await self.body()
        if not body:
            return
        if not _is_json(self.headers.get("content-type", "")):
            accepted = "Accept-Patch" if self.method == "PATCH" else "Accept-Post"
            raise UnsupportedMediaType(headers={accepted: "application/json"})
        ambiguous: list[tuple[object, str]] = []

        def to_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            members = dict(pairs)
            if len(members) < len(pairs):
                (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
                ambiguous.append((members, name))
            return members

        try:
            self._read = json.loads(
                body, object_pairs_hook=to_dict, parse_constant=_refuse_constant
            )
        except ValueError as error:
            raise RequestValidationError([_not_json(error)]) from None
        except RecursionError:
            raise RequestValidationError([_mistake("json_depth")]) from None
        if ambiguous:
            first = ambiguous[:MOST_ERRORS]  # each costs a walk through the body
            raise RequestValidationError(
                [repeated("body", *_path(self._read, holder), name) for holder, name in first]
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


def _path(root: object, target: object) -> tuple[str | int, ...]:
    """Return the path to an object in a JSON value; the root if it is not there any more.

    Without recursion: a body can be nested more deeply than Python can call.
    """
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(root, ())]
    while waiting:
        value, path = waiting.pop()
        if value is target:
            return path
        if isinstance(value, dict):
            waiting += [(below, (*path, key)) for key, below in value.items()]
        elif isinstance(value, list):
            waiting += [(below, (*path, index)) for index, below in enumerate(value)]
    return ()


def _is_json(content_type: str) -> bool:
    kind, _, subtype = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


# How `WriteSession` is made; the type of a parameter names it.
_WRITING: Final = next(
    each.dependency for each in get_args(WriteSession) if isinstance(each, Depends)
)


def _writing_last(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return the endpoint with its write session opened last.

    FastAPI opens the dependencies of an operation before it validates the query and the body. On
    SQLite, which has one writer, a request with a bad query would hold the writer's turn
    (docs/decisions/0014).
    """
    signature = inspect.signature(endpoint)
    name = next(
        (
            each
            for each, parameter in signature.parameters.items()
            if parameter.annotation == WriteSession
        ),
        None,
    )
    if name is None:
        return endpoint
    parameters = [parameter for each, parameter in signature.parameters.items() if each != name]
    request = next((each.name for each in parameters if each.annotation is Request), None)
    assert _WRITING is not None  # `WriteSession` is made by a function
    begin = asynccontextmanager(_WRITING)

    async def write(**values: Any) -> Any:  # noqa: ANN401 - whatever the endpoint takes and gives
        own_request = values[request] if request else values.pop(_REQUEST)
        async with begin(own_request) as session:
            return await run_in_threadpool(endpoint, **values, **{name: session})

    if request is None:
        parameters.append(
            inspect.Parameter(_REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
        )
    # `inspect.signature` reads this.
    write.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    write.__name__, write.__doc__, write.__module__ = (
        endpoint.__name__,
        endpoint.__doc__,
        endpoint.__module__,
    )
    write.__dict__.update(endpoint.__dict__)  # the policies that it declares
    return write


_REQUEST: Final = "_request_of_the_session"
