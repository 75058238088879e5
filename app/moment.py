"""The instant and the zone that a request names, as fields of a query."""

import datetime as dt
import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.zones import zone_names

_OFFSET: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")

_YEARS: Final = range(2000, 2090)
"""Years in which a timeline can begin: the holidays of Japan are known for ten years more."""


def _instant(value: object) -> object:
    if isinstance(value, str):
        # A plus sign that was not escaped arrives as a space.
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
    # In `Etc/GMT+9` too, a plus sign that was not escaped arrives as a space.
    name = name.replace(" ", "+")
    if name not in zone_names():
        raise PydanticCustomError("not_a_zone", "not a zone")
    return name


Instant = Annotated[dt.datetime, AfterValidator(_in_a_known_year), BeforeValidator(_instant)]
"""An instant with its offset; a local time is refused."""

ZoneName = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
"""The IANA name of a time zone."""

RequestInstant = Annotated[
    Instant | None,
    Field(
        description="The instant of the request, with its offset. Default: now.",
        examples=["2026-11-30T19:00:00+09:00"],
    ),
]
"""The query field `at`; its default is None."""

ReaderZone = Annotated[
    ZoneName, Field(description="IANA zone of the reader.", examples=["Europe/Berlin"])
]
"""The query field `tz`; its default is `JAPAN.key`."""
