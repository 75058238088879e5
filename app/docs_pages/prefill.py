"""The values that "Try it out" fills in on /docs."""

from typing import Any


def prefill(contract: dict[str, Any]) -> None:
    """Add a working `example` to each required parameter and each body of the contract.

    Swagger UI fills in `example` and ignores the `examples` of a parameter's schema. Optional
    parameters get no example, because Swagger UI sends every value that it fills in. Raises
    `KeyError` for a required parameter or a body whose schema has no `examples`.
    """
    schemas = contract["components"]["schemas"]
    operations = (operation for path in contract["paths"].values() for operation in path.values())
    for operation in operations:
        for parameter in operation.get("parameters", []):
            if parameter["required"]:
                parameter["example"] = parameter["schema"]["examples"][0]
        for media in operation.get("requestBody", {"content": {}})["content"].values():
            name = media["schema"]["$ref"].rpartition("/")[2]
            media["example"] = schemas[name]["examples"][0]
