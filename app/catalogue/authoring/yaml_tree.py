"""Converts YAML into plain values, with the line of each field. Duplicate keys are findings."""

import yaml

from app.catalogue.authoring.findings import Finding, Location, dotted


class Tree:
    """Converts YAML nodes into plain values as YAML 1.2: `no`, `on` and `12:30` are texts.

    PyYAML alone would read them as YAML 1.1. ruamel.yaml reads YAML 1.2, but takes several times
    as long for the 360 files.
    """

    def __init__(self, name: str) -> None:
        """Create a converter for the file with this path in the catalogue folder."""
        self.name = name
        self.lines: dict[Location, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, location: Location) -> object:
        """Return the plain value of a node, and record the lines of its fields."""
        self.lines.setdefault(location, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return self._mapping(node, location)
            case yaml.SequenceNode():
                return [
                    self.value(item, (*location, position))
                    for position, item in enumerate(node.value)
                ]
            case _:
                return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            key_location = (*location, key)
            if key in values:
                line = key_node.start_mark.line + 1
                self.findings.append(
                    Finding(
                        self.name,
                        line,
                        dotted(key_location),
                        f"the key `{key}` appears twice",
                        "keep one of them",
                    )
                )
                continue
            self.lines[key_location] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, key_location)
        return values


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool" if text in {"true", "false"}:
            return text == "true"
        case "int" if text.lstrip("-").isdecimal():
            return int(text)
        case _:
            return text
