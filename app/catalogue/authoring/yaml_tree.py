"""YAML with the line of every field.

A key that a mapping holds twice is a finding.
"""

import yaml

from app.catalogue.authoring.findings import Finding, Location, dotted


class Tree:
    """Turns YAML nodes into plain values by the rules of YAML 1.2: `no`, `on` and `12:30` are text.

    ruamel.yaml does the same and needs several times as long for the 360 files.
    """

    def __init__(self, name: str) -> None:
        """Collect the lines and the mistakes of the file with this name."""
        self.name = name
        self.lines: dict[Location, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, location: Location) -> object:
        """Return the plain value of a node, and note the lines of its fields."""
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
            here = (*location, key)
            if key in values:
                line = key_node.start_mark.line + 1
                self.findings.append(
                    Finding(
                        self.name,
                        line,
                        dotted(here),
                        f"the key `{key}` stands here twice",
                        "keep one of them",
                    )
                )
                continue
            self.lines[here] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, here)
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
