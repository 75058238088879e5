"""Findings of the checker: mistakes in catalogue files, with their location and fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]
"""The path to a field: keys of mappings and positions in lists, from 0."""


@dataclass(frozen=True, order=True)
class Finding:
    """A mistake in a catalogue file: its location, the problem, and the fix."""

    file: str
    """Path relative to the catalogue folder."""

    line: int
    """From 1."""

    field: str
    """The location as `dotted` shows it; empty for the file as a whole."""

    problem: str
    fix: str
    warning: bool = False
    """Whether the catalogue can be published in spite of it."""

    def __str__(self) -> str:
        """Return `file:line: field: problem (fix)`, with a mark if it is a warning."""
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {mark}{self.field}: {self.problem} ({self.fix})"


def line_of(lines: Mapping[Location, int], location: Location) -> int:
    """Return the line of a field or, if it has none, of the closest field that contains it."""
    known: Location = ()
    for part in location:
        # Pydantic adds names of union members, which are not keys of the file.
        if (*known, part) in lines:
            known = (*known, part)
    return lines.get(known, 1)


def dotted(location: Location) -> str:
    """Return the location in dotted form, such as `steps.0.title.en`."""
    return ".".join(str(part) for part in location)
