"""Turns validation errors of FastAPI and Pydantic into problem documents in the client's language.

The code of a mistake follows from Pydantic's error type, its text from the code and the schema.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from app.i18n import Language, language_of
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.problems.base import MOST_ERRORS, InvalidRequest, ProblemError, cut, problem_response
from app.problems.inputs import NO_INPUTS, Inputs, Schema, members_at, schema_at
from app.zones import zone_names

_CODES: Final = {
    "extra_forbidden": "unknown",
    "repeated": "repeated",
    "missing": "missing",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many",
    "string_pattern_mismatch": "wrong_form",
    "json_invalid": "not_json",
    "json_encoding": "not_json",
    "json_depth": "not_json",
    "json_number": "not_json",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "int_parsing_size": "out_of_range",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "date_parsing": "not_a_date",
    "date_type": "not_a_date",
    "not_a_date": "not_a_date",
    "datetime_from_date_parsing": "not_an_instant",
    "datetime_parsing": "not_an_instant",
    "datetime_type": "not_an_instant",
    "not_an_instant": "not_an_instant",
    "offset_missing": "offset_missing",
    "instant_too_far_away": "out_of_range",
    "not_a_zone": "not_a_zone",
    "must_not_be_sent": "must_not_be_sent",
    "not_an_iccid_prefix": "not_an_iccid_prefix",
    "not_a_network_code": "not_a_network_code",
    "not_a_host": "not_a_host",
    "not_a_closing_day": "not_a_closing_day",
    "int_from_float": "wrong_type",
}
"""The code of a mistake by Pydantic's error type. For wrong types, see `_TYPE_ENDINGS`."""

_TYPE_ENDINGS: Final = ("_parsing", "_type")
"""The endings of Pydantic's error types for wrong types, such as `int_parsing`, `string_type`."""

_DETAILS: Final[Mapping[str, MessageKey]] = {
    "unknown": "mistake.unknown",
    "unknown.none": "mistake.unknown.none",
    "repeated": "mistake.repeated",
    "repeated.values": "mistake.repeated.values",
    "not_allowed": "mistake.not_allowed",
    "missing": "mistake.missing",
    "missing.body": "mistake.missing.body",
    "missing.optional_body": "mistake.missing.optional_body",
    "too_long": "mistake.too_long",
    "too_short": "mistake.too_short",
    "too_many": "mistake.too_many",
    "wrong_form": "mistake.wrong_form",
    "wrong_form.pattern": "mistake.wrong_form.pattern",
    "not_json": "mistake.not_json",
    "not_json.encoding": "mistake.not_json.encoding",
    "not_json.number": "mistake.not_json.number",
    "not_json.depth": "mistake.not_json.depth",
    "out_of_range": "mistake.out_of_range",
    "out_of_range.low": "mistake.out_of_range.low",
    "out_of_range.high": "mistake.out_of_range.high",
    "out_of_range.years": "mistake.out_of_range.years",
    "not_a_date": "mistake.not_a_date",
    "not_an_instant": "mistake.not_an_instant",
    "offset_missing": "mistake.offset_missing",
    "not_a_zone": "mistake.not_a_zone",
    "not_a_closing_day": "mistake.not_a_closing_day",
    "must_not_be_sent": "mistake.must_not_be_sent",
    "not_an_iccid_prefix": "mistake.not_an_iccid_prefix",
    "not_a_network_code": "mistake.not_a_network_code",
    "not_a_host": "mistake.not_a_host",
    "looks_like_an_eid": "mistake.looks_like_an_eid",
    "wrong_type": "mistake.wrong_type",
    "invalid": "mistake.invalid",
}
"""The text of a mistake by its code; a suffix names a case that has its own text."""

_TYPES: Final[Mapping[str, MessageKey]] = {
    "boolean": "type.boolean",
    "integer": "type.integer",
    "integer.range": "type.integer.range",
    "number": "type.number",
    "string": "type.string",
    "string.example": "type.string.example",
    "string.uuid": "type.string.uuid",
    "array": "type.array",
    "array.string": "type.array.string",
    "object": "type.object",
}
"""The text for an expected type of JSON Schema; a suffix names a case that has its own text."""

_SIMILARITY: Final = 0.6
"""The minimum ratio (difflib) at which an allowed value is suggested for the one in the request."""


def install(app: FastAPI) -> None:
    """Answer invalid requests with what is wrong and how to fix it."""
    app.add_exception_handler(RequestValidationError, _invalid)


def repeated(*place: str | int, values: Sequence[str] = ()) -> dict[str, Any]:
    """Return an error in Pydantic's form for a parameter or member that occurs more than once.

    `values` are its different values, if the text should list them.
    """
    context = {"values": values} if len(values) > 1 else {}
    return {
        "type": "repeated",
        "loc": place,
        "msg": "given more than once",
        "input": None,
        "ctx": context,
    }


def unknown(*place: str | int) -> dict[str, Any]:
    """Return an error in Pydantic's form for a parameter or member that does not exist."""
    return {"type": "extra_forbidden", "loc": place, "msg": "not known", "input": None}


def mistake(code: str, member: str, language: Language) -> ProblemError:
    """Return the error with this code for a member of the JSON body."""
    detail = translate(_DETAILS[code], language, name=member)
    return ProblemError(pointer=f"/{member}", code=code, detail=detail)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # registered for this class only
    language = language_of(request)
    inputs = getattr(request.scope.get("route"), "inputs", NO_INPUTS)
    mistakes: Sequence[Mapping[str, Any]] = error.errors()
    # Only the listed mistakes become texts, because a request can have thousands.
    errors = [
        _Mistake(mistake, inputs, language).error() for mistake in islice(mistakes, MOST_ERRORS)
    ]
    return problem_response(InvalidRequest(errors=errors, errors_total=len(mistakes)), language)


class _Text(NamedTuple):
    """The text of a mistake: a name in `_DETAILS`, and the values of its placeholders."""

    name: str
    values: Mapping[str, object] = {}
    allowed: list[str] | None = None
    """The allowed values or names, if they are limited."""


class _Mistake:
    """One error of Pydantic, and the schema of its place in the request."""

    def __init__(self, details: Mapping[str, Any], inputs: Inputs, language: Language) -> None:
        self._kind: str = details["type"]
        self._context: Mapping[str, Any] = details.get("ctx", {})
        self._input = details.get("input")
        self._language: Language = language
        self._part, *self._path = details["loc"]
        self._root = inputs.schema(self._part)
        self._schema = schema_at(self._root, self._path)

    def error(self) -> ProblemError:
        """Return the error for the problem document."""
        code = self._code()
        text = self._text(code)
        in_body, name = self._part == "body", ".".join(map(str, self._path))
        values = {
            "name": cut(name) or translate("mistake.the_body", self._language),
            "allowed": ", ".join(text.allowed or ()),
            **text.values,
        }
        detail = translate(_DETAILS[text.name], self._language, **values)
        pointer = "".join(f"/{_escape_pointer(part)}" for part in self._path)
        return ProblemError(
            parameter=None if in_body else cut(name),
            pointer=cut(pointer) if in_body else None,
            code=code,
            detail=detail + self._suggestion(code, text.allowed),
            allowed=text.allowed,
        )

    def _code(self) -> str:
        if self._kind in _CODES:
            return _CODES[self._kind]
        return "wrong_type" if self._kind.endswith(_TYPE_ENDINGS) else "invalid"

    def _text(self, code: str) -> _Text:
        match code:
            case "unknown" | "not_allowed":
                return self._with_allowed(code)
            case "missing" if self._part == "body" and not self._path:
                return self._missing_body()
            case "out_of_range":
                return self._out_of_range()
            case "wrong_form" | "wrong_type":
                return self._wrong(code)
            case "repeated" | "not_json":
                return self._of_case(code)
            case _:
                limit = self._context.get("max_length", next(iter(self._context.values()), ""))
                return _Text(code, {"limit": limit})

    def _of_case(self, code: str) -> _Text:
        """Return the text for the case of the mistake, if it has its own."""
        if code == "repeated":
            values: Sequence[str] = self._context.get("values", ())
            name = "repeated.values" if values else code
            return _Text(name, {"values": ", ".join(map(cut, values))})
        special = self._kind.replace("json_", "not_json.")
        return _Text(special if special in _DETAILS else code, self._context)

    def _with_allowed(self, code: str) -> _Text:
        if code == "not_allowed":
            expected = str(self._context.get("expected", ""))
            return _Text(code, allowed=re.findall(r"'([^']*)'", expected))
        members = list(members_at(self._root, self._path[:-1]))
        return _Text("unknown" if members else "unknown.none", allowed=members)

    def _wrong(self, code: str) -> _Text:
        if code == "wrong_type":
            name = _type_name(self._schema, self._language)
            return _Text(code if name else "invalid", {"type": name})
        if examples := self._schema.get("examples"):
            return _Text(code, {"example": examples[0]})
        return _Text("wrong_form.pattern", {"limit": self._context.get("pattern", "")})

    def _missing_body(self) -> _Text:
        if required := list(self._root.get("required", ())):
            return _Text("missing.body", allowed=required)
        return _Text("missing.optional_body", allowed=list(members_at(self._root, [])))

    def _out_of_range(self) -> _Text:
        if self._kind == "instant_too_far_away":
            return _Text("out_of_range.years", self._context)
        low, high = self._schema.get("minimum"), self._schema.get("maximum")
        bounds = {"low": low, "high": high}
        if low is None and high is None:
            return _Text("invalid", bounds)
        if high is None:
            return _Text("out_of_range.low", bounds)
        if low is None:
            return _Text("out_of_range.high", bounds)
        return _Text("out_of_range", bounds)

    def _suggestion(self, code: str, allowed: Iterable[str] | None) -> str:
        """Return a sentence with the most similar allowed value or name, or an empty string."""
        value = self._path[-1] if code == "unknown" else self._input
        if code == "not_a_zone":
            allowed = zone_names()
        if not allowed or not isinstance(value, str):
            return ""
        closest = difflib.get_close_matches(cut(value), allowed, 1, _SIMILARITY)
        if not closest:
            return ""
        return translate("mistake.suggestion", self._language, close=closest[0])


def _type_name(schema: Schema, language: Language) -> str:
    """Return the text for the type of the schema; an empty string if it has none."""
    kind = schema.get("type", "object" if "properties" in schema else "")
    low, high = schema.get("minimum"), schema.get("maximum")
    example = next(iter(schema.get("examples", ())), None)
    if kind == "integer" and low is not None and high is not None:
        kind = "integer.range"
    elif kind == "array" and schema.get("items", {}).get("type") == "string":
        kind = "array.string"
    elif schema.get("format") == "uuid":
        kind = "string.uuid"
    elif kind == "string" and example is not None:
        kind = "string.example"
    if kind not in _TYPES:
        return ""
    return translate(_TYPES[kind], language, low=low, high=high, example=example)


def _escape_pointer(part: object) -> str:
    """Return the part as escaped in a JSON Pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
