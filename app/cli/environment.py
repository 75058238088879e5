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
"""Every setting, as the environment names it."""

FILE_NAMES: Final = tuple(f"{PREFIX}{field.upper()}_FILE" for field in FROM_FILE)
"""The variables that name a file which holds a setting."""

_OTHERS: Final = (f"{PREFIX}TEST_",)
"""Names that the tests use; the service does not read them."""


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
    """Yield a warning for each variable that looks like a setting and is not one."""
    for name in sorted(names):
        upper = name.upper()
        known = (*NAMES, *FILE_NAMES)
        if upper.startswith(PREFIX) and not upper.startswith(_OTHERS) and upper not in known:
            names_left = [each.removeprefix(PREFIX) for each in known]
            close = difflib.get_close_matches(upper.removeprefix(PREFIX), names_left, 1)
            yield f"{name} is not a setting; " + (
                f"did you mean {PREFIX}{close[0]}?" if close else "see kaiyaku --help"
            )


def _plain(message: str) -> str:
    """Return pydantic's message without its prefix; none of its messages holds the value."""
    return message.removeprefix("Value error, ")
