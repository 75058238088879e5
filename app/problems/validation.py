"""Validation errors of FastAPI and Pydantic as problem documents, in the reader's language."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from app.i18n import Language, language_of
from app.problems.base import MOST_ERRORS, InvalidRequest, ProblemError, cut, problem_response
from app.problems.inputs import NO_INPUTS, Inputs, Schema, members_at, schema_at
from app.problems.validation_texts import DETAILS, SUGGESTION, THE_BODY, TYPES
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
"""The code of a mistake by Pydantic's name of it; types are told by their endings."""

_OTHER_TYPES: Final = ("_parsing", "_type")
_SURE: Final = 0.6
"""How alike two names are of which one is suggested for the other."""


def install(app: FastAPI) -> None:
    """Answer requests that do not fit their operation with what is wrong and how to fix it."""
    app.add_exception_handler(RequestValidationError, _invalid)


def repeated(*place: str | int) -> dict[str, Any]:
    """Return Pydantic's kind of error for a value that is given more than once."""
    return {"type": "repeated", "loc": place, "msg": "given more than once", "input": None}


def unknown(*place: str | int) -> dict[str, Any]:
    """Return Pydantic's error for a name that is not known at its place."""
    return {"type": "extra_forbidden", "loc": place, "msg": "not known", "input": None}


def mistake(code: str, member: str, language: Language) -> ProblemError:
    """Return a mistake in a member of the JSON body, in words."""
    return ProblemError(
        pointer=f"/{member}", code=code, detail=DETAILS[code][language].format(name=member)
    )


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # registered for this class only
    language = language_of(request)
    inputs = getattr(request.scope.get("route"), "inputs", NO_INPUTS)
    found: Sequence[Mapping[str, Any]] = error.errors()
    # Only what is listed is put into words: a request can hold thousands of mistakes.
    errors = [_Mistake(each, inputs, language).error() for each in islice(found, MOST_ERRORS)]
    return problem_response(InvalidRequest(errors=errors, errors_total=len(found)), language)


class _Mistake:
    """One error of Pydantic's, and what the operation says about its place."""

    def __init__(self, details: Mapping[str, Any], inputs: Inputs, language: Language) -> None:
        self._kind: str = details["type"]
        self._context: Mapping[str, Any] = details.get("ctx", {})
        self._given = details.get("input")
        self._language: Language = language
        self._where, *self._path = details["loc"]
        self._root = inputs.schema(self._where)
        self._schema = schema_at(self._root, self._path)

    def error(self) -> ProblemError:
        """Return the mistake in words."""
        code = _CODES.get(self._kind) or (
            "wrong_type" if self._kind.endswith(_OTHER_TYPES) else "invalid"
        )
        text, values, allowed = self._words(code)
        body, name = self._where == "body", ".".join(map(str, self._path))
        shown = {
            "name": cut(name) or THE_BODY[self._language],
            "allowed": ", ".join(allowed or ()),
            **values,
        }
        return ProblemError(
            parameter=None if body else cut(name),
            pointer=cut("".join(f"/{_escaped(part)}" for part in self._path)) if body else None,
            code=code,
            detail=DETAILS[text][self._language].format(**shown) + self._suggestion(code, allowed),
            allowed=allowed,
        )

    def _words(self, code: str) -> tuple[str, Mapping[str, object], list[str] | None]:
        """Return the key of the text, the values for it, and the allowed values or names."""
        if code in {"unknown", "not_allowed", "missing"}:
            text, allowed = self._names(code)
            return text, {}, allowed
        return *self._limits(code), None

    def _names(self, code: str) -> tuple[str, list[str] | None]:
        if code == "unknown":
            known = members_at(self._root, self._path[:-1])
            return ("unknown" if known else "unknown.none"), list(known)
        if code == "not_allowed":
            return code, re.findall(r"'([^']*)'", str(self._context.get("expected", "")))
        if self._path or self._where != "body":
            return code, None
        required = list(self._root.get("required", ()))
        return (
            ("missing.body", required)
            if required
            else ("missing.optional_body", list(members_at(self._root, [])))
        )

    def _limits(self, code: str) -> tuple[str, Mapping[str, object]]:
        limit = self._context.get("max_length", next(iter(self._context.values()), ""))
        match code:
            case "not_json":
                return self._not_json(), self._context
            case "out_of_range":
                return self._range()
            case "wrong_form" if examples := self._schema.get("examples"):
                return code, {"example": examples[0]}
            case "wrong_form":
                return "wrong_form.pattern", {"limit": limit}
            case "wrong_type":
                kind = _type_words(self._schema, self._language)
                return (code if kind else "invalid"), {"type": kind}
            case _:
                return code, {"limit": limit}

    def _not_json(self) -> str:
        of_kind = self._kind.replace("json_", "not_json.")
        return of_kind if of_kind in DETAILS else "not_json"

    def _range(self) -> tuple[str, Mapping[str, object]]:
        if self._kind == "instant_too_far_away":
            return "out_of_range.years", self._context
        low, high = self._schema.get("minimum"), self._schema.get("maximum")
        bounds = {"low": low, "high": high}
        if low is None and high is None:
            return "invalid", bounds
        suffix = ".low" if high is None else ".high" if low is None else ""
        return f"out_of_range{suffix}", bounds

    def _suggestion(self, code: str, allowed: Iterable[str] | None) -> str:
        """Return a sentence with the allowed value or name most like the given one, or nothing."""
        given = self._path[-1] if code == "unknown" else self._given
        if code == "not_a_zone":
            allowed = zone_names()
        if not allowed or not isinstance(given, str):
            return ""
        close = difflib.get_close_matches(cut(given), allowed, 1, _SURE)
        return SUGGESTION[self._language].format(close=close[0]) if close else ""


def _type_words(schema: Schema, language: Language) -> str:
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
    return (
        TYPES[kind][language].format(low=low, high=high, example=example) if kind in TYPES else ""
    )


def _escaped(part: object) -> str:
    """Return a part of a JSON Pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
