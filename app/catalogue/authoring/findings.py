"""Mistakes in the catalogue's files, each with its place and its fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]
"""The path to a field: names of keys and positions in lists."""


@dataclass(frozen=True, order=True)
class Finding:
    """A mistake in the catalogue: where it is, and how to fix it."""

    file: str
    line: int
    field: str
    problem: str
    fix: str
    warning: bool = False
    """The catalogue can be published with it."""

    def __str__(self) -> str:
        """Return `file:line: field: problem (fix)`, marked when it is a warning."""
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {mark}{self.field}: {self.problem} ({self.fix})"


def line_of(lines: Mapping[Location, int], location: Location) -> int:
    """Return the line of a field, or of the nearest field around it that has one."""
    known: Location = ()
    for part in location:
        # The names of union members are in a location and not in a file: they are passed over.
        if (*known, part) in lines:
            known = (*known, part)
    return lines.get(known, 1)


def dotted(location: Location) -> str:
    """Return the location as findings show it: `steps.0.title.en`."""
    return ".".join(str(part) for part in location)
