"""The output of `kaiyaku settings`: every setting as the service reads it, without secrets."""

import os
from collections.abc import Mapping
from typing import Final

from app.cli.environment import PREFIX
from app.cli.errors import place_of
from app.settings import Settings
from app.settings_files import FROM_FILE

HIDDEN: Final = "(hidden)"


def as_json(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> dict[str, dict[str, object]]:
    """Return `{"value": …, "from": …}` for each setting, by its environment variable.

    `from` is the variable that the value comes from, None for a default.
    """
    set_variables = {name.upper() for name, value in environment.items() if value}
    values = settings.model_dump(mode="json")
    return {
        f"{PREFIX}{field.upper()}": {
            "value": _shown(field, values[field], settings),
            "from": _variable(f"{PREFIX}{field.upper()}", set_variables),
        }
        for field in Settings.model_fields
    }


def _shown(field: str, value: object, settings: Settings) -> object:
    """Return the value as it may be shown: secrets are hidden, a database URL is only its place."""
    if field == "database_url":
        return place_of(settings.database_url)
    if field in FROM_FILE and value is not None and value != Settings.model_fields[field].default:
        return HIDDEN
    return value


def _variable(name: str, set_variables: set[str]) -> str | None:
    return next((each for each in (name, f"{name}_FILE") if each in set_variables), None)
