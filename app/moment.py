"""Query fields for the instant of a request and the time zone of the reader."""

import datetime as dt
import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.zones import zone_names

_OFFSET: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")

_YEARS: Final = range(2000, 2090)
"""Years that `at` can be in. Dates computed from it may be later: holidays are known until 2099."""


def _instant(value: object) -> object:
    if isinstance(value, str):
        # In a query string, an unescaped plus sign is decoded as a space.
        value = value.replace(" ", "+") if re.search(r"\d \d\d:\d\d$", value) else value
        if not _OFFSET.search(value):
            raise PydanticCustomError(
                "offset_missing" if _LOCAL.fullmatch(value) else "not_an_instant", "no offset"
            )
    return value


def _in_a_known_year(instant: dt.datetime) -> dt.datetime:
    if instant.year not in _YEARS:
        raise PydanticCustomError(
            "instant_too_far_away",
            "too far away",
            {"low": _YEARS.start, "high": _YEARS.stop - 1},
        )
    return instant


def _zone(name: str) -> str:
    # Also in `Etc/GMT+9`, an unescaped plus sign is decoded as a space.
    name = name.replace(" ", "+")
    if name not in zone_names():
        raise PydanticCustomError("not_a_zone", "not a zone")
    return name


Instant = Annotated[dt.datetime, AfterValidator(_in_a_known_year), BeforeValidator(_instant)]
"""An instant with its UTC offset. A local time without one is refused."""

ZoneName = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
"""The IANA name of a time zone."""

RequestInstant = Annotated[
    Instant | None,
    Field(
        description="When the request is made: date and time with UTC offset (ISO 8601). "
        "Default: now.",
        examples=["2026-11-30T19:00:00+09:00"],
    ),
]
"""The query field `at`. Its default, set by each query, is None: now."""

ReaderZone = Annotated[
    ZoneName,
    Field(
        description="Time zone of the reader (IANA name), for event times and opening times.",
        examples=["Europe/Berlin"],
    ),
]
"""The query field `tz`. Its default, set by each query, is `JAPAN.key`."""
