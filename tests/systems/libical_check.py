# ruff: noqa: T201 - a script that prints
"""Reads iCalendar files with libical and prints each error. Runs with Debian's Python.

/usr/bin/python3 libical_check.py FOLDER
"""

import sys
from pathlib import Path

import gi  # type: ignore[import-not-found] # Debian's python3-gi, not a package of this project

gi.require_version("ICalGLib", "3.0")
# After the version.
from gi.repository import ICalGLib  # type: ignore[import-not-found] # noqa: E402

files = sorted(Path(sys.argv[1]).glob("*.ics"))
for path in files:
    calendar = ICalGLib.Component.new_from_string(path.read_text(encoding="utf-8"))
    if calendar is None:
        print(f"{path.name}: not a calendar")
        continue
    calendar.check_restrictions()  # RFC 5546: marks what an invitation would lack
    if calendar.count_errors():
        print(f"{path.name}: {calendar.as_ical_string()}")
print(f"{len(files)} files read")
