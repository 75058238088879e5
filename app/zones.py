"""Time zones: the names of all, and Japan's, which most rules use."""

from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

JAPAN: Final = ZoneInfo("Asia/Tokyo")

_NO_PLACES: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Names in the zone folders that are not places. `localtime` is the zone of the server."""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name.

    Raises `zoneinfo.ZoneInfoNotFoundError` if there is none.
    """
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all IANA time zones.

    They are read once from the tzdata package. `zoneinfo.available_timezones()` would search the
    zone folders of the machine at each call and return some files that are not zones.
    """
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - _NO_PLACES
