"""Settings from files: `KAIYAKU_SECRET_FILE` names a file with the value of `KAIYAKU_SECRET`.

Docker and Kubernetes pass secrets to a container as files. A variable can be read in the process
list of the host and with `docker inspect`; a file cannot.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

FROM_FILE: Final = (
    "database_url",
    "database_password",
    "secret",
    "secret_previous",
    "rate_store",
)
"""Settings that are or contain secrets. Each can also be set by a `…_FILE` variable."""

_MOST_BYTES: Final = 64 * 1024


class Unusable(NamedTuple):
    """The value of a setting whose file could not be read."""

    sentence: str
    """The reason and the fix."""


class FilesSource(PydanticBaseSettingsSource):
    """Reads the files that `…_FILE` variables name.

    A file that cannot be used becomes the value `Unusable`, which the settings refuse. So one start
    lists every wrong setting; an exception here would hide the others.
    """

    def __init__(
        self,
        settings_cls: type[BaseSettings],
        prefix: str,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Use the variables that begin with the prefix, such as `KAIYAKU_`."""
        super().__init__(settings_cls)
        self._prefix = prefix
        # Names of settings are case-insensitive, and an empty variable counts as not set.
        self._environment = {name.upper(): value for name, value in environment.items() if value}

    def get_field_value(
        self,
        field: FieldInfo,  # noqa: ARG002 - the base class's signature
        field_name: str,
    ) -> tuple[Any, str, bool]:
        """Return the value (None without a file), the field's name, and that it is not JSON.

        Pydantic's signature; `__call__` is what the settings use.
        """
        return self._value(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the values of all fields for which a variable names a file."""
        values = {name: self._value(name) for name in FROM_FILE}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, field_name: str) -> str | Unusable | None:
        name = f"{self._prefix}{field_name.upper()}"
        path = self._environment.get(f"{name}_FILE")
        if path is None:
            return None
        if name in self._environment:
            return Unusable(f"{name}_FILE is set too. Remove one of the two.")
        return _read(Path(path), f"{name}_FILE")


def _read(path: Path, name: str) -> str | Unusable:
    """Return the text of the file, without the line breaks that editors add at its end.

    No message contains the path: if the two variables are confused, the path is the secret.
    """
    try:
        # Each worker reads the file again. A pipe would be empty then, or block.
        if not stat.S_ISREG(path.stat().st_mode):
            return Unusable(f"what {name} names is not a regular file. Correct the path.")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return Unusable(f"the file that {name} names is not UTF-8 text. Correct the file.")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        return Unusable(
            f"the file that {name} names cannot be read ({reason}). "
            "Correct the path, or let this user read the file."
        )
    if len(content) > _MOST_BYTES:
        return Unusable(
            f"the file that {name} names has more than {_MOST_BYTES} bytes. Correct the path."
        )
    if not text.strip():
        return Unusable(f"the file that {name} names is empty. Write the value into it.")
    return text
