"""The output of commands: results on standard output, everything else on standard error."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from app.catalogue.authoring.findings import Finding

MOST_FINDINGS: Final = 50
"""Findings listed without `--all`. More findings nearly always have one cause."""

LONGEST_LINE: Final = 400
"""Characters of a listed finding: the allowed values of an enum alone can take thousands."""

out: Final = Console(highlight=False, soft_wrap=True, markup=False)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


class CommandError(Exception):
    """The command cannot continue; each line states one problem and its fix."""

    def __init__(self, *lines: str) -> None:
        """Fail with these lines. They are printed unchanged, so they must not contain secrets."""
        super().__init__(*lines)
        self.lines: Final = lines


def report(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Print findings, at most 50 unless `everything` is set.

    Raises `CommandError` if one of them is a mistake, not a warning.
    """
    listed = findings if everything else findings[:MOST_FINDINGS]
    for finding in listed:
        err.print(_bounded(str(finding)))
    if len(findings) > len(listed):
        err.print(f"… and {len(findings) - len(listed)} more; see all with kaiyaku check --all")
    if any(not finding.warning for finding in findings):
        raise CommandError(f"{len(findings)} findings; nothing was published or changed.")


def _bounded(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
