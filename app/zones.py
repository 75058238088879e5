"""Time zones: their names, and the one that rules are read in."""

from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

JAPAN: Final = ZoneInfo("Asia/Tokyo")

_NO_PLACES: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Files beside the zones: `localtime` would be the zone of the server."""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name."""
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of the IANA time zones.

    They are those of the tzdata package, read once: `zoneinfo.available_timezones()` walks the
    zone folders of the machine at each call and finds files there that are no zones.
    """
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - _NO_PLACES
