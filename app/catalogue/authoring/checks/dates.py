"""The rule for dates of work: when facts were compiled, checked or copied."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import ParsedFile
from app.catalogue.authoring.traversal import leaves


def dates_are_not_in_the_future(file: ParsedFile[Any], today: dt.date) -> Iterator[Finding]:
    """`compiled_on`, `live_checked_on` and `copy_dated` are not in the future."""
    date_fields = {"compiled_on", "live_checked_on", "copy_dated"}
    for location, value in leaves(file.document):
        if location[-1] in date_fields and value is not None:
            day = value if isinstance(value, dt.date) else first_day(str(value))
            if day > today:
                yield file.finding(
                    location, f"{value} is in the future", "write the day on which it was done"
                )


def first_day(text: str) -> dt.date:
    """Return the first day of a year, a month or a day (ISO 8601).

    Raises `ValueError` for any other text.
    """
    match [int(part) for part in text.split("-")]:
        case [year]:
            return dt.date(year, 1, 1)
        case [year, month]:
            return dt.date(year, month, 1)
        case [year, month, day]:
            return dt.date(year, month, day)
        case _:
            raise ValueError(text)
