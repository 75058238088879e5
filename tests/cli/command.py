"""Runs the `kaiyaku` command as an operator does."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from app.cli.commands import run

COMMAND: Final = str(Path(sys.executable).with_name("kaiyaku"))


def environment(**settings: str) -> Mapping[str, str]:
    """Return this environment with only these settings of the service, named without prefix."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KAIYAKU_")}
    return others | {f"KAIYAKU_{name.upper()}": value for name, value in settings.items()}


def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """Start the command with these settings, and capture its output."""
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own command
        [COMMAND, *arguments], env=environment(**settings), stdout=pipe, stderr=pipe, text=True
    )


def kaiyaku(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    process = start(*arguments, **settings)
    try:
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


class Ended(NamedTuple):
    """The exit code and the output of a command that ran in this process."""

    code: int
    stdout: str
    stderr: str


def run_here(*arguments: str, **settings: str) -> Ended:
    """Run the command in this process: fast enough for long lists of cases."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        for name in [name for name in os.environ if name.startswith("KAIYAKU_")]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(f"KAIYAKU_{name.upper()}", value)
        with pytest.raises(SystemExit) as ended:
            run(arguments)
    return Ended(int(ended.value.code or 0), stdout.getvalue(), stderr.getvalue())
