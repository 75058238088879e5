"""The JSON Schemas of an operation's parameters and body, for validation messages."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, cast

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel, TypeAdapter

Schema = Mapping[str, Any]


class Inputs:
    """The parameters and the body of one operation. Schemas are built on first use."""

    def __init__(self, dependant: Dependant | None) -> None:
        """Read the parameters of an operation and of its dependencies."""
        self._dependants: Final = list(_flat(dependant)) if dependant else []

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the query parameters."""
        return frozenset(members_at(self.schema("query"), []))

    @cached_property
    def single(self) -> frozenset[str]:
        """The names of the query parameters that take a single value."""
        query = self.schema("query")
        return frozenset(
            name for name in self.parameters if schema_at(query, [name]).get("type") != "array"
        )

    @property
    def has_body(self) -> bool:
        """Whether the operation takes a body."""
        return any(dependant.body_params for dependant in self._dependants)

    def schema(self, part: str) -> Schema:
        """Return the JSON Schema of a part of the request: `path`, `query`, `header` or `body`."""
        return self._schemas.get(part, {"properties": {}})

    @cached_property
    def _schemas(self) -> Mapping[str, Schema]:
        schemas = {part: self._object(part) for part in ("path", "query", "header")}
        bodies = [field for dependant in self._dependants for field in dependant.body_params]
        if bodies:
            body = cast("type[Any]", bodies[0].field_info.annotation)
            schemas["body"] = TypeAdapter(body).json_schema()
        return schemas

    def _object(self, part: str) -> Schema:
        properties: dict[str, Schema] = {}
        definitions: dict[str, Schema] = {}
        for dependant in self._dependants:
            for field in getattr(dependant, f"{part}_params"):
                info, type_ = field.field_info, cast("type[Any]", field.field_info.annotation)
                if isinstance(type_, type) and issubclass(type_, BaseModel):
                    schema = type_.model_json_schema()
                    properties |= schema["properties"]
                else:
                    annotated: Any = Annotated[type_, *info.metadata] if info.metadata else type_
                    schema = TypeAdapter(annotated).json_schema()
                    properties[field.alias] = schema | {"examples": info.examples or []}
                definitions |= schema.get("$defs", {})
        return {"properties": properties, "$defs": definitions}


NO_INPUTS: Final = Inputs(None)


def schema_at(root: Schema, path: Sequence[str | int]) -> Schema:
    """Return the schema at a path below the root, without `null` and references.

    It is empty if the schema does not describe the path.
    """
    schema = _resolved(root, root)
    for part in path:
        if isinstance(part, int):
            schema = _resolved(schema.get("items", {}), root)
        else:
            schema = _resolved(schema.get("properties", {}).get(part, {}), root)
    return schema


def members_at(root: Schema, path: Sequence[str | int]) -> Sequence[str]:
    """Return the names of the members that an object at a path can have."""
    return list(schema_at(root, path).get("properties", {}))


def _resolved(schema: Schema, root: Schema) -> Schema:
    while True:
        if "$ref" in schema:
            target = root.get("$defs", {}).get(schema["$ref"].rpartition("/")[2], {})
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        elif "anyOf" in schema:
            first: Schema = next(
                (choice for choice in schema["anyOf"] if choice.get("type") != "null"), {}
            )
            schema = {**first, **{key: value for key, value in schema.items() if key != "anyOf"}}
        else:
            return schema


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for dependency in dependant.dependencies:
        yield from _flat(dependency)
