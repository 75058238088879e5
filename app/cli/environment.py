"""Reads the settings of a command from the environment, and reports wrong ones."""

import difflib
import os
from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import ValidationError

from app.cli.output import CommandError
from app.settings import Settings
from app.settings_files import FROM_FILE

PREFIX: Final = "KAIYAKU_"

NAMES: Final = tuple(f"{PREFIX}{field.upper()}" for field in Settings.model_fields)
"""The environment variable of every setting."""

FILE_NAMES: Final = tuple(f"{PREFIX}{field.upper()}_FILE" for field in FROM_FILE)
"""The variables that name a file with the value of a setting."""

_NOT_SETTINGS: Final = (f"{PREFIX}TEST_",)
"""Prefixes of variables that only the tests read."""


def read_settings() -> Settings:
    """Return the settings; raises `CommandError` with a line for each wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        lines = (
            f"{PREFIX}{str(details['loc'][0]).upper()}: {_plain(details['msg'])}"
            for details in error.errors()
        )
        raise CommandError(*dict.fromkeys(lines)) from None


def unknown_names(names: Iterable[str] = os.environ) -> Iterator[str]:
    """Yield a warning for each variable that begins like a setting but is not one."""
    variables = (*NAMES, *FILE_NAMES)
    settings = [variable.removeprefix(PREFIX) for variable in variables]
    for name in sorted(names):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper.startswith(_NOT_SETTINGS) or upper in variables:
            continue
        close = difflib.get_close_matches(upper.removeprefix(PREFIX), settings, 1)
        advice = f"did you mean {PREFIX}{close[0]}?" if close else "see kaiyaku --help"
        yield f"{name} is not a setting; {advice}"


def _plain(message: str) -> str:
    """Return pydantic's message without its prefix. The messages never contain the value."""
    return message.removeprefix("Value error, ")
