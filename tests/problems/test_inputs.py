"""The inputs of an operation, and the schema at a place in them."""

from typing import Annotated, Final

import pytest
from fastapi import Depends, Query
from fastapi.dependencies.utils import get_dependant
from pydantic import BaseModel, Field

from app.problems.inputs import NO_INPUTS, Inputs, Schema, members_at, schema_at


class Part(BaseModel):
    """A part of a body."""

    size: int | None = Field(default=None, ge=1)


class Body(BaseModel):
    """A body with parts."""

    name: str
    parts: list[Part] = []


def language(lang: str | None = None) -> str | None:
    return lang


def operation(
    body: Body,
    lang: Annotated[str | None, Depends(language)],
    tag: Annotated[list[str] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200, examples=[50])] = 50,
) -> None:
    del body, lang, tag, limit


INPUTS: Final = Inputs(get_dependant(path="/", call=operation))
BODY: Final[Schema] = INPUTS.schema("body")


def test_parameters_of_dependencies_are_included() -> None:
    """The parameters of an operation are its own and those of its dependencies."""
    assert INPUTS.parameters == {"lang", "tag", "limit"}


def test_a_list_takes_several_values() -> None:
    """A parameter that is a list, even an optional one, is not a single value."""
    assert INPUTS.single == {"lang", "limit"}


def test_a_parameter_has_its_bounds_and_examples() -> None:
    """The schema of a parameter has the bounds and the examples of its declaration."""
    limit = schema_at(INPUTS.schema("query"), ["limit"])

    assert (limit["minimum"], limit["maximum"], limit["examples"]) == (1, 200, [50])


def test_an_operation_without_inputs_has_none() -> None:
    """An operation without parameters and body has empty schemas."""
    assert NO_INPUTS.parameters == frozenset()
    assert not NO_INPUTS.has_body
    assert members_at(NO_INPUTS.schema("body"), []) == []
    assert INPUTS.has_body


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ([], ["name", "parts"]),
        (["parts"], []),
        (["parts", 0], ["size"]),
        (["parts", 0, "size"], []),
        (["nothing", "below"], []),
    ],
)
def test_members_are_those_of_the_place(path: list[str | int], members: list[str]) -> None:
    """References are followed, and an index selects the items of a list."""
    assert members_at(BODY, path) == members


def test_null_is_no_choice() -> None:
    """An optional value has the schema of the value."""
    size = schema_at(BODY, ["parts", 0, "size"])

    assert (size["type"], size["minimum"]) == ("integer", 1)


def test_an_unknown_place_has_an_empty_schema() -> None:
    """A place that the body does not describe has an empty schema."""
    assert schema_at(BODY, ["nothing"]) == {}
