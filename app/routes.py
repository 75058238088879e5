"""The route class of every operation: checks before validation, and a write session after it.

Decision: docs/decisions/0014.
"""

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
"""Headers that are not lists. With two values it is unknown which one is meant."""

MANY_PARAMETERS: Final = 64
"""Different names in a query; no operation has as many parameters."""

_MOST_VALUES: Final = 4
"""Values of a repeated parameter that an error lists."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoQuery(BaseModel):
    """The query of an operation without parameters: any parameter is refused."""

    model_config = ConfigDict(extra="forbid")


class UnsupportedMediaType(Problem):
    """The body is not sent as JSON: the Content-Type header is missing or names another type."""

    slug = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Route(APIRoute):
    """An operation that refuses ambiguous requests and opens its write session after validation."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401 - APIRoute's options
    ) -> None:
        """Create the route; the parameters are those of `APIRoute`."""
        super().__init__(path, _open_write_session_last(endpoint), **options)
        self.inputs: Final = Inputs(self.dependant)

    def get_route_handler(self) -> _Handler:
        """Return the function that answers a request."""
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
        # A percent-encoded query is ASCII. Other bytes are decoded as Starlette decodes them.
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        names = Counter(name for name, _ in pairs)
        errors: list[dict[str, Any]] = []
        if len(names) > MANY_PARAMETERS:
            # Pydantic takes 0.25 s to report thousands of unknown names.
            errors += [
                unknown("query", name) for name in names if name not in self.inputs.parameters
            ]
        if names.total() > len(names):
            errors += [
                repeated("query", name, values=_different_values(pairs, name))
                for name in sorted(self.inputs.single)
                if names[name] > 1
            ]
        return errors


def _different_values(pairs: Sequence[tuple[str, str]], parameter: str) -> list[str]:
    """Return the first different values of a parameter in a query."""
    values = dict.fromkeys(value for name, value in pairs if name == parameter)
    return list(values)[:_MOST_VALUES]


class _JsonRequest(Request):
    """A request whose body must be strict JSON: UTF-8, no repeated member, no NaN or Infinity."""

    _content: Any = None

    async def json(self) -> Any:  # noqa: ANN401 - any JSON
        """Return the content that `read` has parsed."""
        return self._content

    async def read(self) -> None:
        """Read and parse the body.

        An empty body is left to the validation. Raises `UnsupportedMediaType`, or
        `RequestValidationError` if the body is not strict JSON.
        """
        body = await self.body()
        if not body:
            return
        if not _is_json(self.headers.get("content-type", "")):
            accepted = "Accept-Patch" if self.method == "PATCH" else "Accept-Post"
            raise UnsupportedMediaType(headers={accepted: "application/json"})
        ambiguous: list[tuple[object, str]] = []  # an object, and a name that it has twice

        def to_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            members = dict(pairs)
            if len(members) < len(pairs):
                (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
                ambiguous.append((members, name))
            return members

        try:
            self._content = json.loads(
                body, object_pairs_hook=to_dict, parse_constant=_refuse_constant
            )
        except ValueError as error:
            raise RequestValidationError([_not_json(error)]) from None
        except RecursionError:
            raise RequestValidationError([_mistake("json_depth")]) from None
        if ambiguous:
            listed = ambiguous[:MOST_ERRORS]  # each costs a search of the whole body
            raise RequestValidationError(
                [repeated("body", *_path(self._content, holder), name) for holder, name in listed]
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
    """Return the path to an object in a JSON value; the empty path if it is not in it.

    An object is missing if a later member of the same name has replaced it. Without recursion,
    because a body can be nested more deeply than Python's call stack allows.
    """
    to_search: list[tuple[object, tuple[str | int, ...]]] = [(root, ())]
    while to_search:
        value, path = to_search.pop()
        if value is target:
            return path
        if isinstance(value, dict):
            to_search += [(member, (*path, key)) for key, member in value.items()]
        elif isinstance(value, list):
            to_search += [(item, (*path, index)) for index, item in enumerate(value)]
    return ()


def _is_json(content_type: str) -> bool:
    kind, _, subtype = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


# The function behind `WriteSession`.
_open_write_session: Final = next(
    annotation.dependency
    for annotation in get_args(WriteSession)
    if isinstance(annotation, Depends)
)


def _open_write_session_last(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return the endpoint without its `WriteSession` parameter, called with a session it opens.

    FastAPI opens the dependencies of an operation before it validates the query and the body. On
    SQLite, which has one writer, a request with a bad query would hold the writer's turn
    (docs/decisions/0014).
    """
    signature = inspect.signature(endpoint)
    session_name = next(
        (
            name
            for name, parameter in signature.parameters.items()
            if parameter.annotation == WriteSession
        ),
        None,
    )
    if session_name is None:
        return endpoint
    parameters = [
        parameter for name, parameter in signature.parameters.items() if name != session_name
    ]
    request_name = next(
        (parameter.name for parameter in parameters if parameter.annotation is Request), None
    )
    assert _open_write_session is not None  # `WriteSession` depends on a function
    open_session = asynccontextmanager(_open_write_session)

    async def write(**values: Any) -> Any:  # noqa: ANN401 - the endpoint's parameters and result
        request = values[request_name] if request_name else values.pop(_ADDED_REQUEST)
        async with open_session(request) as session:
            return await run_in_threadpool(endpoint, **values, **{session_name: session})

    if request_name is None:
        parameters.append(
            inspect.Parameter(_ADDED_REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
        )
    # FastAPI reads the parameters from this.
    write.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    write.__name__, write.__doc__, write.__module__ = (
        endpoint.__name__,
        endpoint.__doc__,
        endpoint.__module__,
    )
    write.__dict__.update(endpoint.__dict__)  # the policies that it declares
    return write


_ADDED_REQUEST: Final = "_request_of_the_session"
"""The request parameter of endpoints that have none of their own."""
