"""The examples of the contract that /docs fills in."""

from typing import Any

import pytest

from app.docs_pages.prefill import prefill
from tests.support.contract import DOCUMENT


def test_only_required_parameters_are_filled_in() -> None:
    """A parameter has an example if it is required, and only then."""
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                filled_in = {"example", "examples"} & parameter.keys()
                assert bool(filled_in) == parameter["required"], parameter


def test_a_required_parameter_without_an_example_is_refused() -> None:
    """Filling in raises an error for a required parameter that has no example."""
    parameter = {"name": "colour", "in": "query", "required": True, "schema": {"type": "string"}}
    contract: dict[str, Any] = {
        "paths": {"/": {"get": {"parameters": [parameter]}}},
        "components": {"schemas": {}},
    }

    with pytest.raises(KeyError):
        prefill(contract)
