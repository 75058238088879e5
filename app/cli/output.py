"""The output of commands: results on standard output, all else on standard error."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from app.catalogue.authoring.findings import Finding

MOST_FINDINGS: Final = 50
"""Findings that are listed unless all are asked for; more of them are nearly always one mistake."""

LONGEST_LINE: Final = 400
"""Characters of a listed finding: an enum's allowed values alone can be thousands."""

out: Final = Console(highlight=False, soft_wrap=True, markup=False)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


class CommandError(Exception):
    """The command cannot go on.

    Each line names one thing that is wrong and how to fix it.
    """

    def __init__(self, *lines: str) -> None:
        """Fail with these lines, which are printed as they are: they must hold no secret."""
        super().__init__(*lines)
        self.lines: Final = lines


def report(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """List findings, without `everything` the first 50; raises `CommandError` on mistakes."""
    listed = findings if everything else findings[:MOST_FINDINGS]
    for finding in listed:
        err.print(_bounded(str(finding)))
    if len(findings) > len(listed):
        err.print(f"… and {len(findings) - len(listed)} more; see all with kaiyaku check --all")
    if any(not finding.warning for finding in findings):
        raise CommandError(f"{len(findings)} findings; nothing was published or changed.")


def _bounded(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
